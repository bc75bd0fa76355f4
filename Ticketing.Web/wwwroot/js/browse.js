// Browse: finds while one types, loads more, and keeps what the list says up to date. Without this script the form, the
// links and the next page do the same, a page at a time.
'use strict';

const form = document.querySelector('[data-search]');
const found = document.querySelector('[data-found]');
let results = document.querySelector('[data-results]');

const typingMs = 250;
const mostWatched = 100;

/** How many minutes UTC is ahead of the visitor's zone when a day begins. */
function offsetAt(day, daysLater) {
  const [year, month, date] = day.split('-').map(Number);
  return (new Date(year, month - 1, date + daysLater) - Date.UTC(year, month - 1, date + daysLater)) / 60000;
}

/** Days are the visitor's own: the server is told when the first one begins and the last one ends, as clocks may change between. */
function offsetsOf(from, to) {
  if (!from && !to) return '';
  return [...new Set([offsetAt(from || to, 0), offsetAt(to || from, 1)])].join();
}

function setOffset() {
  const { from, to, offset } = form.elements;
  offset.value = offsetsOf(from.value, to.value);
  offset.disabled = !offset.value;
  for (const chip of form.querySelectorAll('a[data-days]')) {
    const url = new URL(chip.href);
    url.searchParams.delete('offset');
    const offsets = offsetsOf(...chip.dataset.days.split('/'));
    if (offsets) url.searchParams.set('offset', offsets);
    chip.href = url;
  }
}

function formUrl() {
  setOffset();
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value.trim()) query.set(name, value);
  return query.size ? `/?${query}` : '/';
}

let loading;
async function load(url) {
  loading?.abort();
  const mine = loading = new AbortController();
  results.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(url, { signal: mine.signal, headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!page.querySelector('[data-results]')) throw new Error('no list');
    return page;
  } catch (failure) {
    // Another search took its place; else the browser shows what is wrong.
    if (!mine.signal.aborted) location.assign(url);
    return null;
  } finally {
    if (loading === mine) results.removeAttribute('aria-busy');
  }
}

/** Shows what an address finds; the form stays as it is, since somebody may be typing in it. */
async function show(url) {
  const page = await load(url);
  if (!page) return;
  const fresh = page.querySelector('[data-results]');
  showLocalTimes(fresh);
  results.replaceWith(fresh);
  results = fresh;
  document.title = page.title;
  // The choices of days keep the words that are searched for.
  form.querySelectorAll('[data-days]').forEach((chip, index) => {
    const other = page.querySelectorAll('[data-days]')[index];
    chip.href = other.href;
    if (other.hasAttribute('aria-current')) chip.setAttribute('aria-current', 'true');
    else chip.removeAttribute('aria-current');
  });
  setOffset();
  found.textContent = results.dataset.summary;
  begin();
}

let shown = location.pathname + location.search;
function search(remember) {
  const url = formUrl();
  if (url === shown) return;
  shown = url;
  // Letters typed are one step back, a filter set is one of its own.
  history[remember ? 'pushState' : 'replaceState'](null, '', url);
  show(url);
}

let typing;
form.elements.q.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => search(!new URLSearchParams(location.search).has('q')), typingMs);
});
form.addEventListener('change', (event) => { if (event.target !== form.elements.q) search(true); });
form.addEventListener('submit', (event) => {
  event.preventDefault();
  clearTimeout(typing);
  search(true);
});
form.addEventListener('click', (event) => {
  const chip = event.target.closest('a[data-days]');
  if (!chip || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  [form.elements.from.value, form.elements.to.value] = chip.dataset.days.split('/');
  search(true);
});
addEventListener('popstate', () => {
  shown = location.pathname + location.search;
  const query = new URLSearchParams(location.search);
  for (const name of ['q', 'from', 'to', 'minPrice', 'maxPrice', 'sort']) form.elements[name].value = query.get(name) ?? '';
  show(shown);
});

/** The next page joins this one. */
document.addEventListener('click', async (event) => {
  const more = event.target.closest('a[data-more]');
  if (!more || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const page = await load(more.href);
  if (!page) return;
  const fresh = page.querySelector('[data-results]');
  showLocalTimes(fresh);
  const cards = [...fresh.querySelectorAll('.listings > li')];
  results.querySelector('.listings').append(...cards);
  const next = fresh.querySelector('.pager');
  if (next) more.closest('.pager').replaceWith(next);
  else more.closest('.pager').remove();
  found.textContent = fresh.dataset.summary;
  cards[0]?.querySelector('a').focus({ preventScroll: true });
  begin();
});

function showTicket(ticket) {
  const card = results.querySelector(`li[data-ticket="${ticket.id}"]`);
  if (!card) return;
  const badge = card.querySelector('[data-left]');
  const wasGone = badge.dataset.stock === 'none';
  const text = wasGone && ticket.available > 0 ? `${results.dataset.back} · ${ticket.badge}` : ticket.badge;
  const isBack = badge.dataset.stock === 'back' && ticket.available > 0;
  const before = badge.textContent;
  if (isBack) badge.textContent = `${results.dataset.back} · ${ticket.badge}`;
  else badge.textContent = text;
  badge.dataset.stock = (wasGone || isBack) && ticket.available > 0 ? 'back' : ticket.stock;
  if (ticket.price) card.querySelector('[data-price]').textContent = ticket.price;
  // Only the news is read out: that it went, or that it came back.
  const news = badge.dataset.stock === 'none' ? !wasGone : wasGone;
  if (news && before !== badge.textContent) found.textContent = `${card.querySelector('.title').textContent}: ${badge.textContent}`;
}

const watched = () => [...results.querySelectorAll('li[data-ticket]')].slice(-mostWatched).map((card) => card.dataset.ticket);

const live = keepLive({
  url: () => watched().length ? `/live/tickets?${watched().map((id) => `id=${id}`).join('&')}` : null,
  show: (tickets) => tickets.forEach(showTicket),
  messages: { ticket: showTicket },
  begin: (socket) => socket.invoke('WatchTickets', watched()),
  pollMs: 10000,
});

/** After the list changed: hears of what it shows now. */
function begin() {
  for (const more of results.querySelectorAll('a[data-more]')) more.textContent = more.dataset.more;
  live.begin();
}
for (const more of results.querySelectorAll('a[data-more]')) more.textContent = more.dataset.more;
setOffset();

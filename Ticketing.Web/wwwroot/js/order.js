// The order page: the countdown by the server's clock, and what became of the order.
'use strict';

const order = document.querySelector('[data-order]');
const timer = order.querySelector('[data-timer]');
const ring = order.querySelector('[data-ring]');
const verdict = order.querySelector('[data-verdict]');
const notice = order.querySelector('[data-notice]');
const announcement = order.querySelector('[data-announce]');
const tickets = order.querySelector('[data-tickets]');

const confirmMs = 20000; // after that Pay is offered again: it cannot be paid twice

let version = Number(order.dataset.version);
let expiresAt = Number(order.dataset.expiresAt);
const createdAt = Number(order.dataset.createdAt);

// The server's clock minus ours; ours is monotonic, so that setting the computer's clock moves nothing. The page's
// own time is as old as its first byte; later answers are dated to the middle of their round trip.
const arrived = performance.getEntriesByType('navigation')[0]?.responseStart ?? performance.now();
let clockOffset = Number(order.dataset.now) - arrived;
const serverNow = () => performance.now() + clockOffset;

// How one came here is of no interest to a reload, a bookmark or the way back.
if (location.search.includes('checkout=')) history.replaceState(null, '', location.pathname);

const isOpen = () => verdict.textContent === '';

// The order has ended, and whether money was taken is not known yet.
let unsure = order.dataset.state === 'checking';

/** An event tells of the order alone; what is known of its payment stands until the page has looked again. */
function stateOf(view) {
  const shown = order.dataset.state;
  const open = view.state === 'reserved' || view.state === 'paying';
  if (open && shown === 'confirming' && performance.now() - arrived < confirmMs) return shown;
  if (view.state === 'paying' && !view.known && (shown === 'action' || shown === 'confirming')) return shown;
  // Most orders that end were never paid: Payments says so at once.
  if (view.state === 'checking' && !view.known && shown === 'reserved') return shown;
  return view.state;
}

function showOrder(view, roundTrip = 0) {
  if (view.id !== order.dataset.order) return;
  clockOffset = Date.parse(view.now) - (performance.now() - roundTrip / 2);
  // An event told again knows no more of an end than what is shown.
  if (view.version < version || (view.version === version && !view.known && !isOpen())) return;
  version = view.version;
  expiresAt = Date.parse(view.expiresAt);
  unsure = view.state === 'checking';
  if (unsure && !view.known) look();
  order.dataset.state = stateOf(view);
  if (verdict.textContent !== view.verdict) verdict.textContent = view.verdict;
  if (view.actionUrl) order.querySelector('[data-action]').href = view.actionUrl;
  for (const part of order.querySelectorAll('[data-when]')) {
    part.hidden = !part.dataset.when.split(' ').includes(order.dataset.state);
  }
  if (view.known) showNotice({ orderId: view.id, message: view.notice });
  // What an earlier card met with no longer matters.
  if (view.state === 'paid') {
    notice.hidden = true;
    bringTickets();
  }
}

function showNotice(payment) {
  if (payment.orderId !== order.dataset.order || order.dataset.state === 'paid') return;
  const words = notice.querySelector('[data-notice-words]');
  if (words.textContent !== (payment.message ?? '')) words.textContent = payment.message ?? '';
  notice.hidden = !payment.message || !isOpen() || unsure;
}

// The service that has the tickets hears of the payment a moment after the page.
let bringing = false;
async function bringTickets() {
  if (bringing || tickets.dataset.tickets === 'there') return;
  bringing = true;
  for (let attempt = 0; attempt < 60 && tickets.dataset.tickets !== 'there'; attempt++) {
    try {
      const response = await fetch(`${location.pathname}?handler=Tickets`);
      if (response.status === 200) {
        tickets.innerHTML = await response.text();
        tickets.dataset.tickets = 'there';
        for (const time of tickets.querySelectorAll('time[data-local-time]')) {
          time.textContent = localTime.format(new Date(time.dateTime));
        }
      }
    } catch {
      // Offline, or the site restarts: the next attempt comes soon.
    }
    if (tickets.dataset.tickets !== 'there') await new Promise((resolve) => setTimeout(resolve, 500));
  }
  bringing = false;
}
if (order.dataset.state === 'paid') bringTickets();

const look = keepLive({
  url: `/live/orders/${order.dataset.order}`,
  show: showOrder,
  messages: {
    order: showOrder,
    payment: (payment) => {
      showNotice(payment);
      if (unsure) look();
    },
  },
  begin: (socket) => socket.invoke('WatchOrders'),
});

// Said once each, and not for a moment that was over when the page came.
const announcements = [30, 10].filter((at) => expiresAt - serverNow() > at * 1000);

/** How many seconds are left. */
function countDown() {
  const left = Math.max(0, expiresAt - serverNow());
  const seconds = Math.ceil(left / 1000);
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  if (timer.textContent !== text) timer.textContent = text;
  order.classList.toggle('hurry', seconds <= 10);
  ring.setAttribute('stroke-dashoffset', (100 - 100 * Math.min(1, left / Math.max(1, expiresAt - createdAt))).toFixed(1));
  if (seconds <= announcements[0]) {
    const due = announcements.filter((at) => seconds <= at);
    announcements.splice(0, due.length);
    announcement.textContent = announcement.dataset[`at${due.at(-1)}`];
  }
  return seconds;
}

let askedAt = -Infinity;
setInterval(() => {
  const seconds = isOpen() ? countDown() : Infinity;
  // Time is up, or a payment waits for its verdict: the order changes within a second, whether or not the socket says so. Money
  // that is only to be let go may take Stripe longer.
  const wait = unsure && !isOpen() ? 2000 : 500;
  if ((seconds === 0 || unsure || order.dataset.state === 'confirming') && performance.now() - askedAt >= wait) {
    askedAt = performance.now();
    look();
  }
}, 100);

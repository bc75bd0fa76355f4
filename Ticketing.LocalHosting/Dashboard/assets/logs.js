// Structured logs: what the services say, with everything that they say it about.
import { el, keyed, text } from './dom.js';
import { colour, dayAndTime, level, time } from './format.js';
import { Filters, liveList, pauseButton } from './filters.js';
import { detailsPanel, pairs } from './details.js';
import { pager } from './pager.js';

export function show(main, context) {
  context.title('Structured logs');
  const details = detailsPanel(() => choose(null));
  const count = el('p', { class: 'summary' });
  const body = el('tbody');
  const empty = el('p', { class: 'empty', hidden: true }, 'Nothing yet that these filters let through.');
  const more = pager(() => list.ask());
  const list = liveList(context, address, update);
  const filters = new Filters(context, 'Structured logs', () => { more.reset(); list.ask(); })
    .resource(context)
    .choice('level', 'Level', [['', 'All'], ['9', 'Information and worse'], ['13', 'Warnings and worse'], ['17', 'Errors']])
    .search('text', 'Search messages and properties')
    .search('trace', 'Trace')
    .add(pauseButton(list.pause));
  main.append(
    el('div', { class: 'head' }, el('h1', {}, 'Structured logs'), count), filters.element,
    el('div', { class: 'split' },
      el('div', { class: 'scroll', role: 'region', 'aria-label': 'Log records', tabindex: '0' },
        el('table', { class: 'list logs' },
          el('thead', {}, el('tr', {}, ['Time', 'Level', 'Resource', 'Message', 'Trace'].map(name => el('th', { scope: 'col' }, name)))), body),
        empty, more.element),
      details.element));
  list.ask();

  function address() {
    const query = new URLSearchParams({ limit: more.limit });
    for (const name of ['resource', 'level', 'text', 'trace']) if (filters.value(name)) query.set(name, filters.value(name));
    return `/api/logs?${query}`;
  }

  function update({ items, total, more: older }) {
    text(count, `${total.toLocaleString()} kept`);
    empty.hidden = items.length > 0;
    keyed(body, items, item => item.id, row);
    more.update(older);
  }

  function row(item) {
    const kind = level(item.severity);
    return el('tr', { 'data-id': item.id },
      el('td', {}, el('time', { datetime: new Date(item.time).toISOString() }, time(item.time))),
      el('td', {}, el('span', { class: `level is-${kind}` }, kind)),
      el('td', {}, el('span', { class: `dot ${colour(item.resource)}` }), item.resource),
      el('td', { class: 'message' }, el('button', { type: 'button', class: 'plain', onclick: () => choose(item) }, item.body || '(no message)')),
      el('td', {}, item.trace ? el('a', { href: `/traces/${item.trace}?span=${item.span}`, 'aria-label': `Trace ${item.trace.slice(0, 8)}` }, item.trace.slice(0, 8)) : ''));
  }

  function choose(item) {
    body.querySelector('.chosen')?.classList.remove('chosen');
    if (!item) return;
    body.querySelector(`[data-id="${item.id}"]`)?.classList.add('chosen');
    details.open('Log record', ...logDetails(item));
  }
}

/** Everything about a log record. */
export function logDetails(item) {
  const exception = item.attributes.find(([name]) => name === 'exception.stacktrace');
  return [
    el('p', { class: 'body' }, item.body),
    pairs('About', [
      ['Time', dayAndTime(item.time)], ['Level', level(item.severity)], ['Resource', item.resource], ['Category', item.scope],
      ...(item.trace ? [['Trace', el('a', { href: `/traces/${item.trace}?span=${item.span}` }, item.trace)]] : []),
    ]),
    pairs('Properties', item.attributes.filter(one => one !== exception)),
    exception ? el('pre', { tabindex: '0', 'aria-label': 'Stack trace' }, exception[1]) : null,
  ];
}

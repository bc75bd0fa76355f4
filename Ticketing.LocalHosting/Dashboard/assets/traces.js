// Traces, the newest first.
import { attribute, el, keyed, text } from './dom.js';
import { colour, duration, time } from './format.js';
import { Filters, liveList, pauseButton } from './filters.js';
import { pager } from './pager.js';

export function show(main, context) {
  context.title('Traces');
  const count = el('p', { class: 'summary' });
  const body = el('tbody');
  const empty = el('p', { class: 'empty', hidden: true }, 'Nothing yet that these filters let through.');
  const more = pager(() => list.ask());
  const list = liveList(context, address, update);
  const filters = new Filters(context, 'Traces', () => { more.reset(); list.ask(); })
    .resource(context)
    .search('text', 'Search names, properties and ids')
    .check('errors', 'Errors only')
    .add(pauseButton(list.pause));
  main.append(
    el('div', { class: 'head' }, el('h1', {}, 'Traces'), count), filters.element,
    el('div', { class: 'scroll', role: 'region', 'aria-label': 'Traces', tabindex: '0' },
      el('table', { class: 'list traces' },
        el('thead', {}, el('tr', {}, ['Time', 'Name', 'Resources', 'Spans', 'Duration'].map(name => el('th', { scope: 'col' }, name)))), body),
      empty, more.element));
  list.ask();

  function address() {
    const query = new URLSearchParams({ limit: more.limit });
    for (const name of ['resource', 'text', 'errors']) if (filters.value(name)) query.set(name, filters.value(name));
    return `/api/traces?${query}`;
  }

  function update({ items, spans, more: older }) {
    text(count, `${spans.toLocaleString()} spans kept`);
    empty.hidden = items.length > 0;
    const longest = Math.max(...items.map(item => item.duration));
    keyed(body, items, item => item.id, row, (node, item) => updateRow(node, item, longest));
    more.update(older);
  }
}

function row(item) {
  return el('tr', {},
    el('td', {}, el('time', { datetime: new Date(item.start).toISOString() }, time(item.start))),
    el('td', { class: 'message' }, el('a', {}), ' ', el('span', { class: 'level is-error' }), ' ', el('span', { class: 'id' }, item.id.slice(0, 8))),
    el('td', {}, el('ul', { class: 'chips' })),
    el('td', { class: 'number' }),
    el('td', { class: 'duration' }, el('span', {}), el('span', { class: 'bar', 'aria-hidden': 'true' }, el('span'))));
}

function updateRow(node, item, longest) {
  const [, name, chips, spans, took] = node.children;
  attribute(name.firstElementChild, 'href', `/traces/${item.id}`);
  text(name.firstElementChild, `${item.resource}: ${item.name}`);
  const errors = name.children[1];
  errors.hidden = item.errors === 0;
  text(errors, item.errors === 1 ? '1 error' : `${item.errors} errors`);
  keyed(chips.firstElementChild, item.resources, one => one, one => el('li', {}, el('span', { class: `dot ${colour(one)}` }), one));
  text(spans, item.spans);
  text(took.firstElementChild, duration(item.duration));
  took.lastElementChild.firstElementChild.style.width = `${longest ? 100 * item.duration / longest : 0}%`;
}

// What is measured, live.
import { attribute, el, keyed, text } from './dom.js';
import { amount, colour, time } from './format.js';
import { Filters, liveList, pauseButton } from './filters.js';
import { chart } from './chart.js';
import { go } from './app.js';

export function show(main, context) {
  context.title('Metrics');
  const chosen = ['resource', 'meter', 'name'].map(name => context.parameters.get(name));
  const names = el('ul', { class: 'instruments' });
  const picture = el('div', { class: 'chart' });
  const heading = el('h2', {}, 'No instrument chosen');
  const description = el('p', { class: 'summary' }, 'Choose one from the list.');
  const legend = el('tbody');
  const left = el('p', { class: 'hint', hidden: true });
  const exemplars = el('ul', { class: 'exemplars' });
  const dimensions = el('div', { class: 'filters' });
  let instruments = [];

  const filters = new Filters(context, 'Instruments', () => { listInstruments(); })
    .resource(context, 'show').search('text', 'Search');
  const list = liveList(context, () => '/api/metrics', told => {
    instruments = told;
    listInstruments();
    const first = data ? null : told.find(one => one.name === 'http.server.request.duration') ?? told[0];
    if (first) go(addressOf(first), { replace: true });
  });
  const data = chosen.every(Boolean) ? liveList(context, address, update) : null;
  const range = new Filters(context, 'Chart', () => data?.ask())
    .choice('seconds', 'Show the last', [['60', '1 minute'], ['', '5 minutes'], ['600', '10 minutes']])
    .add(pauseButton(paused => { list.pause(paused); data?.pause(paused); }));
  main.append(
    el('div', { class: 'head' }, el('h1', {}, 'Metrics')),
    el('div', { class: 'metrics' },
      el('section', { class: 'choose', 'aria-label': 'Instruments' }, filters.element, el('div', { class: 'scroll', role: 'region', 'aria-label': 'List of instruments', tabindex: '0' }, names)),
      el('section', { class: 'measure', 'aria-label': 'Chart' },
        el('div', { class: 'head' }, heading, description), data ? [range.element, dimensions, picture, el('table', { class: 'list legend' },
          el('caption', { class: 'unseen' }, 'Latest values'),
          el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Series'), el('th', { scope: 'col' }, 'Latest'))), legend), left,
        el('h3', {}, 'Traces of single measurements'), exemplars] : null)));
  list.ask();
  data?.ask();

  // Names break where their parts do.
  const breakable = name => name.replace(/[._]/g, '$&\u200b');

  function listInstruments() {
    const words = filters.value('text').toLowerCase();
    const wanted = instruments.filter(one => (!filters.value('show') || one.resource === filters.value('show'))
      && `${one.meter} ${one.name}`.toLowerCase().includes(words));
    const groups = [...Map.groupBy(wanted, one => `${one.resource} · ${one.meter}`)];
    keyed(names, groups, ([name]) => name,
      ([name, [first]]) => el('li', {}, el('h2', {}, el('span', { class: `dot ${colour(first.resource)}` }), breakable(name)), el('ul')),
      (node, [, group]) => keyed(node.lastElementChild, group, one => one.name, one => el('li', {}, el('a', { title: one.description }, breakable(one.name))), (item, one) => {
        attribute(item.firstElementChild, 'href', addressOf(one));
        attribute(item.firstElementChild, 'aria-current', [one.resource, one.meter, one.name].every((part, i) => part === chosen[i]) ? 'true' : null);
      }));
  }

  function addressOf(one) {
    const query = new URLSearchParams({ resource: one.resource, meter: one.meter, name: one.name });
    for (const kept of ['show', 'text', 'seconds']) if (filters.value(kept)) query.set(kept, filters.value(kept));
    return `/metrics?${query}`;
  }

  function address() {
    const query = new URLSearchParams({ resource: chosen[0], meter: chosen[1], name: chosen[2], seconds: range.value('seconds') || '300' });
    for (const condition of context.parameters.getAll('where')) query.append('where', condition);
    return `/api/metrics/chart?${query}`;
  }

  function update(told) {
    if (!told) return text(description, 'Nothing of it has been received.');
    text(heading, chosen[2]);
    text(description, [told.description, told.kind, told.unit && `in ${told.unit.replace(/[{}]/g, '')}`, `of ${chosen[0]}`].filter(Boolean).join(' · '));
    keyed(dimensions, told.dimensions, one => one.key, dimension, updateDimension);
    chart(picture, told);
    keyed(legend, told.lines.map((line, i) => ({ ...line, i })), line => line.name,
      line => el('tr', {}, el('td', {}, el('span', { class: 'dot' }), el('span', {}, line.name)), el('td', { class: 'number' })),
      (node, line) => {
        attribute(node.firstElementChild.firstElementChild, 'class', `dot c${line.i}`);
        text(node.lastElementChild, line.points.length ? amount(line.points.at(-1)[1], told.unit) : '–');
      });
    left.hidden = told.left === 0;
    text(left, `${told.left} more series are not drawn: choose above.`);
    keyed(exemplars, told.exemplars.slice(0, 10), dot => `${dot.trace} ${dot.span} ${dot.time}`, dot =>
      el('li', {}, el('a', { href: `/traces/${dot.trace}?span=${dot.span}` }, `${amount(dot.value, told.unit.replace(/\/s$/, ''))} at ${time(dot.time)}`)));
  }

  function dimension({ key }) {
    const select = el('select', { id: `where-${key}`, onchange: () => {
      const others = context.parameters.getAll('where').filter(one => !one.startsWith(`${key}=`));
      context.parameters.delete('where');
      for (const one of select.value ? [...others, `${key}=${select.value}`] : others) context.parameters.append('where', one);
      history.replaceState(null, '', `/metrics?${context.parameters}`);
      data.ask();
    } });
    return el('div', { class: 'field' }, el('label', { for: `where-${key}` }, key), select);
  }

  function updateDimension(node, { key, values }) {
    const select = node.lastElementChild;
    keyed(select, ['', ...values], value => value, value => el('option', { value }, value || 'All'));
    select.value = context.parameters.getAll('where').find(one => one.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
  }
}

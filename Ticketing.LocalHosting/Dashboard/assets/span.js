// Everything about one span.
import { el } from './dom.js';
import { dayAndTime, duration, level, time } from './format.js';
import { pairs } from './details.js';
import { logDetails } from './logs.js';

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

export function spanDetails(view, id, choose) {
  const span = view.spans.find(one => one.id === id);
  const parent = view.spans.find(one => one.id === span.parent);
  const logs = view.logs.filter(log => log.span === id);
  return [
    span.error ? el('p', { class: 'refused' }, span.status || 'Failed') : null,
    pairs('About', [
      ['Resource', span.resource], ['Source', span.scope], ['Kind', kinds[span.kind] ?? span.kind], ['Start', dayAndTime(span.start)],
      ['After', duration(span.start - view.trace.start)], ['Duration', duration(span.duration)], ['Span', span.id],
      ['Within', parent ? el('button', { type: 'button', class: 'plain', onclick: () => choose(parent.id) }, `${parent.resource}: ${parent.name}`) : span.parent ?? '–'],
    ]),
    pairs('Properties', span.attributes),
    ...span.events.map(event => pairs(`Event: ${event.name}`, [['Time', `${time(event.time)}, after ${duration(event.time - span.start)}`],
      ...event.attributes.map(([name, value]) => [name, name.includes('stacktrace') ? el('pre', { tabindex: '0' }, value) : value])])),
    pairs('Links', span.links.map(link => ['Trace', el('a', { href: `/traces/${link.trace}?span=${link.span}` }, link.trace)])),
    logs.length ? el('h3', {}, 'Logs') : null,
    ...logs.map(log => el('details', { class: 'log' },
      el('summary', {}, el('span', { class: `level is-${level(log.severity)}` }, level(log.severity)), ' ', time(log.time), ' ', log.body), logDetails(log))),
  ];
}

// One trace as a waterfall: each span where it was in time, below the span that it is part of.
import { el, text } from './dom.js';
import { colour, dayAndTime, duration } from './format.js';
import { liveList } from './filters.js';
import { detailsPanel } from './details.js';
import { flatten, label } from './spans.js';
import { spanDetails } from './span.js';

const kinds = ['', 'internal', 'server', 'client', 'producer', 'consumer'];

export function show(main, context) {
  const id = context.match[1];
  context.title('Trace');
  const collapsed = new Set();
  let view = null;
  let drawn = '';
  const heading = el('h1', {}, 'Trace');
  const summary = el('p', { class: 'summary' });
  const legend = el('ul', { class: 'chips legend' });
  const ruler = el('div', { class: 'ruler', 'aria-hidden': 'true' });
  const body = el('tbody');
  const details = detailsPanel(() => select(null));
  main.append(
    el('p', { class: 'back' }, el('a', { href: '/traces' }, 'Traces')),
    el('div', { class: 'head' }, heading, summary), legend,
    el('div', { class: 'split' },
      el('div', { class: 'scroll', role: 'region', 'aria-label': 'Spans', tabindex: '0' },
        el('table', { class: 'waterfall' },
          el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Span'), el('th', { scope: 'col' }, el('span', { class: 'unseen' }, 'When'), ruler), el('th', { scope: 'col' }, 'Duration'))),
          body)),
      details.element));
  liveList(context, () => `/api/traces/${id}`, update).ask();

  function update(told) {
    // More of it may still come, for as long as it is new; nothing moves while nothing does.
    if (!told) return text(summary, 'This trace is not kept (any more).');
    const now = `${told.spans.length} ${told.logs.length}`;
    if (now === drawn) return;
    const first = drawn === '';
    drawn = now;
    view = told;
    const { trace } = told;
    const root = told.spans.find(span => span.name === trace.name && span.resource === trace.resource);
    const name = root ? label(root).name : trace.name;
    text(heading, `${trace.resource}: ${name}`);
    context.title(name);
    text(summary, `${dayAndTime(trace.start)} · ${duration(trace.duration)} · ${trace.spans} spans · ${told.logs.length} logs`
      + (trace.errors ? ` · ${trace.errors} ${trace.errors === 1 ? 'error' : 'errors'}` : '') + ` · ${trace.id}`);
    legend.replaceChildren(...trace.resources.map(name => el('li', {}, el('span', { class: `dot ${colour(name)}` }), name)));
    ruler.replaceChildren(...[0, 0.25, 0.5, 0.75, 1].map(part => {
      const tick = el('span', {}, duration(trace.duration * part));
      tick.style.left = `${part * 100}%`;
      return tick;
    }));
    draw();
    const wanted = context.parameters.get('span');
    if (first && wanted && view.spans.some(span => span.id === wanted)) {
      choose(wanted);
      body.querySelector(`[data-id="${wanted}"]`)?.scrollIntoView({ block: 'center' });
    }
  }

  function draw() {
    const logs = Map.groupBy(view.logs, log => log.span);
    const focused = document.activeElement?.closest('tr')?.dataset.id;
    const chosen = body.querySelector('.chosen')?.dataset.id;
    body.replaceChildren(...flatten(view.spans, collapsed).map(item => row(item, logs.get(item.span.id) ?? [])));
    if (chosen) select(chosen);
    if (focused) body.querySelector(`[data-id="${focused}"] .fold, [data-id="${focused}"] .plain`)?.focus();
  }

  function row({ span, depth, children }, logs) {
    const fold = children ? el('button', { type: 'button', class: 'fold', 'aria-expanded': String(!collapsed.has(span.id)), 'aria-label': `Spans within ${span.name}`, onclick: () => toggle(span.id) }) : el('span', { class: 'fold' });
    const { name, more } = label(span);
    fold.style.marginInlineStart = `${Math.min(depth, 16) * 0.9}rem`;
    const bar = el('span', { class: `span ${colour(span.resource)}` });
    place(bar, span.start, span.duration);
    return el('tr', { 'data-id': span.id, class: span.error ? 'failed' : null },
      el('th', { scope: 'row' }, el('div', { class: 'span-name' }, fold,
        el('button', { type: 'button', class: 'plain', title: `${span.resource}: ${name} ${more}`, onclick: () => choose(span.id) },
          el('span', { class: `source ${colour(span.resource)}` }, span.resource), name,
          el('span', { class: 'unseen' }, ` ${kinds[span.kind] ?? ''}`), more ? el('span', { class: 'more' }, more) : null, span.error ? el('span', { class: 'level is-error' }, 'error') : null))),
      el('td', { class: 'track' }, el('div', {}, bar, logs.slice(0, 100).map(log => mark(log.time, log.severity >= 17 ? 'error' : log.severity >= 13 ? 'warning' : 'information')),
        span.events.slice(0, 100).map(event => mark(event.time, event.name === 'exception' ? 'error' : 'debug')))),
      el('td', { class: 'number' }, duration(span.duration)));
  }

  function mark(at, kind) {
    const dot = el('span', { class: `mark is-${kind}` });
    place(dot, at, 0);
    return dot;
  }

  function place(node, start, took) {
    const whole = view.trace.duration || 1;
    node.style.left = `${Math.min(100, Math.max(0, 100 * (start - view.trace.start) / whole))}%`;
    if (took) node.style.width = `${100 * took / whole}%`;
  }

  function toggle(span) {
    if (!collapsed.delete(span)) collapsed.add(span);
    draw();
  }

  function choose(span) {
    select(span);
    details.open(label(view.spans.find(one => one.id === span)).name, ...spanDetails(view, span, choose));
  }

  function select(span) {
    body.querySelector('.chosen')?.classList.remove('chosen');
    if (span) body.querySelector(`[data-id="${span}"]`)?.classList.add('chosen');
  }
}

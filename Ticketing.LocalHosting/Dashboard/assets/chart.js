// Lines over time, with a dot for each measurement whose trace is known. For the eye only: beside it the page has the latest
// values as a table and the traces as links.
import { el, svg } from './dom.js';
import { amount, time } from './format.js';

const height = 320, margin = { top: 12, right: 16, bottom: 28, left: 76 };

export function chart(parent, told) {
  parent.told = told;
  if (!parent.watched) {
    parent.watched = new ResizeObserver(() => draw(parent));
    parent.watched.observe(parent);
    parent.addEventListener('pointermove', event => point(parent, event));
    parent.addEventListener('pointerleave', () => parent.querySelector('.cursor')?.setAttribute('hidden', ''));
  }
  draw(parent);
}

function draw(parent) {
  const { told } = parent;
  const width = Math.max(280, parent.clientWidth);
  const points = told.lines.flatMap(line => line.points);
  // A single slow request must not press everything else to the ground: dots beyond the lines are drawn at the top.
  const values = points.length ? points.map(one => one[1]) : told.exemplars.map(dot => dot.value);
  const [low, high, ticks] = scale(Math.min(0, ...values), Math.max(...values, 0) || 1);
  const x = at => margin.left + (at - told.from) / (told.to - told.from) * (width - margin.left - margin.right);
  const y = value => height - margin.bottom - (value - low) / (high - low) * (height - margin.top - margin.bottom);
  const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' });
  for (const tick of ticks)
    picture.append(svg('path', { class: 'grid', d: `M${margin.left} ${y(tick)}H${width - margin.right}` }),
      svg('text', { class: 'axis', x: margin.left - 8, y: y(tick) + 4, 'text-anchor': 'end' }, amount(tick, told.unit)));
  const steps = width < 500 ? 2 : 5;
  for (let i = 0; i <= steps; i++) {
    const at = told.from + (told.to - told.from) * i / steps;
    picture.append(svg('text', { class: 'axis', x: x(at), y: height - 8, 'text-anchor': i === steps ? 'end' : 'middle' }, time(at).slice(0, 8)));
  }
  told.lines.forEach((line, i) => picture.append(svg('path', { class: `series c${i}`, d: path(line.points, x, y) })));
  for (const dot of told.exemplars) {
    if (told.kind === 'Counter') continue;
    picture.append(svg('a', { href: `/traces/${dot.trace}?span=${dot.span}`, tabindex: '-1' },
      svg('circle', { class: 'exemplar', cx: x(dot.time), cy: Math.max(margin.top, y(dot.value)), r: 5 }, svg('title', {}, `${amount(dot.value, told.unit)}: open the trace`))));
  }
  picture.append(svg('path', { class: 'cursor', hidden: '' }));
  const readings = parent.querySelector('.readings') ?? el('p', { class: 'readings', 'aria-hidden': 'true' });
  parent.replaceChildren(picture, readings);
  parent.scales = { x, width };
}

/** A line breaks where nothing was measured for long. */
function path(points, x, y) {
  let drawn = '';
  let last = -Infinity;
  for (const [at, value] of points) {
    drawn += `${at - last > 15_000 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    last = at;
  }
  // A lone point is a short dash, since a line of no length is not seen.
  return drawn.replace(/M([\d.]+) ([\d.]+)(?=M|$)/g, 'M$1 $2h2');
}

/** Round numbers for four or so lines. */
function scale(low, high) {
  const rough = (high - low) / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find(one => one * size >= rough) * size;
  const bottom = Math.floor(low / step) * step;
  const top = Math.ceil(high / step) * step;
  const ticks = [];
  for (let tick = bottom; tick <= top + step / 2; tick += step) ticks.push(tick);
  return [bottom, top, ticks];
}

/** What the lines say where the pointer is. */
function point(parent, event) {
  const { told, scales } = parent;
  if (!scales) return;
  const inside = event.clientX - parent.getBoundingClientRect().left - margin.left;
  const at = told.from + (told.to - told.from) * inside / (scales.width - margin.left - margin.right);
  const nearest = told.lines.map((line, i) => [i, line.name, line.points.reduce((best, one) => !best || Math.abs(one[0] - at) < Math.abs(best[0] - at) ? one : best, null)])
    .filter(([, , found]) => found && Math.abs(found[0] - at) < 15_000);
  const cursor = parent.querySelector('.cursor');
  cursor.toggleAttribute('hidden', nearest.length === 0);
  if (nearest.length === 0) return;
  const x = scales.x(nearest[0][2][0]);
  cursor.setAttribute('d', `M${x} ${margin.top}V${height - margin.bottom}`);
  parent.querySelector('.readings').replaceChildren(time(nearest[0][2][0]).slice(0, 8), ...nearest.map(([i, name, found]) =>
    el('span', {}, el('span', { class: `dot c${i}` }), `${name}: ${amount(found[1], told.unit)}`)));
}

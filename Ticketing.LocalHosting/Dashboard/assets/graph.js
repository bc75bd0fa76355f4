// Who refers to whom, from left to right. Drawn anew only when what is drawn changes.
import { svg } from './dom.js';
import { colour } from './format.js';
import { stateOf } from './resources.js';

const width = 150, height = 52, across = 72, down = 18, edge = 12;

export function graph(parent, all, choose) {
  const nodes = [...Map.groupBy(all, one => one.resource)].map(([name, replicas]) => ({ name, replicas, references: replicas[0].references }));
  if (nodes.length === 0) return;
  const drawn = JSON.stringify(nodes.map(node => [node.name, node.references, node.replicas.map(stateOf)]));
  if (parent.dataset.drawn === drawn) return;
  const focused = parent.querySelector(':focus')?.dataset.name;
  parent.dataset.drawn = drawn;
  const { columns, lines } = layers(nodes);
  const tall = Math.max(...columns.map(column => column.reduce((sum, item) => sum + heightOf(item) + down, -down)));
  const size = [columns.length * (width + across) - across + 2 * edge, tall + 2 * edge];
  for (const [x, column] of columns.entries()) {
    let y = edge + (tall - column.reduce((sum, item) => sum + heightOf(item) + down, -down)) / 2;
    for (const item of column) {
      [item.x, item.y] = [edge + x * (width + across), y];
      y += heightOf(item) + down;
    }
  }
  const picture = svg('svg', { viewBox: `0 0 ${size[0]} ${size[1]}`, width: size[0], height: size[1], role: 'group', 'aria-label': 'Who refers to whom' });
  for (const one of lines) picture.append(line(one));
  for (const node of nodes) picture.append(box(node, choose));
  picture.addEventListener('pointerover', event => light(picture, event.target.closest('[data-name]')?.dataset.name));
  picture.addEventListener('focusin', event => light(picture, event.target.closest('[data-name]')?.dataset.name));
  picture.addEventListener('pointerleave', () => light(picture, undefined));
  parent.replaceChildren(picture);
  if (focused) parent.querySelector(`[data-name="${focused}"]`)?.focus();
}

const heightOf = item => item.name ? height : 4;

/**
 * Each one column to the right of all that refer to it. A line across several columns has a place in each, so that it goes
 * around what is there. Within a column everything is near what it belongs to.
 */
function layers(nodes) {
  const byName = new Map(nodes.map(node => [node.name, node]));
  const depth = new Map();
  const visit = (node, at, path) => {
    if (path.has(node) || (depth.get(node) ?? -1) >= at) return;
    depth.set(node, at);
    for (const name of node.references) if (byName.has(name)) visit(byName.get(name), at + 1, new Set(path).add(node));
  };
  const referred = new Set(nodes.flatMap(node => node.references));
  for (const node of nodes) if (!referred.has(node.name)) visit(node, 0, new Set());
  for (const node of nodes) if (!depth.has(node)) visit(node, 0, new Set());
  const columns = Array.from({ length: Math.max(...depth.values()) + 1 }, () => []);
  for (const node of nodes) columns[depth.get(node)].push(node);
  const lines = [];
  for (const from of nodes)
    for (const to of from.references.map(name => byName.get(name)).filter(Boolean)) {
      const stops = [];
      for (let at = depth.get(from) + 1; at < depth.get(to); at++) {
        const stop = {};
        columns[at].push(stop);
        stops.push(stop);
      }
      lines.push({ from, to, items: [from, ...stops, to] });
    }
  const near = new Map();
  for (const { items } of lines)
    for (let i = 1; i < items.length; i++)
      for (const [one, other] of [[items[i - 1], items[i]], [items[i], items[i - 1]]]) near.set(one, [...near.get(one) ?? [], other]);
  for (let round = 0; round < 8; round++)
    for (const column of round % 2 ? columns : columns.toReversed()) {
      const wanted = new Map(column.map(item => {
        const places = (near.get(item) ?? []).map(other => position(columns, other));
        return [item, places.length ? places.reduce((sum, at) => sum + at, 0) / places.length : 0.5];
      }));
      column.sort((one, other) => wanted.get(one) - wanted.get(other));
    }
  return { columns, lines };
}

function position(columns, node) {
  const column = columns.find(one => one.includes(node));
  return (column.indexOf(node) + 0.5) / column.length;
}

function line({ from, to, items }) {
  // In a circle somebody refers back.
  if (to.x < from.x) {
    const [x1, y1, x2, y2] = [from.x, from.y + height * 0.7, to.x + width, to.y + height * 0.7];
    return svg('path', { class: 'edge back', 'data-from': from.name, 'data-to': to.name, d: `M${x1} ${y1}C${x1 - across / 2} ${y1} ${x2 + across / 2} ${y2} ${x2} ${y2}` });
  }
  let drawn = `M${from.x + width} ${from.y + height / 2}`;
  for (let i = 1; i < items.length; i++) {
    const [x1, y1] = [items[i - 1].x + width, items[i - 1].y + heightOf(items[i - 1]) / 2];
    const [x2, y2] = [items[i].x, items[i].y + heightOf(items[i]) / 2];
    drawn += `L${x1} ${y1}C${x1 + across / 2} ${y1} ${x2 - across / 2} ${y2} ${x2} ${y2}`;
  }
  return svg('path', { class: 'edge', 'data-from': from.name, 'data-to': to.name, d: drawn });
}

function box(node, choose) {
  const states = [...new Set(node.replicas.map(stateOf))].join(', ');
  const bad = node.replicas.find(one => one.state !== 'Running' || one.health !== 'Healthy');
  const kind = !bad ? 'healthy' : bad.state === 'Running' ? (bad.health ?? 'unknown').toLowerCase() : bad.state.toLowerCase();
  const pick = () => choose((bad ?? node.replicas[0]).name);
  return svg('g', {
    class: `node is-${kind}`, 'data-name': node.name, role: 'button', tabindex: '0', 'aria-description': node.references.length ? `refers to ${node.references.join(', ')}` : null, transform: `translate(${node.x} ${node.y})`,
    onclick: pick, onkeydown: event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); pick(); } },
  },
  svg('rect', { class: 'frame', width, height, rx: 10 }),
  svg('rect', { class: `stripe ${colour(node.name)}`, x: 0, y: 10, width: 4, height: height - 20, rx: 2 }),
  svg('text', { x: 16, y: 22, class: 'title' }, node.replicas.length > 1 ? `${node.name} × ${node.replicas.length}` : node.name), ' ',
  svg('text', { x: 16, y: 40, class: 'status' }, states.length > 22 ? `${states.slice(0, 21)}…` : states));
}

function light(picture, name) {
  picture.classList.toggle('chosen', Boolean(name));
  for (const path of picture.querySelectorAll('.edge')) path.classList.toggle('lit', path.dataset.from === name || path.dataset.to === name);
}

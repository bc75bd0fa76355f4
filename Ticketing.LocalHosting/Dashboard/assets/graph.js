// Who refers to whom, from left to right. Drawn anew only when what is drawn changes.
import { svg } from './dom.js';
import { colour } from './format.js';
import { stateOf } from './resources.js';

const width = 168, height = 52, across = 84, down = 22, edge = 12;

export function graph(parent, all, choose) {
  const nodes = [...Map.groupBy(all, one => one.resource)].map(([name, replicas]) => ({ name, replicas, references: replicas[0].references }));
  if (nodes.length === 0) return;
  const drawn = JSON.stringify(nodes.map(node => [node.name, node.references, node.replicas.map(stateOf)]));
  if (parent.dataset.drawn === drawn) return;
  const focused = parent.querySelector(':focus')?.dataset.name;
  parent.dataset.drawn = drawn;
  const columns = layers(nodes);
  const rows = Math.max(1, ...columns.map(column => column.length));
  const size = [columns.length * (width + across) - across + 2 * edge, rows * (height + down) - down + 2 * edge];
  for (const [x, column] of columns.entries())
    for (const [y, node] of column.entries()) {
      node.x = edge + x * (width + across);
      node.y = edge + (y + (rows - column.length) / 2) * (height + down);
    }
  const byName = new Map(nodes.map(node => [node.name, node]));
  const picture = svg('svg', { viewBox: `0 0 ${size[0]} ${size[1]}`, width: size[0], height: size[1], role: 'group', 'aria-label': 'Who refers to whom' });
  for (const node of nodes)
    for (const to of node.references.map(name => byName.get(name)).filter(Boolean))
      picture.append(line(node, to));
  for (const node of nodes) picture.append(box(node, choose));
  picture.addEventListener('pointerover', event => light(picture, event.target.closest('[data-name]')?.dataset.name));
  picture.addEventListener('focusin', event => light(picture, event.target.closest('[data-name]')?.dataset.name));
  picture.addEventListener('pointerleave', () => light(picture, undefined));
  parent.replaceChildren(picture);
  if (focused) parent.querySelector(`[data-name="${focused}"]`)?.focus();
}

/** Each one column to the right of all that refer to it; within a column near those. */
function layers(nodes) {
  const byName = new Map(nodes.map(node => [node.name, node]));
  const depth = new Map();
  const visit = (node, at, path) => {
    if (path.has(node) || (depth.get(node) ?? -1) >= at) return;
    depth.set(node, at);
    path.add(node);
    for (const name of node.references) if (byName.has(name)) visit(byName.get(name), at + 1, path);
    path.delete(node);
  };
  const referred = new Set(nodes.flatMap(node => node.references));
  for (const node of nodes) if (!referred.has(node.name)) visit(node, 0, new Set());
  for (const node of nodes) visit(node, depth.get(node) ?? 0, new Set());
  const columns = [];
  for (const node of nodes) (columns[depth.get(node)] ??= []).push(node);
  const filled = columns.filter(Boolean);
  for (let round = 0; round < 4; round++)
    for (const column of filled) {
      const place = node => {
        const near = nodes.filter(other => other.references.includes(node.name) || node.references.includes(other.name))
          .map(other => position(filled, other));
        return near.length ? near.reduce((sum, at) => sum + at, 0) / near.length : 0.5;
      };
      const wanted = new Map(column.map(node => [node, place(node)]));
      column.sort((one, other) => wanted.get(one) - wanted.get(other));
    }
  return filled;
}

function position(columns, node) {
  const column = columns.find(one => one.includes(node));
  return (column.indexOf(node) + 0.5) / column.length;
}

function line(from, to) {
  const [x1, y1, x2, y2] = [from.x + width, from.y + height / 2, to.x, to.y + height / 2];
  const bend = Math.max(40, (x2 - x1) / 2);
  return svg('path', { class: 'edge', 'data-from': from.name, 'data-to': to.name, d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` });
}

function box(node, choose) {
  const states = [...new Set(node.replicas.map(stateOf))].join(', ');
  const bad = node.replicas.find(one => one.state !== 'Running' || one.health !== 'Healthy');
  const kind = !bad ? 'healthy' : bad.state === 'Running' ? (bad.health ?? 'unknown').toLowerCase() : bad.state.toLowerCase();
  const pick = () => choose((bad ?? node.replicas[0]).name);
  const words = `${node.name}: ${states}${node.references.length ? `; refers to ${node.references.join(', ')}` : ''}`;
  return svg('g', {
    class: `node is-${kind}`, 'data-name': node.name, role: 'button', tabindex: '0', 'aria-label': words, transform: `translate(${node.x} ${node.y})`,
    onclick: pick, onkeydown: event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); pick(); } },
  },
  svg('rect', { class: 'frame', width, height, rx: 10 }),
  svg('rect', { class: `stripe ${colour(node.name)}`, x: 0, y: 10, width: 4, height: height - 20, rx: 2 }),
  svg('text', { x: 16, y: 22, class: 'title' }, node.replicas.length > 1 ? `${node.name} × ${node.replicas.length}` : node.name),
  svg('text', { x: 16, y: 40, class: 'status' }, states.length > 22 ? `${states.slice(0, 21)}…` : states));
}

function light(picture, name) {
  picture.classList.toggle('chosen', Boolean(name));
  for (const path of picture.querySelectorAll('.edge')) path.classList.toggle('lit', path.dataset.from === name || path.dataset.to === name);
}

// What runs: a table or a picture, and everything about one of them.
import { attribute, el, keyed, say, text } from './dom.js';
import { resources } from './live.js';
import { colour, since } from './format.js';
import { graph } from './graph.js';
import { resourceDetails } from './resource.js';

export function show(main, context) {
  context.title('Resources');
  const asGraph = context.parameters.get('view') === 'graph';
  const summary = el('p', { class: 'summary' });
  const details = resourceDetails(context);
  const body = el('tbody');
  const picture = el('div', { class: 'graph' });
  main.append(
    el('div', { class: 'head' },
      el('h1', {}, 'Resources'), summary,
      el('div', { class: 'views', role: 'group', 'aria-label': 'View' },
        el('a', { href: '/', 'aria-current': asGraph ? null : 'true' }, 'Table'),
        el('a', { href: '/?view=graph', 'aria-current': asGraph ? 'true' : null }, 'Graph'))),
    el('div', { class: 'split' },
      asGraph ? picture : el('div', { class: 'scroll', role: 'region', 'aria-label': 'Resources', tabindex: '0' },
        el('table', { class: 'list resources' },
          el('thead', {}, el('tr', {}, ['Name', 'State', 'Running for', 'Restarts', 'Endpoints', 'Actions'].map(name => el('th', { scope: 'col' }, name)))),
          body)),
      details.element));

  function update(all) {
    const troubled = all.filter(one => one.health === 'Unhealthy' || one.state === 'Exited').length;
    const running = all.filter(one => one.state === 'Running').length;
    text(summary, `${running} of ${all.length} running${troubled ? `, ${troubled} in trouble` : ''}`);
    if (asGraph) graph(picture, all, name => details.show(name));
    else keyed(body, all, one => one.name, one => row(one, details), updateRow);
    details.update(all);
  }

  context.on('resources', update);
  update(resources());
  const clock = setInterval(() => !document.hidden && update(resources()), 1000);
  context.atEnd(() => clearInterval(clock));
  if (context.parameters.get('resource')) details.show(context.parameters.get('resource'));
}

function row(one, details) {
  return el('tr', {},
    el('th', { scope: 'row' }, el('button', { type: 'button', class: 'name', onclick: () => details.show(one.name) },
      el('span', { class: `dot ${colour(one.name)}` }), one.name), el('span', { class: 'type' }, one.type)),
    el('td', {}, el('span', { class: 'state' })),
    el('td', { class: 'number' }), el('td', { class: 'number' }), el('td', { class: 'endpoints' }),
    el('td', { class: 'actions' }, actions(one.name), el('a', { href: `/console?resource=${one.name}`, 'aria-label': `Console of ${one.name}` }, 'Console')));
}

function updateRow(node, one) {
  const [state, started, restarts, endpoints] = [...node.children].slice(1);
  showState(state.firstChild, one);
  text(started, one.started ? since(Date.parse(one.started)) : '–');
  text(restarts, one.restarts);
  restarts.classList.toggle('some', one.restarts > 0);
  keyed(endpoints, one.endpoints, url => url, endpoint);
  updateActions(node, one);
}

export const endpoint = url => url.startsWith('http') ? el('a', { href: url, target: '_blank', rel: 'noreferrer' }, url) : el('span', {}, url);

/** "Running", with what is wrong with it. */
export function stateOf(one) {
  if (one.state === 'Running') return one.health && one.health !== 'Healthy' ? one.health : one.health ? 'Running' : 'Running, health not known';
  if (one.state === 'Exited') return one.exitCode === null ? 'Exited' : `Exited (${one.exitCode})`;
  return one.state;
}

export function showState(node, one) {
  const kind = one.state === 'Running' ? (one.health ?? 'unknown').toLowerCase() : one.state.toLowerCase();
  attribute(node, 'class', `state is-${kind}`);
  text(node, stateOf(one));
}

const commands = [['start', 'Start'], ['stop', 'Stop'], ['restart', 'Restart']];

export const actions = name => commands.map(([command, words]) =>
  el('button', { type: 'button', 'data-command': command, 'aria-label': `${words} ${name}`, onclick: () => order(name, command, words) }, words));

export function updateActions(node, one) {
  const down = one.state === 'Stopped' || one.state === 'Exited';
  for (const button of node.querySelectorAll('[data-command]')) {
    const command = button.dataset.command;
    button.hidden = !one.ours || (command === 'start') !== down;
    button.disabled = one.state === 'Stopping' || (command === 'restart' && one.state === 'Waiting');
  }
}

async function order(name, command, words) {
  const answer = await fetch(`/api/resources/${encodeURIComponent(name)}/${command}`, { method: 'POST' });
  say(answer.ok ? `${words}: ${name}` : `${words} failed: ${(await answer.json().catch(() => ({}))).error ?? answer.status}`);
}

// The details of one resource: what it is, what it refers to, its replicas and its environment.
import { el, say, text } from './dom.js';
import { resources } from './live.js';
import { dayAndTime } from './format.js';
import { detailsPanel, pairs } from './details.js';
import { actions, endpoint, showState, updateActions } from './resources.js';

export function resourceDetails() {
  let name = null;
  let process = null;
  let parts = null;
  const panel = detailsPanel(() => { name = null; });

  async function show(wanted) {
    const one = resources().find(resource => resource.name === wanted);
    if (!one) return;
    name = wanted;
    parts = {
      state: el('span', { class: 'state' }), facts: el('div'), actions: el('p', { class: 'actions' }, actions(name)),
      replicas: one.type === 'project' ? replicas(one) : null, environment: el('div'),
    };
    panel.open(name,
      el('p', {}, parts.state), parts.actions, parts.facts, parts.replicas?.element, parts.environment,
      el('p', { class: 'links' }, el('a', { href: `/console?resource=${name}` }, 'Console'), ' ',
        el('a', { href: `/logs?resource=${name}` }, 'Structured logs'), ' ', el('a', { href: `/traces?resource=${name}` }, 'Traces'), ' ',
        el('a', { href: `/metrics?show=${name}` }, 'Metrics')));
    process = null;
    update(resources());
  }

  function update(all) {
    const one = all.find(resource => resource.name === name);
    if (!one) {
      if (name) panel.close();
      return;
    }
    showState(parts.state, one);
    updateActions(parts.actions, one);
    parts.replicas?.update(all.filter(other => other.resource === one.resource).length);
    const users = [...new Set(all.filter(other => other.references.includes(one.resource)).map(other => other.resource))];
    const shown = JSON.stringify([one, users]);
    if (shown === process) return;
    const other = JSON.parse(process ?? '[{}]')[0];
    process = shown;
    parts.facts.replaceChildren(pairs('About', [
      ['Type', one.type], ['Process', one.pid ?? '–'], ['Started', one.started ? dayAndTime(Date.parse(one.started)) : '–'],
      ['Restarts', one.restarts], ['Last exit code', one.exitCode ?? '–'],
      ['Endpoints', el('span', { class: 'endpoints' }, one.endpoints.map(endpoint))],
      ['Refers to', one.references.join(', ') || '–'], ['Referred to by', users.join(', ') || '–'],
    ]));
    if (other.started !== one.started) environment(name);
  }

  async function environment(of) {
    const answer = await fetch(`/api/resources/${encodeURIComponent(of)}/environment`);
    if (!answer.ok || of !== name) return;
    const { variables, outdated } = await answer.json();
    parts.environment.replaceChildren(...[
      outdated ? el('p', { class: 'hint' }, 'Addresses have changed since it started. Restart it to let it know.') : null,
      variables.length > 0 ? pairs('Environment', variables.map(({ name: variable, value }) => [variable, el('code', {}, value)])) : null,
    ].filter(Boolean));
  }

  function replicas(one) {
    const count = el('output', { 'aria-live': 'polite' });
    let present = 0;
    const scale = by => async () => {
      const answer = await fetch(`/api/resources/${encodeURIComponent(one.name)}/replicas?count=${present + by}`, { method: 'POST' });
      if (!answer.ok) say((await answer.json().catch(() => ({}))).error ?? 'That did not work.');
    };
    const fewer = el('button', { type: 'button', 'aria-label': `One replica less of ${one.resource}`, onclick: scale(-1) }, '−');
    const more = el('button', { type: 'button', 'aria-label': `One replica more of ${one.resource}`, onclick: scale(1) }, '+');
    return {
      element: el('p', { class: 'replicas' }, 'Replicas ', fewer, count, more),
      update(number) {
        present = number;
        text(count, number);
        fewer.disabled = number <= 1;
        more.disabled = number >= 10;
      },
    };
  }

  return { element: panel.element, show, update };
}

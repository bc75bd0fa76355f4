// The controls above a list. What is chosen is in the address, so that it can be kept, sent and gone back to.
import { el, keyed, soon } from './dom.js';
import { resources } from './live.js';

export class Filters {
  #form = el('form', { class: 'filters', role: 'search' });
  #parameters;
  #changed;

  constructor(context, label, changed) {
    this.#parameters = context.parameters;
    this.#changed = changed;
    this.#form.setAttribute('aria-label', label);
    this.#form.addEventListener('submit', event => event.preventDefault());
  }

  get element() { return this.#form; }

  value(name) { return this.#parameters.get(name) ?? ''; }

  set(name, value) {
    if (value) this.#parameters.set(name, value);
    else this.#parameters.delete(name);
    const query = this.#parameters.toString();
    history.replaceState(null, '', location.pathname + (query ? `?${query}` : ''));
    this.#changed();
  }

  search(name, label) {
    const input = el('input', { type: 'search', id: `filter-${name}`, autocomplete: 'off', spellcheck: 'false' });
    input.value = this.value(name);
    input.addEventListener('input', soon(() => this.set(name, input.value.trim()), 200));
    return this.#add(name, label, input, 'wide');
  }

  choice(name, label, options) {
    const select = el('select', { id: `filter-${name}` }, options.map(([value, words]) => el('option', { value }, words)));
    select.value = this.value(name);
    select.addEventListener('change', () => this.set(name, select.value));
    return this.#add(name, label, select);
  }

  /** One of the resources, or all of them. */
  resource(context, name = 'resource') {
    const select = el('select', { id: `filter-${name}` });
    const update = all => {
      const names = [...new Set([...all.map(one => one.name), this.value(name)].filter(Boolean))];
      keyed(select, ['', ...names], key => key, key => el('option', { value: key }, key || 'All'));
      select.value = this.value(name);
    };
    update(resources());
    context.on('resources', update);
    select.addEventListener('change', () => this.set(name, select.value));
    return this.#add(name, 'Resource', select);
  }

  check(name, label) {
    const input = el('input', { type: 'checkbox', id: `filter-${name}` });
    input.checked = this.value(name) === 'true';
    input.addEventListener('change', () => this.set(name, input.checked ? 'true' : ''));
    this.#form.append(el('div', { class: 'check' }, input, el('label', { for: `filter-${name}` }, label)));
    return this;
  }

  add(...nodes) {
    this.#form.append(...nodes);
    return this;
  }

  #add(name, label, control, kind = '') {
    this.#form.append(el('div', { class: `field ${kind}` }, el('label', { for: `filter-${name}` }, label), control));
    return this;
  }
}

/** A button that stays pressed while the list stands still. */
export function pauseButton(changed) {
  const button = el('button', { type: 'button', 'aria-pressed': 'false' }, 'Pause');
  button.addEventListener('click', () => {
    const paused = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(paused));
    changed(paused);
  });
  return button;
}

/** Asks again while there is something new, one question at a time, and not while paused. */
export function liveList(context, address, show) {
  let paused = false;
  let asking = false;
  let stale = false;
  let left = false;
  context.atEnd(() => left = true);
  async function ask() {
    stale = true;
    if (asking || left) return;
    asking = true;
    try {
      while (stale && !left) {
        stale = false;
        const answer = await fetch(address());
        if (answer.ok && !left) show(await answer.json());
        else if (answer.status === 404 && !left) show(null);
      }
    } catch (error) {
      // The AppHost is away: the stream of events says so, and asks again when it is back.
      if (!(error instanceof TypeError)) throw error;
    } finally {
      asking = false;
    }
  }
  context.on('telemetry', () => paused || ask());
  return { ask, pause: value => { paused = value; if (!value) ask(); } };
}

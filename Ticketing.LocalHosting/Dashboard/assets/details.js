// What is known of one thing, beside or below the list that it was chosen from.
import { el } from './dom.js';

/** @param {() => void} closed is called when it is closed by its button or by Escape. */
export function detailsPanel(closed) {
  const title = el('h2', { id: 'details-title', tabindex: '-1' });
  const body = el('div', { class: 'details-body' });
  const panel = el('section', { class: 'details', 'aria-labelledby': 'details-title', hidden: true },
    el('div', { class: 'details-head' }, title, el('button', { type: 'button', onclick: close, 'aria-label': 'Close details' }, '×')), body);
  let from = null;
  panel.addEventListener('keydown', event => event.key === 'Escape' && close());

  function close() {
    panel.hidden = true;
    closed?.();
    if (from?.isConnected) from.focus();
  }

  return {
    element: panel,
    close,
    get isOpen() { return !panel.hidden; },
    open(words, ...content) {
      from = document.activeElement === document.body ? null : document.activeElement;
      title.textContent = words;
      body.replaceChildren(...content.flat().filter(Boolean));
      panel.hidden = false;
      panel.scrollTop = 0;
      title.focus({ preventScroll: true });
      if (innerWidth < 1100) panel.scrollIntoView({ block: 'nearest' });
    },
    replace(...content) { body.replaceChildren(...content.flat().filter(Boolean)); },
  };
}

/** Names and values as a table. */
export function pairs(caption, list) {
  return list.length === 0 ? null : el('table', { class: 'pairs' },
    el('caption', {}, caption),
    el('tbody', {}, list.map(([name, value]) => el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, value)))));
}

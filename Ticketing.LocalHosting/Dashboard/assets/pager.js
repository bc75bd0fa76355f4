// A list shows its newest hundred, and more when asked.
import { el } from './dom.js';

const step = 100, most = 2000;

export function pager(changed) {
  let limit = step;
  const button = el('button', { type: 'button', hidden: true, onclick: () => { limit = Math.min(most, limit + step); changed(); } }, 'Show older');
  const end = el('span', { hidden: true }, `Older ones are kept, but only ${most} are shown: narrow the filters.`);
  return {
    element: el('p', { class: 'pager' }, button, end),
    get limit() { return limit; },
    reset() { limit = step; },
    update(more) {
      button.hidden = !more || limit === most;
      end.hidden = !more || limit < most;
    },
  };
}

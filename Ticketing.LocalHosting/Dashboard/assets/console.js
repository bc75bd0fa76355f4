// What the processes write, as they write it.
import { el, say, text } from './dom.js';
import { colour, time } from './format.js';
import { Filters, pauseButton } from './filters.js';
import { connect } from './live.js';

const kept = 10_000, shown = 2000;
const levels = ['debug', 'information', 'warning', 'error'];

export function show(main, context) {
  context.title('Console');
  let lines = [];
  let waiting = [];
  let paused = false;
  let resource = null;
  const output = el('div', { class: 'console', role: 'log', 'aria-live': 'off', 'aria-label': 'Console lines', tabindex: '0' });
  const newest = el('button', { type: 'button', class: 'newest', hidden: true, onclick: toNewest }, 'Newest ↓');
  const count = el('p', { class: 'summary' });
  const download = el('a', { class: 'button', download: true }, 'Download');
  const filters = new Filters(context, 'Console lines', changed)
    .resource(context)
    .choice('level', 'Level', [['', 'All'], ['information', 'Information and worse'], ['warning', 'Warnings and worse'], ['error', 'Errors']])
    .search('text', 'Search')
    .add(pauseButton(value => { paused = value; if (!value) take(waiting.splice(0)); count_(); }), download);
  main.append(el('div', { class: 'head' }, el('h1', {}, 'Console'), count), filters.element, el('div', { class: 'console-frame' }, output, newest));
  output.addEventListener('scroll', () => { newest.hidden = atEnd(); });
  context.on('console', added => {
    if (!paused) return take(added);
    waiting = [...waiting, ...added].slice(-kept);
    count_();
  });

  function wanted(line) {
    const words = filters.value('text').toLowerCase();
    return (!filters.value('level') || levels.indexOf(line.level) >= levels.indexOf(filters.value('level')))
      && (!words || line.text.toLowerCase().includes(words));
  }

  function take(added) {
    lines = lines.concat(added);
    if (lines.length > kept) lines = lines.slice(-kept);
    const follow = atEnd();
    output.append(...added.filter(wanted).slice(-shown).map(element));
    while (output.childElementCount > shown) output.firstElementChild.remove();
    if (follow) toNewest();
    count_();
  }

  function changed() {
    if (resource !== filters.value('resource')) {
      subscribe();
      connect(stream());
      return;
    }
    output.replaceChildren(...lines.filter(wanted).slice(-shown).map(element));
    toNewest();
    count_();
    say(count.textContent);
  }

  function subscribe() {
    resource = filters.value('resource');
    lines = [];
    waiting = [];
    output.replaceChildren();
    download.href = `/api/console/download${resource ? `?resource=${encodeURIComponent(resource)}` : ''}`;
    count_();
  }

  const stream = () => resource ? { console: true, resource } : { console: true };
  const atEnd = () => output.scrollHeight - output.scrollTop - output.clientHeight < 40;

  function toNewest() {
    output.scrollTop = output.scrollHeight;
    newest.hidden = true;
  }

  function count_() {
    const matching = filters.value('text') || filters.value('level') ? `${lines.filter(wanted).length} of ` : '';
    text(count, `${matching}${lines.length} lines${paused ? `, ${waiting.length} more waiting` : ''}`);
  }

  subscribe();
  return stream();
}

function element(line) {
  return el('div', { class: `line is-${line.level}` },
    el('time', { datetime: line.time }, time(Date.parse(line.time))),
    el('span', { class: `source ${colour(line.resource)}` }, line.resource),
    el('span', { class: 'text' }, line.text));
}

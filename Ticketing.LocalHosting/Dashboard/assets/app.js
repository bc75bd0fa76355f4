// Shows the page that the address names, and stays one document.
import { say } from './dom.js';
import { connect, on } from './live.js';
import { colour } from './format.js';
import * as resourcesPage from './resources.js';
import * as consolePage from './console.js';
import * as logsPage from './logs.js';
import * as tracesPage from './traces.js';
import * as tracePage from './trace.js';
import * as metricsPage from './metrics.js';
import { showSenders } from './senders.js';

const pages = [
  [/^\/$/, resourcesPage],
  [/^\/console$/, consolePage],
  [/^\/logs$/, logsPage],
  [/^\/traces$/, tracesPage],
  [/^\/traces\/([0-9a-f]+)$/, tracePage],
  [/^\/metrics$/, metricsPage],
];

const main = document.getElementById('main');
let leave = [];

/** Goes to another address without loading it. */
export function go(address, { replace = false } = {}) {
  const samePage = new URL(address, location.href).pathname === location.pathname;
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  show({ focus: !replace && !samePage });
}

function show({ focus }) {
  const [pattern, page] = pages.find(([path]) => path.test(location.pathname)) ?? pages[0];
  for (const end of leave) end();
  leave = [];
  main.replaceChildren();
  for (const link of document.querySelectorAll('nav[aria-label=Pages] a')) {
    const here = link.pathname === '/' ? location.pathname === '/' : location.pathname.startsWith(link.pathname);
    if (here) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const context = {
    parameters: new URLSearchParams(location.search),
    match: pattern.exec(location.pathname),
    on: (event, listener) => leave.push(on(event, listener)),
    atEnd: action => leave.push(action),
    title: words => document.title = `${words} – Ticketing dashboard`,
  };
  // The stream begins once the page listens, so that it misses nothing.
  const wanted = page.show(main, context);
  connect(wanted);
  if (!focus) return;
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
  say(document.title);
}

document.addEventListener('click', event => {
  const link = event.target.closest('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const address = new URL(link.href.baseVal ?? link.href, location.href);
  if (address.origin !== location.origin || address.hash || link.hasAttribute('download') || address.pathname.startsWith('/api/')) return;
  event.preventDefault();
  go(address.pathname + address.search);
});
window.addEventListener('popstate', () => show({ focus: false }));
document.getElementById('senders').addEventListener('click', showSenders);

// In the order of the application, so that colours are the same on every page and after every start.
on('resources', all => all.forEach(resource => colour(resource.name)));
for (const resource of await (await fetch('/api/resources')).json()) colour(resource.name);
show({ focus: false });

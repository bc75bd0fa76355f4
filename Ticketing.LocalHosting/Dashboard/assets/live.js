// The page's one stream of events from the AppHost.

const listeners = new Map();
const connection = document.getElementById('connection');
let source = null;
let wanted = {};
let lastSeen = null;
let latest = { resources: [] };

/** What runs, as last told. */
export const resources = () => latest.resources;

export function on(event, listener) {
  if (!listeners.has(event)) listeners.set(event, new Set());
  listeners.get(event).add(listener);
  return () => listeners.get(event).delete(listener);
}

/** Connects anew, with what the page wants besides resources and news of telemetry. */
export function connect(parameters = {}) {
  wanted = parameters;
  lastSeen = null;
  open();
}

// A hidden page takes no part: browsers allow only a few streams at a time, and nobody looks.
document.addEventListener('visibilitychange', () => document.hidden ? close() : source ?? open());

function close() {
  source?.close();
  source = null;
}

function open() {
  close();
  if (document.hidden) return;
  source = new EventSource(`/api/live?${new URLSearchParams(lastSeen ? { ...wanted, after: lastSeen } : wanted)}`);
  source.onopen = () => show('Live', false);
  source.onerror = lost;
  for (const event of ['resources', 'telemetry', 'console'])
    source.addEventListener(event, ({ data, lastEventId }) => {
      if (lastEventId) lastSeen = lastEventId;
      const value = JSON.parse(data);
      latest[event] = value;
      for (const listener of listeners.get(event) ?? []) listener(value);
    });
}

function lost() {
  show('Disconnected', true);
  if (source.readyState !== EventSource.CLOSED) return;
  close();
  // A new start of the AppHost has a new token.
  fetch('/api/telemetry').then(
    answer => answer.status === 401 ? location.assign(`/login?returnUrl=${encodeURIComponent(location.pathname)}`) : setTimeout(open, 1000),
    () => setTimeout(open, 1000));
}

function show(words, isLost) {
  if (connection.textContent !== words) connection.textContent = words;
  connection.classList.toggle('lost', isLost);
}

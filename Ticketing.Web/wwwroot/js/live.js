// Keeps a page up to date: over a socket if there can be one, and by asking every few seconds as long as there is none.
'use strict';

// One socket for all that a page keeps up to date, straight to whichever replica answers: without negotiation there is no
// need to find the same one again.
let pageSocket;
const begins = [];

function openSocket() {
  const reconnectMs = 5000;
  pageSocket = new signalR.HubConnectionBuilder()
    .withUrl('/live/hub', { skipNegotiation: true, transport: signalR.HttpTransportType.WebSockets })
    .configureLogging(signalR.LogLevel.None)
    .build();

  async function connect() {
    if (pageSocket.state !== signalR.HubConnectionState.Disconnected) return;
    try {
      await pageSocket.start();
      await Promise.all(begins.map((begin) => begin()));
    } catch {
      setTimeout(connect, reconnectMs);
    }
  }
  pageSocket.onclose(() => setTimeout(connect, reconnectMs));
  connect();
}

/**
 * @param {object} page
 * @param {string|function} page.url  answers the page's present state as JSON; a function may say null: nothing to ask
 * @param {function} page.show     shows a state, in whatever order states come
 * @param {object} page.messages   what to do with each message of the socket, by the message's name
 * @param {function} [page.begin]  tells the socket what the page wants to hear of
 * @param {number} [page.pollMs]   how often to ask without a socket
 * @param {number} [page.lookMs]   how often with one: should it ever miss something
 * @returns {function} asks for the state at once; its method `begin` tells the socket anew
 */
function keepLive({ url, show, messages, begin = async () => {}, pollMs = 2500, lookMs = 30000 }) {
  const secondLookMs = 1500; // services tell each other of a change within a second

  let lookedAt = 0;
  async function look() {
    lookedAt = performance.now();
    const address = typeof url === 'function' ? url() : url;
    if (!address) return;
    try {
      const asked = performance.now();
      const response = await fetch(address, { headers: { Accept: 'application/json' } });
      if (response.ok) show(await response.json(), performance.now() - asked);
    } catch {
      // Offline, or the site restarts: the next look comes soon.
    }
  }

  async function beginAll() {
    await begin(socket);
    await look();
    setTimeout(look, secondLookMs);
  }

  if (!pageSocket) openSocket();
  const socket = pageSocket;
  for (const [name, handle] of Object.entries(messages)) socket.on(name, handle);
  begins.push(beginAll);
  // It came late: the socket's own beginning is over.
  if (socket.state === signalR.HubConnectionState.Connected) beginAll().catch(() => {});

  setInterval(() => {
    const wait = socket.state === signalR.HubConnectionState.Connected ? lookMs : pollMs;
    if (!document.hidden && performance.now() - lookedAt >= wait) look();
  }, 500);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
  addEventListener('pageshow', (event) => { if (event.persisted) look(); });
  look.begin = async () => {
    if (socket.state !== signalR.HubConnectionState.Connected) return;
    try {
      await begin(socket);
      await look();
    } catch {
      // The socket broke: it is opened again, and told then.
    }
  };
  return look;
}

// The order page: the countdown by the server's clock, and what became of the order.
'use strict';

const order = document.querySelector('[data-order]');
const timer = order.querySelector('[data-timer]');
const verdict = order.querySelector('[data-verdict]');
const notice = order.querySelector('[data-notice]');

let version = Number(order.dataset.version);
let expiresAt = Number(order.dataset.expiresAt);

// The server's clock minus ours; ours is monotonic, so that setting the computer's clock moves nothing. The page's
// own time is as old as its first byte; later answers are dated to the middle of their round trip.
const arrived = performance.getEntriesByType('navigation')[0]?.responseStart ?? performance.now();
let clockOffset = Number(order.dataset.now) - arrived;
const serverNow = () => performance.now() + clockOffset;

function showOrder(state, roundTrip = 0) {
  if (state.id !== order.dataset.order) return;
  clockOffset = Date.parse(state.now) - (performance.now() - roundTrip / 2);
  if (state.version < version) return;
  version = state.version;
  expiresAt = Date.parse(state.expiresAt);
  order.dataset.state = state.state;
  if (verdict.textContent !== state.verdict) verdict.textContent = state.verdict;
  for (const part of order.querySelectorAll('[data-when]')) {
    part.hidden = !part.dataset.when.split(' ').includes(state.state);
  }
  // What an earlier card met with no longer matters.
  if (state.state === 'paid') notice.hidden = true;
}

function showNotice(payment) {
  if (payment.orderId !== order.dataset.order || order.dataset.state === 'paid') return;
  notice.textContent = payment.message;
  notice.hidden = false;
}

const isOpen = () => verdict.textContent === '';

const look = keepLive({
  url: `/live/orders/${order.dataset.order}`,
  show: showOrder,
  messages: { order: showOrder, payment: showNotice },
  begin: (socket) => socket.invoke('WatchOrders'),
});

let askedAt = -Infinity;
setInterval(() => {
  if (!isOpen()) return;
  const seconds = Math.max(0, Math.ceil((expiresAt - serverNow()) / 1000));
  const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  if (timer.textContent !== text) timer.textContent = text;
  // Time is up: the order ends within a second, whether or not the socket says so.
  if (seconds === 0 && performance.now() - askedAt >= 500) {
    askedAt = performance.now();
    look();
  }
}, 100);

// The ticket page: how many are left and what one costs, as they change.
'use strict';

const listing = document.querySelector('[data-ticket]');

function showTicket(ticket) {
  if (ticket.id !== listing.dataset.ticket) return;
  const left = listing.querySelector('[data-left]');
  // A status region is read out when its text changes, so it is not touched otherwise.
  if (left.textContent !== ticket.left) left.textContent = ticket.left;
  left.dataset.stock = ticket.stock;
  listing.querySelector('[data-price]').textContent = ticket.price;
  const notify = listing.querySelector('[data-notify]');
  if (notify) notify.hidden = ticket.available > 0;
}

keepLive({
  url: `/live/tickets/${listing.dataset.ticket}`,
  show: showTicket,
  messages: { ticket: showTicket },
  begin: (socket) => socket.invoke('WatchTicket', listing.dataset.ticket),
});

// From the waiting room: how long it is still one's turn. Read out when the page comes, not every second.
const turn = listing.querySelector('[data-turn]');
if (turn) {
  const ends = performance.now() + Number(turn.dataset.turn) * 1000;
  const words = turn.querySelector('span');
  turn.removeAttribute('role');
  setInterval(() => {
    const seconds = Math.ceil((ends - performance.now()) / 1000);
    const text = seconds > 0 ? turn.dataset.words.replace('{0}', seconds) : turn.dataset.over;
    if (words.textContent !== text) words.textContent = text;
  }, 500);
}

// Too many are ordering: the form goes again by itself, with the same key, so that it is one order however often it goes.
const busy = listing.querySelector('[data-retry]');
if (busy) {
  busy.querySelector('span').textContent = busy.dataset.words;
  const form = listing.querySelector('[data-reserve]');
  // Not all at the same time.
  setTimeout(() => form.requestSubmit(), (Number(busy.dataset.retry) + Math.random()) * 1000);
}

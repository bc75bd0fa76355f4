// The waiting room: how the line moves, and on to the tickets when it is one's turn.
'use strict';

const queue = document.querySelector('[data-queue]');
const announcement = queue.querySelector('[data-announce]');
const announceMs = 30000; // a line moves all the time: not every step is read out
const turnMs = 1500; // long enough to be read out

let announcedAt = performance.now();
let leaving = false;

function showPlace(place) {
  if (place.ticketId !== queue.dataset.queue || leaving) return;
  if (!place.waiting) {
    leaving = true;
    if (place.turn) queue.querySelector('[data-position]').textContent = announcement.textContent = announcement.dataset.turn;
    // The site knows where to go on from here.
    setTimeout(() => location.reload(), place.turn ? turnMs : 0);
    return;
  }
  queue.querySelector('[data-position]').textContent = document.title = place.position;
  queue.querySelector('[data-wait]').textContent = place.wait;
  const progress = queue.querySelector('[data-progress]');
  progress.value = progress.max - place.number;
  if (performance.now() - announcedAt >= announceMs) {
    announcedAt = performance.now();
    announcement.textContent = `${place.position}, ${place.wait}`;
  }
}

keepLive({
  url: `/live/queue/${queue.dataset.queue}`,
  show: showPlace,
  messages: { queue: showPlace },
  begin: (socket) => socket.invoke('WatchQueue', queue.dataset.queue),
  lookMs: 15000,
});

// Shows the offline page when a page cannot be had. Keeps that page and its style sheet, in the language of its own
// address (/sw.js?de), and nothing else; everything else goes to the network as if this were not here.
'use strict';

const kept = 'offline';
const page = '/offline';

async function keep() {
  const answer = await fetch(page, { cache: 'no-cache' });
  if (!answer.ok) throw new Error(`The offline page is ${answer.status}.`);
  const style = (await answer.clone().text()).match(/<link rel="stylesheet" href="([^"]+)"/)[1];
  const cache = await caches.open(kept);
  for (const old of await cache.keys()) await cache.delete(old);
  await cache.put(page, answer);
  await cache.add(style);
}

addEventListener('install', (event) => {
  skipWaiting();
  event.waitUntil(keep());
});

addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const offline = async (key) => {
    try {
      return await fetch(request);
    } catch (failure) {
      const answer = await (await caches.open(kept)).match(key);
      if (answer) return answer;
      throw failure;
    }
  };
  if (request.mode === 'navigate') event.respondWith(offline(page));
  else if (request.destination === 'style') event.respondWith(offline(request));
});

// The door: codes are judged without leaving the page, and read by the camera where the browser can.
'use strict';

const door = document.querySelector('[data-door]');
const field = door.querySelector('input:not([type="hidden"])');
const result = document.querySelector('[data-result]');
const cameraButton = door.querySelector('[data-camera]');
const viewfinder = document.querySelector('[data-viewfinder]');
const video = viewfinder.querySelector('video');

const sameCodeMs = 3000; // a ticket held before the camera is one scan
const scanMs = 150;

let busy = false;
async function judge() {
  if (busy || !field.value.trim()) return;
  busy = true;
  door.setAttribute('aria-busy', 'true');
  try {
    const response = await fetch(location.pathname, { method: 'POST', body: new FormData(door), headers: { 'X-Part': 'result' } });
    // No part of the page: the session is over, or something else needs the whole page.
    if (!response.ok || response.redirected) { location.reload(); return; }
    show(await response.text());
    field.value = '';
  } catch {
    show(null);
  } finally {
    busy = false;
    door.removeAttribute('aria-busy');
    field.focus({ preventScroll: true });
  }
}

/** Into the region that is read out, which stays; only what it says changes. */
function show(html) {
  const said = result.querySelector('.said');
  if (html === null) {
    said.replaceChildren(Object.assign(document.createElement('p'), { className: 'alert', textContent: door.dataset.failed }));
    return;
  }
  const parts = document.createElement('div');
  parts.innerHTML = html;
  for (const time of parts.querySelectorAll('time[data-local-time]')) time.textContent = localTime.format(new Date(time.dateTime));
  said.replaceChildren(...parts.querySelector('.said').childNodes);
  result.querySelector('.attendance').replaceWith(parts.querySelector('.attendance'));
  navigator.vibrate?.(said.querySelector('[data-outcome="valid"]') ? 80 : [80, 60, 80, 60, 200]);
}

door.addEventListener('submit', (event) => {
  event.preventDefault();
  judge();
});

// The camera: asked for only when the button is pressed, and let go when it is pressed again or the page is left.
let stream = null;
let words = cameraButton.textContent;

async function start() {
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch {
    document.querySelector('[data-camera-refused]').hidden = false;
    return;
  }
  document.querySelector('[data-camera-refused]').hidden = true;
  cameraButton.textContent = cameraButton.dataset.stop;
  viewfinder.hidden = false;
  video.srcObject = stream;
  await video.play();
  scan(new BarcodeDetector({ formats: ['qr_code'] }), stream);
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.srcObject = null;
  viewfinder.hidden = true;
  cameraButton.textContent = words;
}

async function scan(detector, ours) {
  let last = '';
  let seenAt = -Infinity;
  while (stream === ours) {
    // A frame that cannot be read is no failure; the next one comes at once.
    const [code] = await detector.detect(video).catch(() => []);
    if (code && (code.rawValue !== last || performance.now() - seenAt > sameCodeMs)) {
      last = code.rawValue;
      field.value = last;
      await judge();
    }
    if (code) seenAt = performance.now();
    await new Promise((resolve) => setTimeout(resolve, scanMs));
  }
}

async function offerCamera() {
  if (!('BarcodeDetector' in window) || !navigator.mediaDevices) return;
  const formats = await BarcodeDetector.getSupportedFormats();
  cameraButton.hidden = !formats.includes('qr_code');
}

cameraButton.addEventListener('click', () => { if (stream) stop(); else start(); });
addEventListener('pagehide', stop);
document.addEventListener('visibilitychange', () => { if (document.hidden) stop(); });
offerCamera();

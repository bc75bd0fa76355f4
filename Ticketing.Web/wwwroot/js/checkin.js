// The door: codes are judged one after the other without leaving the page, and read by the camera where the browser can.
'use strict';

const door = document.querySelector('[data-door]');
const field = door.elements['Form.Code'];
const place = door.elements['Form.Door'];
const result = document.querySelector('[data-result]');
const said = result.querySelector('.said');
const unanswered = document.querySelector('[data-unanswered]');
const waiting = document.querySelector('[data-waiting]');
const capsLock = document.querySelector('[data-caps]');
const cameraButton = door.querySelector('[data-camera]');
const viewfinder = document.querySelector('[data-viewfinder]');
const video = viewfinder.querySelector('video');

const sameCodeMs = 3000; // a ticket held before the camera is one scan
const scanMs = 150;
const retryMs = 2000;
const resultsInSight = 4; // those of a quick succession stay in sight

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// A scan keeps its name until its result is known, so that a lost answer is asked for again; no other scan has the same.
const page = Array.from(crypto.getRandomValues(new Uint32Array(4)), (number) => number.toString(36)).join('');
let scans = 0;

// What has no result yet, the oldest first. It outlives the page, which is loaded anew when the session has ended.
const queueKey = `door ${location.pathname}`;
const queue = JSON.parse(sessionStorage.getItem(queueKey) ?? '[]');

function keep() {
  sessionStorage.setItem(queueKey, JSON.stringify(queue));
  waiting.hidden = queue.length < 2;
  waiting.textContent = waiting.dataset.words.replace('{0}', queue.length - 1);
}

function take(code, typed) {
  if (!code.trim()) return;
  queue.push({ code: code.trim(), attempt: `${page}-${++scans}`, typed });
  keep();
  work();
}

let working = false;
async function work() {
  if (working) return;
  working = true;
  door.setAttribute('aria-busy', 'true');
  while (queue.length > 0) {
    const judged = await judge(queue[0]);
    unanswered.hidden = judged;
    if (judged) {
      queue.shift();
      keep();
    } else await pause(retryMs);
  }
  working = false;
  door.removeAttribute('aria-busy');
}

/** Whether the code has its result, which is shown; false if there was no answer. */
async function judge(scan) {
  const form = new FormData(door);
  form.set('Form.Code', scan.code);
  form.set('Form.Attempt', scan.attempt);
  let response;
  let html;
  try {
    response = await fetch(location.pathname, { method: 'POST', body: form, headers: { 'X-Part': 'result' } });
    html = await response.text();
  } catch {
    return false;
  }
  if (response.status === 429 || response.status >= 500) return false;
  if (response.ok && !response.redirected) show(scan, html);
  // No part of the page: the session is over, or something else needs the whole page. Once; then it is said.
  else if (scan.reloaded) fail(scan);
  else {
    scan.reloaded = true;
    keep();
    location.reload();
    await new Promise(() => {});
  }
  return true;
}

/** Into the region that is read out, which stays; what it said a moment ago moves down. */
function say(...news) {
  said.prepend(...news);
  while (said.children.length > resultsInSight) said.lastElementChild.remove();
}

function show(scan, html) {
  const parts = document.createElement('div');
  parts.innerHTML = html;
  for (const time of parts.querySelectorAll('time[data-local-time]')) time.textContent = localTime.format(new Date(time.dateTime));
  const outcome = parts.querySelector('[data-outcome]')?.dataset.outcome;
  say(...parts.querySelector('.said').children);
  result.querySelector('.attendance').replaceWith(parts.querySelector('.attendance'));
  navigator.vibrate?.(outcome === 'valid' ? 80 : [80, 60, 80, 60, 200]);
  // To be mended; the next scan takes its place.
  if (scan.typed && outcome === 'malformed' && !field.value && queue.length < 2) {
    field.value = scan.code;
    field.select();
  }
}

function fail(scan) {
  say(Object.assign(document.createElement('p'), { className: 'alert', textContent: `${scan.code}: ${door.dataset.failed}` }));
}

door.addEventListener('submit', (event) => {
  event.preventDefault();
  take(field.value, true);
  field.value = '';
  field.focus({ preventScroll: true });
});

for (const type of ['keydown', 'keyup']) {
  field.addEventListener(type, (event) => { capsLock.hidden = !event.getModifierState?.('CapsLock'); });
}

// Each device has its own name for its door.
place.value ||= localStorage.getItem('door') ?? '';
place.addEventListener('change', () => localStorage.setItem('door', place.value));

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
  watch(new BarcodeDetector({ formats: ['qr_code'] }), stream);
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.srcObject = null;
  viewfinder.hidden = true;
  cameraButton.textContent = words;
}

async function watch(detector, ours) {
  const inView = new Map(); // codes, by when they were last seen
  while (stream === ours) {
    // A frame that cannot be read is no failure; the next one comes at once.
    const codes = (await detector.detect(video).catch(() => [])).map((code) => code.rawValue);
    const now = performance.now();
    const fresh = codes.filter((code) => !(now - inView.get(code) < sameCodeMs));
    // Another ticket is held up: one that is no longer in view may come again.
    if (fresh.length > 0) inView.clear();
    for (const code of codes) inView.set(code, now);
    for (const code of new Set(fresh)) take(code, false);
    await pause(scanMs);
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
keep();
work();

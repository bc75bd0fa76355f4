// What every page has: times in the visitor's own zone (without this script they are in UTC), the first wrong field in
// focus, and the page for when there is no network.
'use strict';

// The page's language, in the visitor's own variety of it where they have one.
const language = document.documentElement.lang;
const locale = navigator.languages.find((name) => name.split('-')[0] === language) ?? language;

const localTime = new Intl.DateTimeFormat(locale, {
  weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short',
});

/** Puts the times in some part of the page into the visitor's zone. */
function showLocalTimes(part) {
  for (const time of part.querySelectorAll('time[data-local-time]')) {
    time.textContent = localTime.format(new Date(time.dateTime));
  }
}
showLocalTimes(document);

// The next page then knows which day it is where the visitor is.
document.cookie = `utc-offset=${new Date().getTimezoneOffset()}; path=/; max-age=31536000; samesite=lax`;

/** What a clock on the visitor's wall shows, as a date and time field has it. */
const wallClock = (moment) => new Date(moment - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);

/** When a clock on the visitor's wall shows this: never in an hour that is skipped in spring, twice in one that comes again. */
function momentsOf(text) {
  const asUtc = Date.parse(`${text}Z`);
  const offsets = [-1, 1].map((days) => new Date(asUtc + days * 86400000).getTimezoneOffset());
  return [...new Set(offsets)].map((offset) => new Date(asUtc + offset * 60000))
    .filter((moment) => wallClock(moment) === text).sort((one, other) => one - other);
}

// A date and time field whose value the server takes as UTC: shown and typed in the visitor's zone. The hidden field
// that it names tells the server how many minutes that zone is behind UTC at that time.
for (const input of document.querySelectorAll('input[data-utc-input]')) {
  const offset = document.getElementById(input.dataset.utcInput);
  const which = document.querySelector('[data-twice] select');
  const original = input.defaultValue && new Date(`${input.defaultValue}Z`);
  // The default and not the value: what somebody typed and the browser kept, of this page before a reload or before one went on,
  // is in their zone already, whenever the browser puts it back.
  if (original) input.defaultValue = wallClock(original);
  document.getElementById(`${input.id}-hint`).textContent = input.dataset.localHint;

  let moments = [];
  const tell = () => {
    const moment = moments[Number(which.value)] ?? moments[0];
    offset.value = moment ? (moment - Date.parse(`${input.value}Z`)) / 60000 : 0;
  };
  const read = () => {
    moments = input.value ? momentsOf(input.value) : [];
    input.setCustomValidity(input.value && moments.length === 0 ? input.dataset.skipped : '');
    which.closest('[data-twice]').hidden = moments.length < 2;
    which.value = original && input.value === input.defaultValue && moments.length > 1 && moments[1] - original === 0 ? '1' : '0';
    tell();
  };
  let readAs = null;
  const readAnew = () => {
    if (input.value !== readAs) read();
    readAs = input.value;
  };
  which.addEventListener('change', tell);
  for (const event of ['input', 'change']) input.addEventListener(event, readAnew);
  input.form.addEventListener('submit', readAnew);
  // By then every browser has put back what it kept.
  addEventListener('pageshow', readAnew);
  readAnew();
}

// Tickets that are held: how long still, by the server's word of when the page was made and a clock that nobody sets.
function endHold(id) {
  for (const part of document.querySelectorAll(`[data-hold="${id}"]`)) part.remove();
}
{
  const arrived = performance.getEntriesByType('navigation')[0]?.responseStart ?? performance.now();
  for (const part of document.querySelectorAll('[data-hold]')) {
    const timer = part.querySelector('[data-hold-left]');
    const ticking = setInterval(() => {
      const seconds = Math.ceil((Number(part.dataset.leftMs) - (performance.now() - arrived)) / 1000);
      if (seconds <= 0) {
        clearInterval(ticking);
        part.remove();
        return;
      }
      const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
      if (timer && timer.textContent !== text) timer.textContent = text;
    }, 250);
  }
}

document.querySelector('[aria-invalid="true"]')?.focus();

// Only where it can be: over https, or on the developer's own machine.
navigator.serviceWorker?.register(`/sw.js?${language}`).catch(() => {});

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

// A date and time field whose value the server takes as UTC: shown and typed in the visitor's zone. The hidden field
// that it names tells the server how many minutes that zone is behind UTC at that time of the year.
for (const input of document.querySelectorAll('input[data-utc-input]')) {
  const offset = document.getElementById(input.dataset.utcInput);
  const toOffset = () => { offset.value = input.value ? new Date(input.value).getTimezoneOffset() : 0; };
  if (input.value) {
    const utc = new Date(`${input.value}Z`);
    input.value = new Date(utc.getTime() - utc.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  }
  toOffset();
  input.addEventListener('change', toOffset);
  input.form.addEventListener('submit', toOffset);
  document.getElementById(`${input.id}-hint`).textContent = input.dataset.localHint;
}

document.querySelector('[aria-invalid="true"]')?.focus();

// Only where it can be: over https, or on the developer's own machine.
navigator.serviceWorker?.register(`/sw.js?${language}`).catch(() => {});

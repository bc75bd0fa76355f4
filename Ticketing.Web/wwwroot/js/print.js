// The printable tickets: a button for those who do not know their browser's own.
'use strict';

const print = document.querySelector('[data-print]');
print.hidden = false;
print.addEventListener('click', () => window.print());

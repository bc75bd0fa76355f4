// The API's document in Swagger UI, with nothing fetched from anywhere else.
'use strict';

const target = document.getElementById('api');
const dark = matchMedia('(prefers-color-scheme: dark)');
const setTheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
setTheme();
dark.addEventListener('change', setTheme);

SwaggerUIBundle({
  domNode: target,
  url: target.dataset.document,
  validatorUrl: null,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
});

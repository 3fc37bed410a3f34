// htmx with the settings that a strict content security policy and our answers need.

import htmx from 'htmx.org';
import { element } from './dom.js';
import { words } from './words.js';

Object.assign(htmx.config, {
  selfRequestsOnly: true,
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  // Pages hold confidential cases: no copy of them stays in the browser's storage.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '409', swap: true },
    { code: '422', swap: true },
    { code: '[45]..', swap: false, error: true },
  ],
});

export function csrfToken() {
  return document.querySelector('meta[name=csrf-token]')?.content ?? '';
}

document.addEventListener('htmx:configRequest', ({ detail }) => {
  detail.headers['X-CSRFToken'] = csrfToken();
});

document.addEventListener('htmx:responseError', ({ detail }) => {
  if (detail.xhr.status === 401) location.reload();
  else say(words.requestFailed);
});
document.addEventListener('htmx:sendError', () => say(words.requestFailed));
document.addEventListener('htmx:afterRequest', ({ detail }) => {
  detail.elt.closest('form')?.removeAttribute('aria-busy');
  if (detail.successful) document.querySelector('.k-toast')?.remove();
});

/** Say something short that belongs to no place in the page. */
function say(text) {
  document.querySelector('.k-toast')?.remove();
  document.body.append(element('div', { class: 'k-toast', role: 'alert' }, text));
}

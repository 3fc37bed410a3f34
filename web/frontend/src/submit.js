// Sending a form: asked first where that is wished, sent once, and never lost by leaving the page.

import { once } from './dom.js';

export function start(root) {
  once(root, 'form[data-guard]', 'guardReady', (form) => {
    for (const kind of ['input', 'change']) {
      form.addEventListener(kind, () => form.toggleAttribute('data-dirty', true));
    }
    // A refused form comes back with values that are nowhere saved.
    if (form.querySelector('.k-error-summary')) form.toggleAttribute('data-dirty', true);
  });
  once(root, '[data-autofocus]', 'focusReady', (node) => node.focus());
}

document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  const question = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (event.defaultPrevented || (question && !window.confirm(question))) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.removeAttribute('data-dirty');
  if (form.method !== 'get') queueMicrotask(() => lock(form, event));
});

/** Refuse a second click; the button keeps its value, which a disabled one would not send. */
function lock(form, event) {
  if (event.defaultPrevented) return;
  form.setAttribute('aria-busy', 'true');
}

document.addEventListener(
  'submit',
  (event) => {
    if (event.target.getAttribute('aria-busy') !== 'true') return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

// The page may come back from the browser's cache with the form still marked as sent.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[aria-busy]')) form.removeAttribute('aria-busy');
});

window.addEventListener('beforeunload', (event) => {
  if (document.querySelector('form[data-guard][data-dirty]')) event.preventDefault();
});

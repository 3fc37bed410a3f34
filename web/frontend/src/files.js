// A file field with a readable face: what is chosen, how large, and a word before a hopeless upload.

import { element, icon, once } from './dom.js';
import { fileSize, words } from './words.js';

const UPLOAD_ICON = 'M4 17v2a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-2M7 9l5-5 5 5M12 4v12';

export function start(root) {
  once(root, 'input[type=file][data-file]', 'fileReady', dress);
}

/** Lay the native field, made transparent, over a box that speaks the language of the page. */
function dress(input) {
  const prompt = element('span', { class: 'k-file-prompt' }, input.multiple ? words.chooseFiles : words.chooseFile);
  const box = element('div', { class: 'k-file', 'data-file-box': true }, icon(UPLOAD_ICON), prompt);
  if (input.dataset.maxBytes) {
    const limit = words.atMost(fileSize(Number(input.dataset.maxBytes)));
    box.append(element('small', { class: 'k-file-limit' }, limit));
  }
  const list = element('ul', { class: 'k-file-list', 'aria-live': 'polite' });
  const error = element('p', { class: 'k-error', role: 'alert', hidden: true });
  input.replaceWith(box);
  box.append(input);
  box.after(list, error);
  input.addEventListener('change', () => show(input, list, error));
}

function show(input, list, error) {
  list.replaceChildren(...[...input.files].map(line));
  const large = tooLarge(input);
  error.hidden = !large;
  error.textContent = large
    ? words.fileTooLarge(large.name, fileSize(Number(input.dataset.maxBytes)))
    : '';
  input.toggleAttribute('data-too-large', Boolean(large));
  if (large) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
}

function line(file) {
  const name = element('bdi', { dir: 'ltr' }, file.name);
  return element('li', {}, name, element('small', {}, fileSize(file.size)));
}

function tooLarge(input) {
  const limit = Number(input.dataset.maxBytes ?? Infinity);
  return [...input.files].find((file) => file.size > limit);
}

document.addEventListener(
  'submit',
  (event) => {
    const wrong = event.target.querySelector('input[data-too-large]:not(:disabled)');
    if (!wrong || event.submitter?.formNoValidate) return;
    event.preventDefault();
    event.stopPropagation();
    wrong.focus();
  },
  true,
);

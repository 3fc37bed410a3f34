// Parts of a form that are asked only when another field has a certain value.

import { once } from './dom.js';

export function start(root) {
  once(root, '[data-show-field]', 'showReady', (part) => update(part));
}

document.addEventListener('change', ({ target }) => {
  const form = target.form ?? target.closest?.('form');
  for (const part of form?.querySelectorAll('[data-show-field]') ?? []) update(part);
});

function update(part) {
  const form = part.closest('form');
  const wanted = part.dataset.showValues.split(',').map((value) => value.trim());
  const shown = valuesOf(form, part.dataset.showField).some((value) => wanted.includes(value));
  part.hidden = !shown;
  for (const field of part.querySelectorAll('input, select, textarea')) {
    // A field stays off while any part around it is hidden.
    field.disabled = Boolean(field.closest('[data-show-field][hidden]'));
  }
}

/** Give the present values of a field; an unticked box counts as the empty value. */
function valuesOf(form, name) {
  const fields = [...form.elements].filter((field) => field.name === name && field.type !== 'hidden');
  const choices = fields.filter((field) => ['checkbox', 'radio'].includes(field.type));
  if (!choices.length) return fields.map((field) => field.value);
  const ticked = choices.filter((field) => field.checked).map((field) => field.value);
  return ticked.length ? ticked : [''];
}

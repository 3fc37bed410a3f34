// A calendar button beside every Jalali date field. Typing stays possible.

import { openCalendar } from './calendar.js';
import { element, icon, once } from './dom.js';
import { parse, write } from './jalali.js';
import { digits, latin, words } from './words.js';

const CALENDAR_ICON =
  'M4 7a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM16 3v4M8 3v4M4 11h16';

export function start(root) {
  once(root, 'input[data-jdate]', 'jdateReady', addButton);
}

function addButton(input) {
  const button = element(
    'button',
    { type: 'button', class: 'k-date-button', 'aria-haspopup': 'dialog', disabled: input.disabled },
    icon(CALENDAR_ICON),
    element('span', { class: 'visually-hidden' }, buttonName(input)),
  );
  const box = element('div', { class: 'k-date' });
  input.replaceWith(box);
  box.append(input, button);
  button.addEventListener('click', () => pick(input, button));
  input.addEventListener('change', () => tidy(input));
}

function buttonName(input) {
  const label = input.labels?.[0]?.textContent.trim();
  return label ? `${words.openCalendar}: ${label}` : words.openCalendar;
}

async function pick(input, button) {
  const limits = { min: parse(input.dataset.min ?? ''), max: parse(input.dataset.max ?? '') };
  const chosen = await openCalendar(button, parse(input.value), limits);
  button.focus();
  if (!chosen) return;
  input.value = digits(write(chosen));
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

/** Show a typed date the way every date is shown; leave what is no date for the server to explain. */
function tidy(input) {
  const date = parse(input.value);
  if (date) input.value = digits(write(date));
}

// Dates are sent with Latin digits, whatever digits the page shows.
document.addEventListener('formdata', ({ target, formData }) => {
  for (const input of target.querySelectorAll('input[data-jdate][name]')) {
    if (formData.has(input.name)) formData.set(input.name, latin(input.value));
  }
});

// Repeating rows of a form: add, remove, renumber.

import { announceNew, once } from './dom.js';
import { digits } from './words.js';

export function start(root) {
  once(root, '[data-rows]', 'rowsReady', (list) => {
    list.addEventListener('click', (event) => clicked(list, event));
    refresh(list);
  });
}

function clicked(list, event) {
  const remove = event.target.closest('[data-remove-row]');
  const add = event.target.closest('[data-add-row]');
  const button = remove ?? add;
  if (!button || button.closest('[data-rows]') !== list) return;
  event.preventDefault();
  if (remove) removeRow(list, remove.closest('[data-row]'));
  else addRow(list);
  list.dispatchEvent(new Event('change', { bubbles: true }));
}

function addRow(list) {
  const template = list.querySelector('template[data-row-template]');
  const row = template.content.firstElementChild.cloneNode(true);
  const index = rowsOf(list).length;
  rewrite(row, (value) => value.replaceAll('__row__', String(index)));
  template.before(row);
  refresh(list);
  announceNew(row);
  firstField(row)?.focus();
}

function removeRow(list, row) {
  const position = rowsOf(list).indexOf(row);
  row.remove();
  const rows = rowsOf(list);
  const indexed = new RegExp(`(${escaped(list.dataset.rows)}[-.\\[])\\d+`, 'g');
  rows.forEach((other, index) => rewrite(other, (value) => value.replace(indexed, `$1${index}`)));
  refresh(list);
  const next = rows[Math.min(position, rows.length - 1)];
  (next ? firstField(next) : list.querySelector('[data-add-row]'))?.focus();
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function rowsOf(list) {
  return [...list.querySelectorAll('[data-row]')].filter((row) => row.closest('[data-rows]') === list);
}

/** Pass every attribute of an element and of all in it through a function. */
function rewrite(root, change) {
  for (const node of [root, ...root.querySelectorAll('*')]) {
    for (const attribute of node.attributes) {
      const value = change(attribute.value);
      if (value !== attribute.value) attribute.value = value;
    }
  }
}

function firstField(row) {
  return row.querySelector('input:not([type=hidden]):not(:disabled), select, textarea');
}

/** Write the row numbers and close the buttons that the limits do not allow. */
function refresh(list) {
  const rows = rowsOf(list);
  const fewest = Number(list.dataset.minRows ?? 0);
  const most = Number(list.dataset.maxRows ?? Infinity);
  rows.forEach((row, index) => {
    const number = row.querySelector('[data-row-number]');
    if (number) number.textContent = digits(index + 1);
    const remove = row.querySelector('[data-remove-row]');
    if (remove) remove.disabled = rows.length <= fewest;
  });
  const add = list.querySelector('[data-add-row]');
  if (add) add.disabled = rows.length >= most;
}

// The Jalali calendar as an accessible modal dialog: a grid of days moved through by keyboard.

import { element } from './dom.js';
import * as jalali from './jalali.js';
import { digits, language, words } from './words.js';

const rtl = document.documentElement.dir !== 'ltr';
const STEPS = {
  ArrowLeft: (date) => jalali.addDays(date, rtl ? 1 : -1),
  ArrowRight: (date) => jalali.addDays(date, rtl ? -1 : 1),
  ArrowUp: (date) => jalali.addDays(date, -7),
  ArrowDown: (date) => jalali.addDays(date, 7),
  Home: (date) => jalali.addDays(date, -jalali.weekday(date)),
  End: (date) => jalali.addDays(date, 6 - jalali.weekday(date)),
  PageUp: (date, shift) => jalali.addMonths(date, shift ? -12 : -1),
  PageDown: (date, shift) => jalali.addMonths(date, shift ? 12 : 1),
};

/** Ask for a date near an anchor; resolves to the date, or to null when the dialog is left. */
export function openCalendar(anchor, selected, limits = {}) {
  return new Promise((resolve) => new Calendar(anchor, selected, limits, resolve));
}

class Calendar {
  constructor(anchor, selected, limits, resolve) {
    Object.assign(this, { anchor, selected, limits, resolve, chosen: null });
    this.today = jalali.today();
    this.focused = this.clamp(selected ?? this.today);
    this.dialog = this.build();
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.place();
    this.show(this.focused);
  }

  build() {
    this.month = select(words.month, jalali.MONTHS[language].map((name, i) => [i + 1, name]));
    this.year = select(words.year, this.years().map((year) => [year, digits(year)]));
    this.grid = element('table', { role: 'grid', class: 'k-calendar-grid' }, weekdayHead(), element('tbody'));
    const dialog = element(
      'dialog',
      { class: 'k-calendar', 'aria-label': words.calendar },
      element(
        'div',
        { class: 'k-calendar-head' },
        this.button('‹', 'k-calendar-step', () => this.step('PageUp'), words.previousMonth),
        this.month,
        this.year,
        this.button('›', 'k-calendar-step', () => this.step('PageDown'), words.nextMonth),
      ),
      this.grid,
      element(
        'div',
        { class: 'k-calendar-foot' },
        this.button(words.today, 'btn btn-sm', () => this.choose(this.today)),
        this.button(words.close, 'btn btn-sm btn-ghost-secondary', () => this.dialog.close()),
      ),
    );
    this.listen(dialog);
    return dialog;
  }

  listen(dialog) {
    dialog.addEventListener('close', () => this.leave());
    dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
    this.grid.addEventListener('keydown', (event) => this.key(event));
    this.grid.addEventListener('click', ({ target }) => {
      const cell = target.closest('[data-day]');
      if (cell) this.choose({ ...this.focused, day: Number(cell.dataset.day) });
    });
    for (const box of [this.month, this.year]) {
      box.addEventListener('change', () => this.jump());
    }
  }

  button(text, className, action, label = null) {
    const node = element('button', { type: 'button', class: className, 'aria-label': label }, text);
    node.addEventListener('click', action);
    return node;
  }

  years() {
    const middle = this.focused.year;
    const first = Math.min(middle, this.today.year) - 30;
    const last = Math.max(middle, this.today.year) + 10;
    return Array.from({ length: last - first + 1 }, (_, i) => last - i);
  }

  /** Draw the month of a date and make that date the one the keyboard stands on. */
  show(date, keepFocus = false) {
    this.focused = this.clamp(date);
    const { year, month } = this.focused;
    this.month.value = String(month);
    if (![...this.year.options].some((option) => option.value === String(year))) {
      this.year.add(new Option(digits(year), String(year)));
    }
    this.year.value = String(year);
    this.grid.setAttribute('aria-label', `${jalali.MONTHS[language][month - 1]} ${digits(year)}`);
    this.grid.tBodies[0].replaceChildren(...this.weeks(year, month));
    if (!keepFocus) this.grid.querySelector('[tabindex="0"]').focus();
  }

  weeks(year, month) {
    const blank = Array(jalali.weekday({ year, month, day: 1 })).fill(null);
    const days = Array.from({ length: jalali.monthLength(year, month) }, (_, i) => i + 1);
    const cells = [...blank, ...days];
    while (cells.length % 7) cells.push(null);
    const rows = [];
    for (let i = 0; i < cells.length; i += 7) {
      rows.push(element('tr', {}, ...cells.slice(i, i + 7).map((day) => this.cell(year, month, day))));
    }
    return rows;
  }

  cell(year, month, day) {
    if (day === null) return element('td');
    const date = { year, month, day };
    return element(
      'td',
      {
        role: 'gridcell',
        'data-day': day,
        tabindex: jalali.same(date, this.focused) ? '0' : '-1',
        'aria-selected': String(Boolean(this.selected && jalali.same(date, this.selected))),
        'aria-current': jalali.same(date, this.today) ? 'date' : null,
        'aria-disabled': this.allowed(date) ? null : 'true',
        'aria-label': spoken(date),
      },
      digits(day),
    );
  }

  key(event) {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.choose(this.focused);
    } else if (event.key in STEPS) {
      event.preventDefault();
      this.show(STEPS[event.key](this.focused, event.shiftKey));
    }
  }

  step(key) {
    this.show(STEPS[key](this.focused), true);
  }

  jump() {
    const [year, month] = [Number(this.year.value), Number(this.month.value)];
    const day = Math.min(this.focused.day, jalali.monthLength(year, month));
    this.show({ year, month, day }, true);
  }

  choose(date) {
    if (!this.allowed(date)) return;
    this.chosen = date;
    this.dialog.close();
  }

  leave() {
    this.dialog.remove();
    this.resolve(this.chosen);
  }

  allowed(date) {
    return jalali.same(date, this.clamp(date));
  }

  clamp(date) {
    const { min, max } = this.limits;
    const day = jalali.toEpoch(date);
    if (min && day < jalali.toEpoch(min)) return min;
    if (max && day > jalali.toEpoch(max)) return max;
    return date;
  }

  /** Put the dialog beside its button; narrow screens place it by style sheet. */
  place() {
    const { left, right, top, bottom } = this.anchor.getBoundingClientRect();
    const { width, height } = this.dialog.getBoundingClientRect();
    const x = Math.max(8, Math.min(rtl ? left : right - width, innerWidth - width - 8));
    const y = bottom + 6 + height < innerHeight ? bottom + 6 : Math.max(8, top - height - 6);
    this.dialog.style.setProperty('--x', `${x}px`);
    this.dialog.style.setProperty('--y', `${y}px`);
  }
}

function select(label, options) {
  const box = element('select', { class: 'form-select form-select-sm', 'aria-label': label });
  for (const [value, text] of options) box.add(new Option(text, String(value)));
  return box;
}

function weekdayHead() {
  const names = jalali.WEEKDAYS[language];
  const cells = jalali.SHORT_WEEKDAYS[language].map((short, i) =>
    element('th', { scope: 'col', abbr: names[i] }, short),
  );
  return element('thead', {}, element('tr', {}, ...cells));
}

function spoken(date) {
  const day = jalali.WEEKDAYS[language][jalali.weekday(date)];
  return `${day} ${digits(date.day)} ${jalali.MONTHS[language][date.month - 1]} ${digits(date.year)}`;
}

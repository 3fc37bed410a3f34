// The Jalali calendar, computed by the browser's own Intl data.

import { latin } from './words.js';

const DAY = 86_400_000;
const format = new Intl.DateTimeFormat('en-u-ca-persian-nu-latn', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
});

export const MONTHS = {
  fa: 'فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند'.split(' '),
  en: 'Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand'.split(' '),
};

/** Names of the days from Saturday, the first day of an Iranian week. */
export const WEEKDAYS = {
  fa: ['شنبه', 'یکشنبه', 'دوشنبه', 'سه‌شنبه', 'چهارشنبه', 'پنجشنبه', 'جمعه'],
  en: ['Saturday', 'Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
};
export const SHORT_WEEKDAYS = {
  fa: ['ش', 'ی', 'د', 'س', 'چ', 'پ', 'ج'],
  en: ['Sa', 'Su', 'Mo', 'Tu', 'We', 'Th', 'Fr'],
};

/** Give year, month and day of an instant that stands for a UTC day. */
export function fromEpoch(milliseconds) {
  const parts = Object.fromEntries(
    format.formatToParts(milliseconds).map(({ type, value }) => [type, Number.parseInt(value, 10)]),
  );
  return { year: parts.year, month: parts.month, day: parts.day };
}

/** Give the UTC day of a Jalali date in milliseconds, or null if there is no such date. */
export function toEpoch({ year, month, day }) {
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  const before = month <= 7 ? (month - 1) * 31 : 186 + (month - 7) * 30;
  const guess = Date.UTC(year + 621, 2, 20 + before + day - 1);
  for (const shift of [0, 1, 2, -1, -2]) {
    const candidate = guess + shift * DAY;
    if (same(fromEpoch(candidate), { year, month, day })) return candidate;
  }
  return null;
}

export function same(one, other) {
  return one.year === other.year && one.month === other.month && one.day === other.day;
}

/** Give today's date in Iran. */
export function today() {
  const now = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Tehran' }).format(new Date());
  return fromEpoch(Date.parse(`${now}T00:00:00Z`));
}

/** Move a date by days. */
export function addDays(date, days) {
  return fromEpoch(toEpoch(date) + days * DAY);
}

/** Move a date by months; a day that the month lacks becomes its last day. */
export function addMonths(date, months) {
  const index = date.year * 12 + date.month - 1 + months;
  const year = Math.floor(index / 12);
  const month = (index % 12) + 1;
  return { year, month, day: Math.min(date.day, monthLength(year, month)) };
}

export function monthLength(year, month) {
  if (month <= 6) return 31;
  return toEpoch({ year, month, day: 30 }) === null ? 29 : 30;
}

/** Count the days since Saturday. */
export function weekday(date) {
  return (new Date(toEpoch(date)).getUTCDay() + 1) % 7;
}

/** Read a date typed with Persian or Latin digits; null if it is none. */
export function parse(text) {
  const match = /^\s*(\d{4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*$/.exec(latin(text));
  if (!match) return null;
  const [year, month, day] = match.slice(1).map(Number);
  return toEpoch({ year, month, day }) === null ? null : { year, month, day };
}

/** Write a date as 1405/09/03. */
export function write({ year, month, day }) {
  const two = (number) => String(number).padStart(2, '0');
  return `${year}/${two(month)}/${two(day)}`;
}

// What the scripts say to people, in the language of the page.

const WORDS = {
  fa: {
    openCalendar: 'باز کردن تقویم',
    calendar: 'انتخاب تاریخ',
    month: 'ماه',
    year: 'سال',
    previousMonth: 'ماه قبل',
    nextMonth: 'ماه بعد',
    today: 'امروز',
    close: 'بستن',
    chooseFile: 'انتخاب پرونده یا کشیدن آن به اینجا',
    chooseFiles: 'انتخاب پرونده‌ها یا کشیدن آن‌ها به اینجا',
    atMost: (size) => `حداکثر ${size}`,
    fileTooLarge: (name, size) => `حجم «${name}» بیشتر از ${size} است.`,
    megabytes: 'مگابایت',
    kilobytes: 'کیلوبایت',
    draftSaving: 'در حال ذخیرهٔ پیش‌نویس…',
    draftSaved: (time) => `پیش‌نویس ساعت ${time} ذخیره شد`,
    draftFailed: 'پیش‌نویس ذخیره نشد؛ با تغییر بعدی دوباره تلاش می‌شود',
    draftLoggedOut: 'پیش‌نویس ذخیره نشد: نشست شما پایان یافته است. در برگه‌ای دیگر دوباره وارد شوید',
    requestFailed: 'درخواست انجام نشد. اتصال شبکه را بررسی و دوباره تلاش کنید.',
    zoomIn: 'بزرگ‌نمایی',
    zoomOut: 'کوچک‌نمایی',
    zoomFit: 'نمایش همهٔ نمودار',
    fullScreen: 'تمام‌صفحه',
    diagramTools: 'ابزار نمودار',
    diagramKeys: 'کلیدهای جهت نمودار را جابه‌جا می‌کنند؛ + و - اندازه را تغییر می‌دهند، ۰ همهٔ نمودار و F تمام‌صفحه را نشان می‌دهد.',
    diagramHint: 'نمودار را بکشید تا جابه‌جا شود؛ Ctrl و چرخ موس آن را بزرگ یا کوچک می‌کند.',
    diagramLoading: 'نمودار در حال آماده شدن است…',
    diagramFailed: 'نمودار نشان داده نشد. صفحه را دوباره باز کنید.',
    legendDone: 'انجام‌شده',
    legendTaken: 'مسیر طی‌شده',
    legendCurrent: 'در جریان',
    legendFailed: 'متوقف به دلیل خطا',
    legendCount: 'شمار دفعات انجام',
    legendLink: 'نمودار زیرفرایند',
    openDiagram: (name) => `باز کردن نمودار «${name}»`,
    times: (count) => `${count} بار`,
  },
  en: {
    openCalendar: 'Open calendar',
    calendar: 'Choose a date',
    month: 'Month',
    year: 'Year',
    previousMonth: 'Previous month',
    nextMonth: 'Next month',
    today: 'Today',
    close: 'Close',
    chooseFile: 'Choose a file or drop it here',
    chooseFiles: 'Choose files or drop them here',
    atMost: (size) => `at most ${size}`,
    fileTooLarge: (name, size) => `“${name}” is larger than ${size}.`,
    megabytes: 'MB',
    kilobytes: 'KB',
    draftSaving: 'Saving draft…',
    draftSaved: (time) => `Draft saved at ${time}`,
    draftFailed: 'Draft not saved; the next change tries again',
    draftLoggedOut: 'Draft not saved: your session has ended. Log in again in another tab',
    requestFailed: 'The request failed. Check the network and try again.',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    zoomFit: 'Show the whole diagram',
    fullScreen: 'Full screen',
    diagramTools: 'Tools of the diagram',
    diagramKeys: 'Arrow keys move the diagram; + and - zoom, 0 shows the whole, F fills the screen.',
    diagramHint: 'Drag the diagram to move it; Ctrl and the wheel zoom.',
    diagramLoading: 'Preparing the diagram…',
    diagramFailed: 'The diagram could not be shown. Open the page again.',
    legendDone: 'Done',
    legendTaken: 'Path taken',
    legendCurrent: 'In progress',
    legendFailed: 'Stopped by an error',
    legendCount: 'How often done',
    legendLink: 'Diagram of the sub-process',
    openDiagram: (name) => `Open the diagram “${name}”`,
    times: (count) => `${count} times`,
  },
};

export const language = document.documentElement.lang.startsWith('en') ? 'en' : 'fa';
export const words = WORDS[language];

/** Write ASCII digits in the digits of the page. */
export function digits(value) {
  const text = String(value);
  return language === 'fa' ? text.replace(/\d/g, (digit) => '۰۱۲۳۴۵۶۷۸۹'[digit]) : text;
}

/** Write Persian and Arabic digits as ASCII digits. */
export function latin(text) {
  return text
    .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x06f0)
    .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x0660);
}

/** Write a size in bytes for people. */
export function fileSize(bytes) {
  const mega = bytes / 1048576;
  if (mega >= 1) return `${digits(Number(mega.toFixed(1)))} ${words.megabytes}`;
  return `${digits(Math.max(1, Math.round(bytes / 1024)))} ${words.kilobytes}`;
}

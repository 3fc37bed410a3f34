"""Jalali dates: read as people type them, write as they expect them (PROCEDURE 5.1)."""

import re
from datetime import date

import jdatetime

from forms.text import clean, to_ascii_digits, to_persian_digits

MONTHS_FA = [
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
]
MONTHS_EN = [
    "Farvardin",
    "Ordibehesht",
    "Khordad",
    "Tir",
    "Mordad",
    "Shahrivar",
    "Mehr",
    "Aban",
    "Azar",
    "Dey",
    "Bahman",
    "Esfand",
]
#: Monday first, as ``date.weekday`` counts.
WEEKDAYS_FA = ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه")
WEEKDAYS_EN = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_SHAPE = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})")
#: Years outside are slips: Gregorian dates, two-digit years.
FIRST_YEAR, LAST_YEAR = 1300, 1499


def parse_jalali(text: str) -> date:
    """Return the day that a person typed, in any digits, with / or -.

    Raises:
        ValueError: when it is no day of the years 1300 to 1499.

    """
    found = _SHAPE.fullmatch(to_ascii_digits(clean(text)))
    if found is None:
        raise ValueError("not a Jalali date")
    year, month, day = map(int, found.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError("the year is out of range")
    gregorian: date = jdatetime.date(year, month, day).togregorian()
    return gregorian


def format_jalali(day: date, language: str = "fa") -> str:
    """Return ``1405/09/03``, in Persian digits for Persian readers."""
    jalali = jdatetime.date.fromgregorian(date=day)
    text = f"{jalali.year:04}/{jalali.month:02}/{jalali.day:02}"
    return to_persian_digits(text) if language == "fa" else text


def format_long(day: date, language: str = "fa") -> str:
    """Return «سه‌شنبه ۳ آذر ۱۴۰۵» or “Tuesday 3 Azar 1405”."""
    jalali = jdatetime.date.fromgregorian(date=day)
    if language != "fa":
        return (
            f"{WEEKDAYS_EN[day.weekday()]} {jalali.day} {MONTHS_EN[jalali.month - 1]} {jalali.year}"
        )
    text = f"{WEEKDAYS_FA[day.weekday()]} {jalali.day} {MONTHS_FA[jalali.month - 1]} {jalali.year}"
    return to_persian_digits(text)

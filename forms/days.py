"""Days that expressions compute with: ends of days in Tehran, months and years of the Jalali year."""

from datetime import date, datetime, time, timedelta, timezone

import jdatetime

#: Iran has had no summer time since 1401.
TEHRAN = timezone(timedelta(hours=3, minutes=30))


def end_of_day(day: str) -> str:
    """Return the last second of an ISO day in Tehran; an instant's day is taken."""
    return datetime.combine(date.fromisoformat(day[:10]), time(23, 59, 59), TEHRAN).isoformat()


def _jalali(day: str) -> jdatetime.date:
    return jdatetime.date.fromgregorian(date=date.fromisoformat(day[:10]))


def _gregorian(year: int, month: int, day: int) -> date:
    """Return a Jalali day; the last of the month where the month is shorter."""
    for shorter in range(3):
        try:
            return jdatetime.date(year, month, day - shorter).togregorian()  # type: ignore[no-any-return]
        except ValueError:
            continue
    raise ValueError("no such day")


def months_before(day: str, count: int) -> str:
    """Return the ISO day so many Jalali months earlier."""
    start = _jalali(day)
    months = start.year * 12 + start.month - 1 - int(count)
    return _gregorian(months // 12, months % 12 + 1, start.day).isoformat()


def jalali_year_later(day: str) -> str:
    """Return the last day of the Jalali year that begins on an ISO day."""
    start = _jalali(day)
    later = _gregorian(start.year + 1, start.month, start.day)
    return (later - timedelta(days=1)).isoformat()

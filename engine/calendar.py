"""Working days (PROCEDURE 5.2): due = the n-th working day after the start day, at its end."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import bindparam, func, select

from engine.events import EventType
from engine.models import CalendarDay, EventLogEntry, WeekendRule

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TEHRAN = ZoneInfo("Asia/Tehran")
#: Due instant of a step without a deadline: sorts last.
NO_DUE = datetime(9999, 12, 30, tzinfo=UTC)
#: Farthest a deadline may lie, so that a wrong number cannot walk for ever.
MOST_WORKING_DAYS = 2_000
_DAYS = (
    select(CalendarDay.day, CalendarDay.kind)
    .where(CalendarDay.district.in_(["", bindparam("district")]))
    .order_by(CalendarDay.district)
)
_RULES = select(WeekendRule.valid_from, WeekendRule.days_off).order_by(WeekendRule.valid_from)
_VERSION = select(
    select(func.count())
    .select_from(EventLogEntry)
    .where(EventLogEntry.type == EventType.calendar_changed.value)
    .scalar_subquery(),
    select(func.count()).select_from(CalendarDay).scalar_subquery(),
    select(func.count()).select_from(WeekendRule).scalar_subquery(),
)
#: Jalali years seeded at a fresh start, as Gregorian years.
SEED_YEARS = range(2025, 2029)


def local_date(instant: datetime) -> date:
    """Return the day in Tehran."""
    return instant.astimezone(TEHRAN).date()


def end_of_day(day: date) -> datetime:
    """Return the last second of a day in Tehran."""
    return datetime.combine(day, time(23, 59, 59), TEHRAN)


@dataclass(frozen=True)
class Calendar:
    """The days off as they stand now."""

    #: Days that differ from the weekly rule: True where work is done all day.
    days: dict[date, bool] = field(default_factory=dict)
    #: (valid from, weekday numbers off), oldest first.
    weekends: tuple[tuple[date, frozenset[int]], ...] = ()

    def is_working_day(self, day: date) -> bool:
        """Tell whether a day counts for deadlines; half days do not."""
        if day in self.days:
            return self.days[day]
        off: frozenset[int] = frozenset({3, 4})
        for valid_from, days_off in self.weekends:
            if valid_from <= day:
                off = days_off
        return day.weekday() not in off

    def working_day_after(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after a day.

        Raises:
            ValueError: when count is negative or beyond ``MOST_WORKING_DAYS``.

        """
        if not 0 <= count <= MOST_WORKING_DAYS:
            raise ValueError("the number of working days is out of range")
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def due(self, start: datetime, count: int) -> datetime:
        """Return the end of the ``count``-th working day after an instant."""
        return end_of_day(self.working_day_after(local_date(start), count))

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after ``start`` up to and with ``end``; negative when past."""
        sign, low, high = (1, start, end) if start <= end else (-1, end, start)
        days = (low + timedelta(days=n) for n in range(1, (high - low).days + 1))
        return sign * sum(self.is_working_day(day) for day in days)


def load(session: "Session", district: str = "") -> Calendar:
    """Read the calendar that holds for a district."""
    connection = session.connection()
    days = connection.execute(_DAYS, {"district": district})
    rules = connection.execute(_RULES)
    return Calendar(
        {day: kind == "workday" for day, kind in days},
        tuple((valid_from, frozenset(days_off)) for valid_from, days_off in rules),
    )


class Kept:
    """A node's copy of the company's calendar: most steps ask for it and few change it.

    It is read anew when a change was logged anywhere, or when rows came or went without one.
    """

    def __init__(self) -> None:
        self._copy: tuple[object, Calendar] = (None, Calendar())

    def read(self, session: "Session") -> Calendar:
        """Return the calendar as it stands now."""
        version = session.connection().execute(_VERSION).one()
        known, copy = self._copy
        if version != known:
            copy = load(session)
            self._copy = version, copy
        return copy


def seed(session: "Session") -> int:
    """Copy Iran's public holidays from the package ``holidays`` into the editable table.

    Dates that the package marks as estimated are marked so. Rows that exist are left alone:
    people may have corrected them. Returns the number of rows added.
    """
    known = set(session.scalars(select(CalendarDay.day).where(CalendarDay.district == "")))
    if session.get(WeekendRule, date(2020, 1, 1)) is None:
        session.add(WeekendRule(valid_from=date(2020, 1, 1), days_off=[3, 4]))
    found = holidays.country_holidays("IR", years=SEED_YEARS, language="fa_IR")
    fresh = [(day, title) for day, title in sorted(found.items()) if day not in known]
    session.add_all(
        CalendarDay(
            day=day,
            kind="holiday",
            title_fa=title[:200],
            source="holidays",
            estimated="تخمینی" in title,
        )
        for day, title in fresh
    )
    return len(fresh)

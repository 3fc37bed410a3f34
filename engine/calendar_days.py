"""Correct the working calendar; deadlines that were set before stay as they are."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from engine.errors import Invalid, NotFound
from engine.events import EventType
from engine.history import record_system
from engine.models import CalendarDay, WeekendRule
from engine.transaction import Transaction
from forms.text import clean

#: What a day can be; only a working day counts for deadlines.
KINDS = {
    "holiday": {"fa": "تعطیل", "en": "Day off"},
    "half": {"fa": "نیمه‌تعطیل", "en": "Half day"},
    "workday": {"fa": "روز کاری", "en": "Working day"},
}


def between(tx: Transaction, begin: date, end: date) -> Sequence[CalendarDay]:
    """Return the company's special days from ``begin`` up to, not with, ``end``."""
    query = select(CalendarDay).where(
        CalendarDay.day >= begin, CalendarDay.day < end, CalendarDay.district == ""
    )
    return tx.session.scalars(query.order_by(CalendarDay.day)).all()


def weekends(tx: Transaction) -> Sequence[WeekendRule]:
    """Return the rules of the weekly days off, the newest first."""
    query = select(WeekendRule).order_by(WeekendRule.valid_from.desc())
    return tx.session.scalars(query).all()


def change(tx: Transaction, day: date, kind: str, title: str) -> CalendarDay:
    """Say what kind of day a day is.

    Raises:
        Invalid: for an unknown kind or an empty title.

    """
    title = clean(title)[:200]
    if kind not in KINDS or not title:
        raise Invalid("نوع روز و مناسبت آن را بنویسید.", "Give the kind of day and its occasion.")
    row = tx.session.get(CalendarDay, (day, ""))
    before = row.kind if row else ""
    if row is None:
        row = CalendarDay(day=day, district="")
        tx.session.add(row)
    row.kind, row.title_fa, row.source, row.estimated = kind, title, tx.actor.username, False
    data = {"day": day.isoformat(), "from": before, "to": kind, "title": title}
    record_system(tx, EventType.calendar_changed, data)
    return row


def remove(tx: Transaction, day: date) -> None:
    """Let the weekly rule hold for a day again.

    Raises:
        NotFound: when the day is no special one.

    """
    row = tx.session.get(CalendarDay, (day, ""))
    if row is None:
        raise NotFound
    tx.session.delete(row)
    data = {"day": day.isoformat(), "from": row.kind, "to": ""}
    record_system(tx, EventType.calendar_changed, data)


def change_weekend(tx: Transaction, valid_from: date, days_off: Iterable[int]) -> WeekendRule:
    """Set the weekly days off (Monday = 0) from a day on.

    Raises:
        Invalid: when no day or every day would be off.

    """
    off = sorted({day for day in days_off if 0 <= day <= 6})
    if not 1 <= len(off) <= 6:
        raise Invalid("دست‌کم یک روز هفته را تعطیل کنید.", "Choose at least one day of the week.")
    row = tx.session.get(WeekendRule, valid_from)
    if row is None:
        row = WeekendRule(valid_from=valid_from)
        tx.session.add(row)
    row.days_off = off
    data = {"weekend_from": valid_from.isoformat(), "days_off": off}
    record_system(tx, EventType.calendar_changed, data)
    return row

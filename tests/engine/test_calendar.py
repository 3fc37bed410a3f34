"""Working days: the procedure's vectors, holidays that people edit, weekends with a date."""

from datetime import date

import jdatetime
import pytest
from sqlalchemy.orm import Session

from engine import calendar
from engine.calendar import Calendar, end_of_day
from engine.models import CalendarDay, WeekendRule
from tests.engine.conftest import World

#: PROCEDURE 5.2: start, n, due with Thursday and Friday off, due with Friday off.
VECTORS = [
    ("1405/09/03", 5, "1405/09/10", "1405/09/09"),
    ("1405/09/03", 10, "1405/09/17", "1405/09/15"),
    ("1405/09/03", 30, "1405/10/19", "1405/10/09"),
    ("1405/12/17", 5, "1405/12/25", "1405/12/25"),
    ("1405/12/26", 5, "1406/01/11", "1406/01/09"),
    ("1405/04/01", 2, "1405/04/06", "1405/04/06"),
    ("1405/03/04", 3, "1405/03/10", "1405/03/09"),
    ("1406/01/01", 1, "1406/01/07", "1406/01/05"),
]


def _day(jalali: str) -> date:
    year, month, day = map(int, jalali.split("/"))
    return jdatetime.date(year, month, day).togregorian()


@pytest.mark.parametrize(("start", "count", "both", "friday"), VECTORS)
def test_due_days(world: World, start: str, count: int, both: str, friday: str) -> None:
    with world.engine.reading() as tx:
        assert tx.calendar.working_day_after(_day(start), count) == _day(both)
        days = tx.calendar.days
    only_friday = Calendar(days, ((date(2000, 1, 1), frozenset({4})),))
    assert only_friday.working_day_after(_day(start), count) == _day(friday)


def _add(session: Session, *rows: object) -> None:
    session.add_all(rows)


def test_an_edited_day_counts_at_once(world: World) -> None:
    start = _day("1405/09/03")
    with world.engine.transaction() as tx:
        extra = CalendarDay(day=_day("1405/09/04"), district="", kind="holiday", title_fa="آلودگی")
        extra.source = "official"
        _add(tx.session, extra)
    with world.engine.reading() as tx:
        assert tx.calendar.working_day_after(start, 1) == _day("1405/09/07")


def test_a_weekend_rule_holds_from_its_day_on(world: World) -> None:
    with world.engine.transaction() as tx:
        _add(tx.session, WeekendRule(valid_from=_day("1405/09/14"), days_off=[4, 5]))
    with world.engine.reading() as tx:
        assert not tx.calendar.is_working_day(_day("1405/09/12"))  # Thursday, old rule
        assert tx.calendar.is_working_day(_day("1405/09/19"))  # Thursday, new rule
        assert not tx.calendar.is_working_day(_day("1405/09/21"))  # Saturday, new rule


def test_seeding_again_leaves_corrections_alone(world: World) -> None:
    nowruz = _day("1406/01/02")
    with world.engine.transaction() as tx:
        tx.session.get_one(CalendarDay, (nowruz, "")).kind = "workday"
    with world.engine.transaction() as tx:
        assert calendar.seed(tx.session) == 0
        assert tx.calendar.is_working_day(nowruz)


def test_a_day_ends_in_tehran() -> None:
    assert end_of_day(date(2026, 12, 1)).isoformat() == "2026-12-01T23:59:59+03:30"


def test_days_between_count_both_ways() -> None:
    days = Calendar()
    tuesday, next_tuesday = date(2026, 11, 24), date(2026, 12, 1)
    assert days.working_days_between(tuesday, next_tuesday) == 5
    assert days.working_days_between(next_tuesday, tuesday) == -5
    assert days.working_days_between(tuesday, tuesday) == 0
    with pytest.raises(ValueError, match="out of range"):
        days.working_day_after(tuesday, -1)

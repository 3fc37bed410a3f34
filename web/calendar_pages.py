"""The working calendar: days off and the weekend, as people correct them."""

from datetime import date

import jdatetime
from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import calendar, calendar_days
from engine.errors import Invalid
from forms.jalali import parse_jalali
from forms.text import clean
from web.access import allow, only
from web.i18n import _
from web.pages import reading, show, step

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")
_KEEPERS = only("sysadmin", "service_desk_owner")


def _year(today: date) -> int:
    wanted = request.args.get("year", "")
    this: int = jdatetime.date.fromgregorian(date=today).year
    is_year = len(wanted) == 4 and wanted.isdecimal() and 1390 <= int(wanted) <= 1450
    return int(wanted) if is_year else this


@blueprint.get("")
@allow(_KEEPERS)
def index() -> ResponseReturnValue:
    """Show the days of a Jalali year that differ from the weekly rule."""
    with reading() as tx:
        year = _year(calendar.local_date(tx.now))
        begin = jdatetime.date(year, 1, 1).togregorian()
        end = jdatetime.date(year + 1, 1, 1).togregorian()
        return show(
            tx,
            "calendar/index.html",
            year=year,
            days=calendar_days.between(tx, begin, end),
            weekends=calendar_days.weekends(tx),
            kinds=calendar_days.KINDS,
        )


def _day() -> date:
    try:
        return parse_jalali(clean(request.form.get("day", "")))
    except ValueError as error:
        fa = "تاریخ درست نیست؛ مانند ۱۴۰۵/۰۹/۰۳ بنویسید."
        raise Invalid(fa, "The date is not right; write it as 1405/09/03.") from error


@blueprint.post("/days")
@allow(_KEEPERS)
def change_day() -> ResponseReturnValue:
    """Say what kind of day a day is."""
    day = _day()
    with step() as tx:
        calendar_days.change(tx, day, request.form.get("kind", ""), request.form.get("title", ""))
    flash(_("The calendar was changed; it holds for deadlines set from now on."), "success")
    return _back(day)


@blueprint.post("/days/remove")
@allow(_KEEPERS)
def remove_day() -> ResponseReturnValue:
    """Let the weekly rule hold for a day again."""
    day = _day()
    with step() as tx:
        calendar_days.remove(tx, day)
    flash(_("The weekly rule holds for that day again."), "success")
    return _back(day)


@blueprint.post("/weekends")
@allow(_KEEPERS)
def change_weekend() -> ResponseReturnValue:
    """Set the weekly days off from a day on."""
    day = _day()
    chosen = [number for number in range(7) if str(number) in request.form.getlist("off")]
    with step() as tx:
        calendar_days.change_weekend(tx, day, chosen)
    flash(_("The weekend was changed; it holds for deadlines set from now on."), "success")
    return _back(day)


def _back(day: date) -> ResponseReturnValue:
    year = jdatetime.date.fromgregorian(date=day).year
    return redirect(url_for("calendar.index", year=year), 303)

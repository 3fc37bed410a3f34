"""Calendar, incidents, notices: what they show and what their verbs do."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine import history, jobs
from engine.models import CalendarDay, EventLogEntry, Incident, WeekendRule
from tests.web.conftest import Site
from tests.web.persona import plain
from tests.workflows.journey import REASON, TODAY

YALDA = date(2026, 12, 21)  # 1405/09/30


def log_of(site: Site, kind: str) -> list[EventLogEntry]:
    """Return the entries of a kind that belong to no case."""
    with site.kartabl.reading() as tx:
        entries = history.entries(tx, history.SYSTEM_STREAM)
    return [each for each in entries if each.type == kind]


def test_a_day_off_shifts_the_deadlines_set_from_now_on(site: Site) -> None:
    keeper = site.persona("sysadmin")
    page = keeper.get("/calendar")
    assert "تقویم کاری ۱۴۰۵" in page.words
    values = {"day": "۱۴۰۵/۰۹/۰۴", "kind": "holiday", "title": "روز نمونه"}
    after = keeper.press(page, "/calendar/days", values)
    assert (after.answered, after.path) == (303, "/calendar")
    assert "روز نمونه" in after.words
    [entry] = log_of(site, "calendar:day:changed")
    assert entry.actor == "sysadmin"
    assert entry.data == {"day": "2026-11-25", "from": "", "to": "holiday", "title": "روز نمونه"}
    site.journey.start()  # two working days from Tuesday: Saturday without the day off
    [task] = site.journey.tasks().values()
    assert task.due_at.date() == date(2026, 11, 29)
    [remove] = [
        form
        for form in after.all("//form[@action='/calendar/days/remove']")
        if form.fields["day"] == "۱۴۰۵/۰۹/۰۴"
    ]
    posted = {"day": remove.fields["day"]}
    assert keeper.post("/calendar/days/remove", posted).response.location == "/calendar?year=1405"
    assert "روز نمونه" not in keeper.get("/calendar").words
    assert keeper.post("/calendar/days/remove", posted).status == 404
    assert site.journey.tasks()["t_register_request"].due_at == task.due_at


def test_a_day_of_the_calendar_is_changed_not_doubled(site: Site) -> None:
    keeper = site.persona("service_desk_owner")
    for kind in ("holiday", "half", "workday"):
        values = {"day": "1405/09/30", "kind": kind, "title": f"یلدا {kind}"}
        assert keeper.press(keeper.get("/calendar"), "/calendar/days", values).answered == 303
    with site.kartabl.reading() as tx:
        [day] = tx.session.scalars(select(CalendarDay).where(CalendarDay.day == YALDA))
    assert (day.kind, day.title_fa) == ("workday", "یلدا workday")
    for odd in ({"kind": "feast"}, {"title": " "}, {"kind": ""}):
        posted = {"day": "1405/09/30", "kind": "holiday", "title": "x"} | odd
        assert keeper.post("/calendar/days", posted).status == 422


def test_the_weekend_changes_from_a_day_on(site: Site) -> None:
    keeper = site.persona("sysadmin")
    page = keeper.get("/calendar")
    values = {"day": "1405/10/01", "off": ["4"]}
    after = keeper.press(page, "/calendar/weekends", values)
    assert "از ۱۴۰۵/۱۰/۰۱: جمعه" in after.words
    with site.kartabl.reading() as tx:
        rule = tx.session.get_one(WeekendRule, date(2026, 12, 22))
    assert rule.days_off == [4]
    assert keeper.post("/calendar/weekends", {"day": "1405/10/01"}).status == 422
    days = {"day": "1405/10/01", "off": list("0123456")}
    assert keeper.post("/calendar/weekends", days).status == 422


@pytest.mark.parametrize("year", ["1404", "1450", "1390", "۱۴۰۴"])
def test_the_calendar_of_another_year(site: Site, year: str) -> None:
    page = site.persona("sysadmin").get(f"/calendar?year={year}")
    assert page.status == 200
    wanted = int(year)
    assert {str(wanted - 1), str(wanted + 1)} <= {
        link.rpartition("=")[2] for link in page.links("/calendar?year=")
    }


def failing(site: Site, monkeypatch: pytest.MonkeyPatch) -> Incident:
    """Let the reminder of a late opinion fail, so that an incident opens."""

    def broken(*_args: object) -> None:
        raise ConnectionError("the mail server is away")

    handlers = {**site.kartabl.handlers, "remind": broken}
    monkeypatch.setattr(site.kartabl, "handlers", handlers)
    site.journey.now = TODAY + timedelta(days=40)
    jobs.run_due(site.kartabl)
    with site.kartabl.reading() as tx:
        return tx.session.scalars(select(Incident)).one()


@pytest.mark.parametrize("username", ["sysadmin", "service_desk_owner"])
def test_an_incident_is_seen_and_the_step_runs_again(
    at: Callable[[str], Site], monkeypatch: pytest.MonkeyPatch, username: str
) -> None:
    site = at("t_opinion")
    incident = failing(site, monkeypatch)
    assert site.journey.instance.state == "failed"
    keeper = site.persona(username)
    page = keeper.get("/incidents")
    assert "the mail server is away" in page.words
    case = site.persona("sales_deputy").get(f"/cases/{site.journey.id}")
    assert "متوقف به‌سبب خطا" in " ".join(case.texts("k-status"))
    assert "گامی خطا داد" in " ".join(case.texts("k-timeline-text"))
    action = f"/incidents/{incident.id}/retry"
    without = keeper.press(page, action)  # why it is tried again belongs into the log
    assert without.status == 422
    monkeypatch.undo()
    after = keeper.press(page, action, {"reason": "کارساز پست برگشت"})
    assert (after.answered, after.path) == (303, "/incidents")
    assert after.texts("k-empty")
    assert "کارساز پست برگشت" in after.words
    assert site.journey.instance.state == "running"
    assert keeper.post(action, {"reason": REASON}).status == 404
    with site.kartabl.reading() as tx:
        entries = history.entries(tx, site.journey.id)
    [resolved] = [each for each in entries if each.type == "incident:case:resolved"]
    assert (resolved.actor, resolved.data["reason"]) == (username, "کارساز پست برگشت")


def test_a_step_that_fails_again_stays_an_incident(
    at: Callable[[str], Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = at("t_opinion")
    incident = failing(site, monkeypatch)
    keeper = site.persona("sysadmin")
    page = keeper.get("/incidents")
    again = keeper.press(page, f"/incidents/{incident.id}/retry", {"reason": REASON})
    assert again.answered == 409
    assert "گام باز هم انجام نشد" in again.words
    assert "the mail server is away" in keeper.get("/incidents").words
    assert site.journey.instance.state == "failed"


def test_notices_are_read_one_by_one(at: Callable[[str], Site]) -> None:
    site = at("t_opinion")
    site.journey.wait(days=40)
    manager = site.persona("district_manager.ahar")
    page = manager.get("/notices")
    unread = page.all("//li[contains(@class, 'is-current')]")
    assert "یادآوری: «اعلام نظر مدیریت توزیع برق»" in plain(unread[0].text_content())
    badge = page.all("//a[@href='/notices']/span[contains(@class, 'k-count')]/text()")
    assert int(badge[0]) == len(unread) > 0
    [action] = unread[0].xpath(".//form/@action")
    after = manager.press(page, action)
    assert after.path == "/notices"
    assert len(after.all("//li[contains(@class, 'is-current')]")) == len(unread) - 1
    case = manager.press(after, action, button=("open", "1"))
    assert case.path == f"/cases/{site.journey.id}"
    assert site.persona("district_manager.marand").post(action).status == 404


def test_who_gets_no_notices_is_told_so(at: Callable[[str], Site]) -> None:
    site = at("t_opinion")
    empty = site.persona("tamna_manager").get("/notices")
    assert empty.texts("k-empty")[0].startswith("اعلانی نیست")
    assert not empty.all("//a[@href='/notices']/span[contains(@class, 'k-count')]")

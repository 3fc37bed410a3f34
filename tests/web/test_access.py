"""Who may open what: every route for every person, closed where nothing opens it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from engine.models import MessageSubscription, Notification, StoredFile, UserTask
from tests import installations
from tests.web.conftest import Site, engine_at, settings_at
from tests.web.persona import Persona
from tests.workflows.journey import OFFICE_CODE, REASON, Journey
from web import access
from web.app import create_app
from web.pages import STATIC
from workflows.demo import PASSWORD, people

#: Everybody who can log in.
ALL = frozenset(each.username for each in people())
DEPUTY, OWNER, MANAGER, HEAD = (
    "sales_deputy",
    "service_desk_owner",
    "district_manager.ahar",
    "district_cs_head.ahar",
)
OFFICE = f"office_manager.{OFFICE_CODE}"
KEEPERS = {"sysadmin", OWNER}
STARTERS = {DEPUTY, OWNER}
#: Those who see the new case of Ahar, which was refused and waits for the office's objection.
READERS = {"ceo", "auditor", DEPUTY, OWNER, MANAGER, HEAD, OFFICE}
INQUIRERS = READERS - {OFFICE}
#: Those who may record an objection: the office, or somebody for it.
OBJECTORS = {DEPUTY, OWNER, MANAGER, HEAD, OFFICE}
#: Those who see offices of all districts, and of Ahar; the office itself.
COMPANY = {
    "ceo",
    "auditor",
    DEPUTY,
    OWNER,
    "procurement",
    "hq_expert",
    "hq_expert2",
    "hq_inspector",
}


@dataclass(frozen=True)
class Row:
    """A route, who may open it, and what the others are told."""

    request: str
    status: int
    admitted: frozenset[str] | set[str] = ALL
    others: int = 403
    data: tuple[tuple[str, str], ...] = ()
    #: What a stranger gets: the way to the log-in page.
    stranger: int = 302


LOGIN = (("username", "auditor"), ("password", PASSWORD))
ROWS = [
    Row("GET /login", 302, stranger=200),
    Row("POST /login", 303, data=LOGIN, stranger=303),
    Row("POST /language", 303, data=(("language", "fa"),), stranger=303),
    Row("GET /static/dist/{asset}", 200, stranger=200),
    Row("GET /", 302),
    Row("GET /inbox", 200),
    Row("GET /cases", 200),
    Row("GET /offices", 200),
    Row("GET /processes", 200),
    Row("GET /processes/office_onboarding", 200),
    Row("GET /processes/office_onboarding.bpmn", 200),
    Row("GET /notices", 200),
    Row("GET /calendar", 200, KEEPERS),
    Row("POST /calendar/days", 422, KEEPERS),
    Row("POST /calendar/days/remove", 422, KEEPERS),
    Row("POST /calendar/weekends", 422, KEEPERS),
    Row("GET /incidents", 200, KEEPERS),
    Row("POST /incidents/1/retry", 404, KEEPERS, data=(("reason", REASON),)),
    Row("GET /cases/start", 200, STARTERS),
    Row("POST /cases/start", 404, STARTERS, data=(("process", "no_such"),)),
    Row("GET /cases/{case}", 200, READERS, 404),
    Row("GET /cases/{case}/office_onboarding.bpmn", 200, READERS, 404),
    Row("GET /cases/{case}/office_onboarding.json", 200, READERS, 404),
    Row("GET /cases/{case}/district_inquiry.bpmn", 200, INQUIRERS, 404),
    Row("GET /cases/{case}/district_inquiry.json", 200, INQUIRERS, 404),
    Row("GET /messages/{message}", 200, OBJECTORS),
    Row("POST /messages/{message}", 409, OBJECTORS),  # not from the page that is shown now
    Row("GET /files/{referral_scan}", 200, READERS, 404),
    Row("GET /offices/{office}", 200, COMPANY | READERS | {f"office_user.{OFFICE_CODE}"}, 404),
    # The manager's step of the demo's inquiry in Ahar.
    Row("GET /tasks/{task}", 200, {MANAGER}),
    Row("POST /tasks/{task}", 409, {MANAGER}),
    Row("POST /tasks/{task}/draft", 204, {MANAGER}),
    Row("POST /tasks/{task}/claim", 303, {MANAGER}),
    # He, or the deputy above him, hands it to a holder of the post.
    Row("POST /tasks/{task}/assign", 303, {MANAGER, DEPUTY}, data=(("username", MANAGER),)),
    Row("POST /tasks/{task}/unclaim", 303, {MANAGER}),
    # A notice to the manager of Ahar.
    Row("POST /notices/{notice}/read", 303, {MANAGER}, 404),
    # One's own access tokens: none is made without a name, and nobody has the first.
    Row("GET /tokens", 200),
    Row("POST /tokens", 422),
    Row("POST /tokens/1/revoke", 404),
    Row("GET /api/docs", 200),
    Row("POST /logout", 303),
]


@pytest.fixture(scope="module")
def refused(
    stages: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """Let the district refuse the new case once for all rows; name what addresses speak of."""
    place = tmp_path_factory.mktemp("refused") / "site"
    installations.copy(stages("t_opinion"), place)
    journey = Journey(engine_at(place), id=(place / "case").read_text())
    journey.do("t_opinion", outcome="reject", reason=REASON).do("t_notify_reject")
    names = _names(journey)
    journey.engine.close()
    return place, names


def _names(journey: Journey) -> dict[str, Any]:
    with journey.engine.transaction() as tx:
        tasks = tx.session.scalars(select(UserTask).where(UserTask.key == "t_ask_orgs")).all()
        notice = Notification(
            instance_id=journey.id,
            kind="reminder",
            role="district_manager",
            scope="ahar",
            text_fa="یادآوری",
            text_en="Reminder",
            created_at=tx.now,
            read_by=[],
        )
        tx.session.add(notice)
        tx.session.flush()
        scans = select(StoredFile.id).where(StoredFile.instance_id == journey.id)
        request = StoredFile.form_key == "office_onboarding/request"
        return {
            "case": journey.id,
            "message": tx.session.scalars(select(MessageSubscription.id)).one(),
            "task": next(each.id for each in tasks if each.state == "open"),
            "referral_scan": tx.session.scalars(scans.where(request)).first(),
            "office": OFFICE_CODE,
            "notice": notice.id,
            "asset": next((STATIC / "dist").glob("*.css")).name,
        }


@pytest.fixture
def scene(
    open_site: Callable[[Path], Site], refused: tuple[Path, dict[str, Any]]
) -> tuple[Site, dict[str, Any]]:
    """Give a copy of the site with the refused case."""
    return open_site(refused[0]), refused[1]


def _ask(persona: Persona, row: Row, names: dict[str, Any]) -> int:
    method, path = row.request.format(**names).split()
    if method == "GET":
        return persona.get(path).status
    return persona.post(path, dict(row.data)).status


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.request)
def test_every_route_for_every_person(scene: tuple[Site, dict[str, Any]], row: Row) -> None:
    site, names = scene
    before = installations.everything(site.kartabl)
    refused = {name: _ask(site.persona(name), row, names) for name in sorted(ALL - row.admitted)}
    assert refused == dict.fromkeys(refused, row.others)
    assert (
        installations.everything(site.kartabl) == before
    )  # who is refused changes nothing, and leaves no trace of a case
    assert _ask(site.stranger(), row, names) == row.stranger
    admitted = {name: _ask(site.persona(name), row, names) for name in sorted(row.admitted)}
    assert admitted == dict.fromkeys(admitted, row.status)


def test_every_route_has_a_row(flask_app: Flask) -> None:
    found = set()
    names = dict.fromkeys(("case", "message", "task", "referral_scan", "office", "asset"), "x")
    for row in ROWS:
        method, path = row.request.format(**names, notice=1).split()
        endpoint, _values = flask_app.url_map.bind("localhost").match(path, method)
        found.add((method, endpoint))
    routes = {
        (method, rule.endpoint)
        for rule in flask_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert found == routes
    assert None not in access.rules(flask_app).values()


def test_a_view_without_a_rule_answers_nobody(site: Site) -> None:
    app = create_app(settings_at(site.place), site.kartabl)
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret", methods=["GET", "POST"])
    assert access.rules(app)["forgotten"] is None
    for username in ("", "sales_deputy", "sysadmin"):
        persona = Persona(app.test_client(), username)
        if username:
            persona.log_in()
        page = persona.get("/forgotten")
        assert page.status == 403
        assert "secret" not in page.content.decode()

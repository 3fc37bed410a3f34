"""Access tokens: made and revoked on the page, worth no more than their person, never guessed."""

import re
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select, update

from engine import history, tokens
from engine.history import SYSTEM_STREAM
from engine.models import AccessToken, Assignment, EventLogEntry, User
from engine.tokens import FAILURES_PER_ADDRESS, MOST_TOKENS, Scope
from tests import installations
from tests.web.conftest import Site, settings_at
from tests.web.languages import foreign, typed_texts
from tests.web.persona import Persona
from tests.web.program import Program, program
from web.api.contract import ENDPOINTS
from web.app import create_app

TOKEN = re.compile(r"kbt_[A-Za-z0-9_-]{43}")
DEPUTY = "sales_deputy"


def make(persona: Persona, **changed: Any) -> Any:
    """Fill in the page's form and press its button."""
    values = {"name": "گزارش ماهانه", "scopes": ["read"], "days": "30", **changed}
    return persona.press(persona.open("/tokens"), "/tokens", values)


def logged(site: Site, kind: str) -> list[EventLogEntry]:
    """Return the system's log entries of a kind."""
    with site.kartabl.reading() as tx:
        assert history.verify(tx, SYSTEM_STREAM) is None
        query = select(EventLogEntry).where(EventLogEntry.type == kind)
        return list(tx.session.scalars(query.order_by(EventLogEntry.number)))


def rows(site: Site) -> list[AccessToken]:
    """Return all tokens of the database."""
    with site.kartabl.reading() as tx:
        return list(tx.session.scalars(select(AccessToken)))


def test_a_token_is_shown_once_and_only_its_hash_is_kept(site: Site) -> None:
    persona = site.persona(DEPUTY)
    page = make(persona)
    [text] = page.all("//input[@readonly]/@value")
    assert TOKEN.fullmatch(text)
    assert Program(site, text).read("/me")["username"] == DEPUTY

    again = persona.open("/tokens")
    assert text not in again.response.text
    assert text[:8] in again.words
    [row] = rows(site)
    assert row.digest == sha256(text.encode()).hexdigest()
    assert text not in repr(installations.everything(site.kartabl))
    [entry] = logged(site, "user:token:created")
    assert (entry.actor, entry.data["name"], entry.data["scopes"]) == (
        DEPUTY,
        "گزارش ماهانه",
        ["read"],
    )


def test_a_token_stops_when_its_owner_revokes_it(site: Site) -> None:
    persona = site.persona(DEPUTY)
    [text] = make(persona).all("//input[@readonly]/@value")
    page = persona.press(persona.open("/tokens"), f"/tokens/{rows(site)[0].id}/revoke")
    assert "باطل شد" in page.words
    assert Program(site, text).get("/me").status_code == 401
    assert [e.actor for e in logged(site, "user:token:revoked")] == [DEPUTY]


def test_nobody_revokes_or_sees_the_token_of_another(site: Site) -> None:
    theirs = program(site, DEPUTY)
    other = site.persona("auditor")
    assert other.post(f"/tokens/{rows(site)[0].id}/revoke").status == 404
    assert other.open("/tokens").all("//main//tbody") == []
    assert theirs.get("/me").status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"name": " "},
        {"name": "ن" * 81},
        {"scopes": []},
        {"scopes": ["read", "root"]},
        {"days": "0"},
        {"days": "366"},
        {"days": "-1"},
        {"days": "²"},
    ],
)
def test_what_cannot_be_made_is_said_and_not_made(site: Site, changed: dict[str, Any]) -> None:
    values = {"name": "گزارش", "scopes": ["read"], "days": "30", **changed}
    page = site.persona(DEPUTY).post("/tokens", values)
    assert page.status == 422
    assert page.texts("k-flash")
    assert rows(site) == []


def test_one_person_has_so_many_tokens_and_no_more(site: Site) -> None:
    for _ in range(MOST_TOKENS):
        program(site, DEPUTY)
    assert make(site.persona(DEPUTY)).status == 422
    assert make(site.persona("auditor")).status == 200
    with site.kartabl.transaction(site.journey.actor(DEPUTY)) as tx:
        tokens.revoke(tx, tokens.mine(tx)[0].id)
    assert make(site.persona(DEPUTY)).status == 200


def test_making_and_revoking_need_the_page_they_came_from(site: Site) -> None:
    client = site.persona(DEPUTY).client
    assert (
        client.post("/tokens", data={"name": "x", "scopes": "read", "days": "30"}).status_code
        == 400
    )
    assert rows(site) == []


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_pages_speak_both_languages(site: Site, language: str) -> None:
    persona = site.persona(DEPUTY).speak(language)
    made, refused = make(persona), persona.post("/tokens", {"name": "گزارش ماهانه"})
    listed, docs = persona.open("/tokens"), persona.open("/api/docs")
    for page in (made, refused, listed, docs):
        typed = {"گزارش ماهانه", *typed_texts(site.kartabl)}
        assert foreign(page, typed) == [], page.path
    assert ("دسترسی برنامه‌ها" in listed.words) == (language == "fa")
    assert ("Access tokens" in listed.words) == (language == "en")
    assert ("آغاز یک پرونده" in docs.words) == (language == "fa")
    for each in ENDPOINTS.values():
        assert f"/api/v1{each.path}" in docs.words
    persona.speak("fa")


def test_the_menu_leads_to_the_tokens(site: Site) -> None:
    assert "/tokens" in site.persona("auditor").open("/").all("//header//a/@href")


def test_a_token_ends_with_its_term(site: Site) -> None:
    mine = program(site, DEPUTY, days=1)
    site.journey.now += timedelta(hours=23, minutes=59)
    assert mine.get("/me").status_code == 200
    site.journey.now += timedelta(minutes=1)
    assert mine.get("/me").status_code == 401
    assert "منقضی" in site.persona(DEPUTY).open("/tokens").words


def test_a_blocked_persons_tokens_stop_at_once(site: Site) -> None:
    mine = program(site, DEPUTY)
    assert mine.get("/tasks").status_code == 200
    with site.kartabl.transaction() as tx:
        tx.session.execute(update(User).where(User.username == DEPUTY).values(active=False))
    assert mine.get("/tasks").status_code == 401


def test_a_token_loses_the_rights_that_its_person_loses(site: Site) -> None:
    mine = program(site, DEPUTY)
    assert mine.read("/instances")["items"]
    with site.kartabl.transaction() as tx:
        person = select(User.id).where(User.username == DEPUTY).scalar_subquery()
        ended = update(Assignment).where(Assignment.user_id == person)
        tx.session.execute(ended.values(valid_to=date(2026, 11, 23)))
    assert mine.read("/instances")["items"] == mine.read("/tasks")["items"] == []
    assert mine.read("/me")["posts"] == []
    assert mine.post("/instances", {"key": "office_onboarding"}).status_code == 403


SCOPED = [
    ("GET", "/me", Scope.read),
    ("GET", "/tasks", Scope.read),
    ("GET", "/instances", Scope.read),
    ("GET", "/definitions/office_onboarding/xml", Scope.read),
    ("POST", "/tasks/00000000-0000-4000-8000-000000000000/claim", Scope.work),
    ("POST", "/instances", Scope.start),
    ("GET", "/incidents", Scope.admin),
]


@pytest.mark.parametrize(("method", "path", "needed"), SCOPED)
def test_a_token_does_only_what_it_was_made_for(
    site: Site, method: str, path: str, needed: Scope
) -> None:
    less = program(site, "service_desk_owner", *(set(Scope) - {needed}))
    answer = less.open(method, path)
    assert (answer.status_code, answer.json["code"]) == (403, "scope_missing")
    enough = program(site, "service_desk_owner", needed).open(method, path)
    assert enough.status_code in (200, 404, 415)


def test_a_cookie_opens_nothing(site: Site) -> None:
    persona = site.persona(DEPUTY)
    assert persona.client.get("/inbox").status_code == 200
    for path in ("/api/v1/me", "/api/v1/tasks"):
        answer = persona.client.get(path)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert "Set-Cookie" not in answer.headers
    forged = {"X-CSRFToken": persona.token()}
    body = {"key": "office_onboarding"}
    assert persona.client.post("/api/v1/instances", json=body, headers=forged).status_code == 401


def test_beside_a_token_the_cookie_does_not_count(site: Site) -> None:
    headers = program(site, "auditor").headers
    answer = site.persona(DEPUTY).client.get("/api/v1/me", headers=headers)
    assert answer.json["username"] == "auditor"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic c2FsZXNfZGVwdXR5OmthcnRhYmwtZGVtbw==",
        "Bearer kbt_unknown",
        "Bearer \xff\xfe",
        "Bearer " + "kbt_" * 2000,
    ],
)
def test_what_is_no_token_is_refused(site: Site, header: str) -> None:
    answer = Program(site, headers={"Authorization": header}).get("/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_in_the_address_is_refused(site: Site) -> None:
    text = program(site, DEPUTY).token
    assert Program(site).get("/me", access_token=text).status_code == 401


def test_guessing_is_slowed_down_and_stops_nobody_else(site: Site) -> None:
    good = program(site, DEPUTY)
    for number in range(FAILURES_PER_ADDRESS):
        assert Program(site, f"kbt_{number}").get("/me").status_code == 401
    answer = Program(site, "kbt_one_more").get("/me")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert good.get("/me").status_code == 200
    assert len(logged(site, "user:token:refused")) == FAILURES_PER_ADDRESS
    site.journey.now += timedelta(minutes=16)
    assert Program(site, "kbt_one_more").get("/me").status_code == 401


def test_the_last_use_is_noted_once_a_minute(site: Site) -> None:
    mine = program(site, DEPUTY)
    begin = site.journey.now
    assert rows(site)[0].last_used_at is None
    for seconds, noted in ((0, 0), (59, 0), (60, 60), (90, 60), (121, 121)):
        site.journey.now = begin + timedelta(seconds=seconds)
        assert mine.get("/me").status_code == 200
        assert rows(site)[0].last_used_at == begin + timedelta(seconds=noted)


def test_demo_people_have_no_tokens_in_production(site: Site) -> None:
    text = program(site, DEPUTY).token
    app = create_app(settings_at(site.place, demo=False), site.kartabl)
    answer = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 401
    app.extensions["kartabl"].database.dispose()

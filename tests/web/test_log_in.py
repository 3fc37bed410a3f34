"""Logging in and out: what is told, how guessing slows down, when a session ends."""

import http.cookies
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.security import generate_password_hash

from engine import history
from engine.models import User
from tests.web.conftest import Site, settings_at
from tests.web.persona import Page, Persona
from tests.workflows.journey import TODAY
from web.app import create_app
from web.i18n import CHOICE
from workflows.demo import PASSWORD

WRONG = "نام کاربری یا گذرواژه درست نیست"


def app_of(site: Site, **given: Any) -> Persona:
    """Return a stranger at an application with other settings, on the same database."""
    app = create_app(settings_at(site.place, **given), site.kartabl)
    return Persona(app.test_client())


def attempt(persona: Persona, username: str, password: str) -> Page:
    """Type name and password; stay on the page that comes."""
    values = {"username": username, "password": password}
    return persona.press(persona.get("/login"), "/login", values)


def cookies(page: Page) -> dict[str, http.cookies.Morsel[str]]:
    """Return the cookies that an answer sets."""
    found: http.cookies.SimpleCookie = http.cookies.SimpleCookie()
    for header in page.response.headers.getlist("Set-Cookie"):
        found.load(header)
    return dict(found)


def test_who_guesses_is_not_told_which_names_exist(site: Site) -> None:
    known = attempt(site.stranger(), "auditor", "wrong")
    unknown = attempt(site.stranger(), "nobody", "wrong")
    assert known.status == unknown.status == 401
    assert known.texts("is-danger") == unknown.texts("is-danger")
    assert WRONG in known.texts("is-danger")[0]
    assert len(known.content) - len(unknown.content) == len("auditor") - len("nobody")
    assert known.all("//input[@name='username']/@value") == ["auditor"]
    assert known.all("//input[@name='password']/@value") == []
    with site.kartabl.reading() as tx:
        last = history.entries(tx, history.SYSTEM_STREAM)[-2:]
        assert history.verify(tx, history.SYSTEM_STREAM) is None
    assert [each.type for each in last] == ["user:session:refused"] * 2


def test_guessing_one_name_slows_down(site: Site) -> None:
    for _attempt in range(5):
        assert attempt(site.stranger(), "auditor", "wrong").status == 401
    shut = attempt(site.stranger(), "auditor", PASSWORD)
    assert shut.status == 429
    assert "پانزده دقیقه" in shut.words
    assert attempt(site.stranger(), "hq_expert", PASSWORD).path == "/inbox"
    site.journey.now = TODAY + timedelta(minutes=16)
    assert attempt(site.stranger(), "auditor", PASSWORD).path == "/inbox"


def test_guessing_from_one_address_slows_down(site: Site) -> None:
    for number in range(30):
        assert attempt(site.stranger(), f"guess{number}", "wrong").status == 401
    assert attempt(site.stranger(), "auditor", PASSWORD).status == 429


def test_a_right_password_forgets_the_failures(site: Site) -> None:
    for _round in range(3):
        for _attempt in range(4):
            assert attempt(site.stranger(), "auditor", "wrong").status == 401
        assert attempt(site.stranger(), "auditor", PASSWORD).path == "/inbox"


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 10_000, "é", "AUDITOR", "auditor\u200c", "' OR 1=1 --"]
)
def test_odd_names_are_refused_like_others(site: Site, name: str) -> None:
    stranger = site.stranger()
    form = stranger.get("/login").typed()
    posted = {key: values[-1] for key, values in form.items()} | {
        "username": name,
        "password": name,
    }
    assert Page(stranger.client.post("/login", data=posted)).status == 401


@pytest.mark.parametrize("demo", [True, False])
def test_the_session_cookie(site: Site, demo: bool) -> None:
    stranger = app_of(site, demo=demo)
    scheme = "http" if demo else "https"
    page = stranger.get("/login", base_url=f"{scheme}://localhost")
    cookie = cookies(page)["kartabl"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert bool(cookie["secure"]) is not demo
    assert cookie["path"] == "/"
    assert cookie["domain"] == ""
    assert ("Strict-Transport-Security" in page.response.headers) is not demo
    posted = {"language": "en", "csrf_token": page.form("/login").fields["csrf_token"]}
    answer = stranger.client.post(
        "/language",
        data=posted,
        base_url=f"{scheme}://localhost",
        headers={"Referer": f"{scheme}://localhost/login"},
    )
    choice = cookies(Page(answer))[CHOICE]
    assert (choice.value, choice["httponly"], choice["samesite"]) == ("en", True, "Lax")
    assert bool(choice["secure"]) is not demo


def test_demo_people_stay_outside_when_the_demo_is_off(site: Site) -> None:
    stranger = app_of(site, demo=False)
    base = "https://localhost"
    page = stranger.get("/login", base_url=base)
    assert PASSWORD not in page.content.decode()
    posted = {key: values[-1] for key, values in page.typed().items()}
    posted |= {"username": "sales_deputy", "password": PASSWORD}
    referer = {"Referer": f"{base}/login"}
    answer = Page(stranger.client.post("/login", data=posted, base_url=base, headers=referer))
    assert answer.status == 401
    assert WRONG in answer.words
    # A session from a demo that ran before, under the same key, is no way in either.
    inside = site.persona("sales_deputy").client.get_cookie("kartabl")
    assert inside is not None
    stranger.client.set_cookie("kartabl", inside.value, secure=True)
    assert stranger.get("/inbox", base_url=base).status == 302


def test_the_demo_names_its_log_ins(site: Site) -> None:
    page = site.stranger().get("/login")
    assert PASSWORD in page.words
    assert "district_manager.ahar" in page.words


def change(site: Site, **values: Any) -> None:
    """Change the auditor's account."""
    with site.kartabl.transaction() as tx:
        user = tx.session.scalars(select(User).where(User.username == "auditor")).unique().one()
        for name, value in values.items():
            setattr(user, name, value)


@pytest.mark.parametrize(
    "values",
    [
        {"password_hash": generate_password_hash("another", method="pbkdf2:sha256:1")},
        {"active": False},
    ],
    ids=["new password", "blocked"],
)
def test_a_session_ends_with_the_account(site: Site, values: dict[str, Any]) -> None:
    persona = site.persona("auditor")
    assert persona.get("/inbox").status == 200
    change(site, **values)
    assert persona.get("/inbox").status == 302
    assert attempt(site.stranger(), "auditor", PASSWORD).status == 401


def test_a_post_that_ended_opens_nothing(site: Site) -> None:
    persona = site.persona("sales_deputy")
    assert persona.get("/cases/start").status == 200
    with site.kartabl.transaction() as tx:
        query = select(User).where(User.username == "sales_deputy")
        user = tx.session.scalars(query).unique().one()
        for post in user.assignments:
            post.valid_to = TODAY.date() - timedelta(days=1)
    assert persona.get("/cases/start").status == 403
    assert persona.get("/inbox").texts("k-empty")


def test_a_log_out_ends_it_here(site: Site) -> None:
    persona = site.persona("auditor")
    page = persona.press(persona.get("/inbox"), "/logout")
    assert page.path == "/login"
    assert persona.get("/inbox").status == 302
    with site.kartabl.reading() as tx:
        assert history.entries(tx, history.SYSTEM_STREAM)[-1].type == "user:session:ended"


def test_a_log_in_begins_an_empty_session(site: Site) -> None:
    """A token that somebody planted before the log-in is worth nothing after it."""
    persona = Persona(site.app.test_client(), "auditor")
    before = persona.get("/login").form("/login").fields["csrf_token"]
    persona.log_in()
    posted = {"csrf_token": before, "language": "en"}
    assert Page(persona.client.post("/language", data=posted)).status == 400


def test_the_language_is_remembered(site: Site) -> None:
    persona = site.persona("auditor").speak("en")
    assert persona.get("/inbox").tree.get("dir") == "ltr"
    fresh = Persona(site.app.test_client(), "auditor")
    assert fresh.log_in().tree.get("lang") == "en"  # it belongs to the account
    stranger = site.stranger()
    assert stranger.get("/login").tree.get("lang") == "fa"
    page = stranger.press(stranger.get("/login"), "/language", button=("language", "en"))
    assert (page.tree.get("lang"), page.path) == ("en", "/login") or page.path == "/login"
    assert stranger.get("/login").tree.get("lang") == "en"
    for odd in ("de", "", "fa ", "x" * 5000):
        answer = persona.post("/language", {"language": odd, "next": "/cases"})
        assert answer.response.location == "/cases"
        assert persona.get("/inbox").tree.get("lang") == "en"


@pytest.mark.parametrize("value", ["x", "0:x", "999999999:x", ":", "1", "-1:x"])
def test_a_forged_session_is_nobody(site: Site, value: str) -> None:
    persona = site.stranger()
    with persona.client.session_transaction() as session:
        session["_user_id"] = value
    assert persona.get("/inbox").status == 302

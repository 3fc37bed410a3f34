"""Whatever is sent, nobody meets a fault: odd queries, addresses, numbers, hosts, on both databases."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import text

from tests.forms.samples import SAMPLES
from tests.web.conftest import Site, settings_at
from tests.web.persona import Page, Persona, fields_of
from tests.workflows.journey import DOES
from web import wiring
from web.app import create_app

BIG = "9" * 5000
#: Values as they stand in an address, percent-encoded where they are no text.
ODD = [
    "%00",
    "a%00b",
    "%ED%A0%80",  # half of a surrogate pair
    "%FF%FE",
    "%F4%90%80%80",  # beyond Unicode
    "%E2%80%AE%E2%80%8F",  # direction marks only
    "%F0%9F%98%80" * 50,
    quote("ي‌ك‍ـ" * 40),
    quote("%_\\'\";--"),
    quote("{{7*7}}${7*7}<script>alert(1)</script>"),
    "9" * 25,
    BIG,
    quote("۹" * 5000),
    quote("²"),
    "-1",
    "1e999",
    "2026-01-01~x",
    "2026-01-01T00:00:00~x",
    "0001-01-01T00:00:00+23:59~x",
    "9999-12-31T23:59:59-23:59~x",
    "2026-01-01T00:00:00+00:00~%00",
    "~",
    "a" * 20_000,
]
QUERIES = [
    "/inbox?view={}",
    "/inbox?q={}",
    "/inbox?process={}",
    "/inbox?district={}",
    "/inbox?lateness={}",
    "/inbox?after={}",
    "/cases?q={}",
    "/cases?process={}",
    "/cases?district={}",
    "/cases?state={}",
    "/cases?after={}",
    "/offices?q={}",
    "/offices?district={}",
    "/offices?status={}",
    "/offices?after={}",
    "/calendar?year={}",
    "/login?next={}",
]
#: Names that a link to the next page may not take over as they are.
KEYWORDS = (
    "endpoint",
    "_anchor",
    "_external",
    "_scheme",
    "_method",
    "self",
    "values",
    "view",
    "after",
)
ADDRESSES = [
    "/tasks/{}",
    "/cases/{}",
    "/cases/{}/office_onboarding.json",
    "/messages/{}",
    "/offices/{}",
    "/files/{}",
    "/processes/{}",
    "/processes/{}.bpmn",
    "/static/{}",
]


@pytest.fixture
def owner(site: Site) -> Persona:
    """Give somebody who opens most pages."""
    return site.persona("service_desk_owner")


def sane(page: Page) -> bool:
    """Tell whether an answer is no fault of ours and hands no markup back."""
    return page.status < 500 and b"<script>alert" not in page.content


@pytest.mark.parametrize("query", QUERIES)
def test_odd_queries(owner: Persona, query: str) -> None:
    for odd in ODD:
        page = owner.get(query.format(odd))
        assert sane(page), odd[:40]
        assert page.status == 400 if "%00" in odd else page.status in (200, 302), odd[:40]


@pytest.mark.parametrize("address", ADDRESSES)
def test_odd_addresses(owner: Persona, address: str) -> None:
    for odd in ODD:
        page = owner.get(address.format(odd))
        assert sane(page), odd[:40]
        assert page.status == 400 if "%00" in odd else page.status in (404, 409), odd[:40]


@pytest.mark.parametrize("path", ["/notices/{}/read", "/incidents/{}/retry"])
def test_odd_numbers_in_addresses(owner: Persona, path: str) -> None:
    for odd in ("0", "-1", "9" * 25, BIG, "1.5", "%D9%A1"):
        assert owner.post(path.format(odd), {"reason": "x"}).status == 404, odd[:40]
    assert owner.post(path.format("1"), {"reason": "a\0b"}).status == 400


@pytest.mark.parametrize("page", ["/inbox", "/cases", "/offices"])
def test_the_pager_takes_no_orders_from_the_address(owner: Persona, page: str) -> None:
    for name in KEYWORDS:
        answer = owner.get(f"{page}?after=72030101&{name}=javascript&q=x&q=y")
        assert answer.status == 200, name
        addresses = answer.all("//nav[@class='k-pager']//a/@href")
        assert all(each.startswith(page) for each in addresses), addresses


@pytest.mark.parametrize("typed", ["²", "--5", "x", BIG, "-" * 5000, "1_0", "0x10", "۱۲٫۵"])
def test_odd_numbers_in_a_form(at: Callable[[str], Site], typed: str) -> None:
    site = at("t_field_review")
    persona = site.persona(DOES["t_field_review"])
    page = persona.get(f"/tasks/{site.journey.tasks()['t_field_review'].id}")
    values = fields_of(SAMPLES["district_inquiry/field_review"])
    answer = persona.press(page, values=values | {"nearby_offices": typed})
    assert answer.status == 422
    assert answer.error_at("nearby_offices")
    assert answer.typed()["nearby_offices"] == [typed]


@pytest.mark.parametrize("revision", ["", "-1", "²", "1.0", "٣", BIG])
def test_an_odd_revision_is_a_stale_page(at: Callable[[str], Site], revision: str) -> None:
    site = at("t_check_docs")
    persona = site.persona("sales_deputy")
    path = f"/tasks/{site.journey.tasks()['t_check_docs'].id}"
    answer = persona.post(path, {"_revision": revision, "outcome": "complete"})
    assert answer.status == 409
    assert site.journey.open() == {"t_check_docs"}


def test_odd_days_in_the_calendar(owner: Persona) -> None:
    for odd in ("", "x", "1405/13/01", "9999/01/01", BIG, "۱۴۰۵", "1405/12/31"):
        answer = owner.post("/calendar/days", {"day": odd, "kind": "holiday", "title": "x"})
        assert answer.status == 422, odd[:20]
        assert "تاریخ درست نیست" in answer.words
    for off in ("x", BIG, "²", "7", "-1", ""):
        answer = owner.post("/calendar/weekends", {"day": "1405/09/03", "off": off})
        assert answer.status == 422, off[:20]


def test_only_named_hosts_are_answered(site: Site) -> None:
    settings = settings_at(site.place, hosts="kartabl.example, other.example")
    client = create_app(settings, site.kartabl).test_client()
    for host in ("kartabl.example", "other.example", "kartabl.example:8000"):
        assert Page(client.get("/login", headers={"Host": host})).status == 200, host
    for host in ("evil.example", "", "a" * 300, "kartabl.example.evil", "[", "x y", "۱"):
        answer = Page(client.get("/login", headers={"Host": host}))
        assert answer.status == 400, host
        assert "evil" not in answer.content.decode()
        assert answer.response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_fault_of_ours_is_a_page_and_changes_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_options: Any) -> None:
        raise ZeroDivisionError("a secret of the inside")

    persona = site.persona("sales_deputy")
    [address] = persona.get("/inbox").links("/tasks/")
    monkeypatch.setitem(site.app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr("engine.execution.settle", broken)
    answer = persona.press(persona.get(address), values={"outcome": "complete"})
    assert answer.status == 500
    assert "چیزی تغییر نکرد" in answer.words
    assert "secret" not in answer.content.decode()
    monkeypatch.undo()
    assert address in persona.get("/inbox").links("/tasks/")


@pytest.fixture
def on_postgres(postgres_url: str, prepared: Path, tmp_path: Path) -> Iterator[Persona]:
    """Give the same person on an installation in PostgreSQL."""
    settings = settings_at(tmp_path, database_url=postgres_url)
    kartabl = wiring.engine(settings)
    wiring.prepare(kartabl)
    wiring.prepare_demo(kartabl)
    persona = Persona(create_app(settings, kartabl).test_client(), "service_desk_owner")
    persona.log_in()
    yield persona
    with kartabl.database.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    kartabl.database.dispose()


@pytest.mark.postgres
def test_odd_input_on_postgres(on_postgres: Persona) -> None:
    telling = [odd for odd in ODD if "%" in odd[:4] or "~" in odd or odd == BIG]
    faults = [
        pattern.format(odd)[:80]
        for pattern in (*QUERIES, *ADDRESSES)
        for odd in telling
        if not sane(on_postgres.get(pattern.format(odd)))
    ]
    assert faults == []
    stranger = Persona(on_postgres.client.application.test_client())
    form = stranger.get("/login").typed()
    for name, status in (("a\0b", 400), ("x" * 5000, 401), ("\ud7ff", 401)):
        posted = {"csrf_token": form["csrf_token"], "username": name, "password": name}
        assert Page(stranger.client.post("/login", data=posted)).status == status

"""What a browser is told, and what a hostile one gets: tokens, headers, redirects, odd input."""

import pytest
from sqlalchemy import select

from engine.models import UserTask
from tests.web.conftest import Site
from tests.web.persona import Page, Persona
from workflows.demo import PASSWORD

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
LOG_IN = {"username": "auditor", "password": PASSWORD}
#: Every page of the site that has an address of its own, with what is in the demo.
PAGES = ("/inbox", "/cases", "/cases/start", "/offices", "/offices/72030101", "/processes")
MORE_PAGES = (
    "/processes/office_onboarding",
    "/notices",
    "/calendar",
    "/incidents",
    "/tokens",
    "/api/docs",
)


def all_pages(site: Site) -> list[Page]:
    """Open every kind of page, as far as somebody may see it, and the kinds of refusals."""
    owner, deputy = site.persona("service_desk_owner"), site.persona("sales_deputy")
    with site.kartabl.reading() as tx:
        tasks = tx.session.scalars(select(UserTask)).all()
    closed = next(each for each in tasks if each.key == "t_register_request")
    opened = next(each for each in tasks if each.key == "t_check_docs" and each.state == "open")
    addresses = [*PAGES, *MORE_PAGES, f"/cases/{opened.instance_id}"]
    pages = [owner.get(path) for path in addresses]
    pages += [deputy.get(f"/tasks/{each.id}") for each in (closed, opened)]
    assert {page.status for page in pages} == {200}
    pages.append(deputy.press(pages[-1]))
    pages += [deputy.get("/calendar"), deputy.get("/nowhere"), owner.get("/logout")]
    pages += [site.stranger().get("/login"), site.stranger().get("/inbox")]
    pages.append(Page(site.stranger().client.post("/login", data={"username": "x"})))
    assert {page.status for page in pages[-7:]} == {422, 403, 404, 405, 200, 302, 400}
    return pages


def test_headers_on_every_answer(site: Site) -> None:
    for page in all_pages(site):
        headers = page.response.headers
        assert {name: headers[name] for name in HEADERS} == HEADERS, page.path
        policy = dict(
            part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "Server" not in headers


def test_no_script_and_no_style_inside_a_page(site: Site) -> None:
    for page in all_pages(site):
        if page.status == 302:
            continue
        assert page.all("//script[not(@src)]") == []
        assert page.all("//style") == []
        assert page.all("//@style") == []
        assert page.all("//@*[starts-with(name(), 'on')]") == []
        addresses = page.all("//@href|//@src|//@action|//@formaction")
        assert all(address.startswith(("/", "#")) for address in addresses), addresses
        ids = page.all("//*/@id")
        assert len(ids) == len(set(ids)), page.path


def test_built_files_are_kept_for_ever_and_carry_no_cookie(site: Site) -> None:
    persona = site.persona("sales_deputy")
    address = persona.get("/inbox").all("//link[@rel='stylesheet']/@href")[0]
    answer = persona.get(address)
    assert answer.status == 200
    assert "immutable" in answer.response.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.response.headers
    for name in (
        "../app.py",
        "..%2fapp.py",
        "dist/../../app.py",
        "%2e%2e/settings.py",
        "/etc/passwd",
    ):
        assert persona.get(f"/static/{name}").status in (404, 308), name


@pytest.mark.parametrize("token", [None, "", "wrong", "x" * 5000, "\0", "é"])
def test_a_form_without_the_right_token_changes_nothing(site: Site, token: str | None) -> None:
    persona = site.persona("sales_deputy")
    [address] = persona.get("/inbox").links("/tasks/")
    for path in (f"{address}/claim", address, "/cases/start", "/language"):
        data = {"process": "office_onboarding"} | ({} if token is None else {"csrf_token": token})
        answer = Page(persona.client.post(path, data=data))
        assert answer.status == 400, path
        assert "دوباره بازش کنید" in answer.words
    assert persona.get("/inbox").texts("k-task-who") == ["آزاد"]


def test_a_token_of_another_session_does_not_fit(site: Site) -> None:
    persona, other = site.persona("sales_deputy"), site.persona("auditor")
    [address] = persona.get("/inbox").links("/tasks/")
    data = {"csrf_token": other.token()}
    assert Page(persona.client.post(f"{address}/claim", data=data)).status == 400


def test_what_was_typed_is_shown_when_the_token_is_old(site: Site) -> None:
    persona = site.persona("sales_deputy")
    [address] = persona.get("/inbox").links("/tasks/")
    answer = Page(persona.client.post(address, data={"note": "یک جملهٔ بلند", "csrf_token": "old"}))
    assert "یک جملهٔ بلند" in answer.words
    stranger = Page(site.stranger().client.post("/login", data={"password": "my pass phrase"}))
    assert "pass phrase" not in stranger.content.decode()


AWAY = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example/inbox",
    "https:evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "///evil.example",
    "inbox",
    "http://[",
    "//[::1",
]


@pytest.mark.parametrize("target", AWAY)
def test_no_redirect_leads_away(site: Site, target: str) -> None:
    stranger = site.stranger()
    page = stranger.get("/login", query_string={"next": target})
    assert page.status == 200
    assert page.typed()["next"] == ["/"]
    posted = {name: v[-1] for name, v in page.typed().items()} | LOG_IN | {"next": target}
    assert Page(stranger.client.post("/login", data=posted)).response.location == "/"
    assert stranger.get("/login", query_string={"next": target}).response.location == "/"
    answer = site.persona("auditor").post("/language", {"next": target, "language": "fa"})
    assert answer.response.location == "/"
    came_from = {"Referer": target.replace("\n", "")}
    referred = Page(site.stranger().client.post("/cases/start", headers=came_from))
    path, _, asked = referred.response.location.partition("?next=")
    assert path == "/login"
    assert asked in ("/", "/inbox", "/evil.example")  # a path of this site


def test_a_log_in_leads_back_to_the_page_that_was_asked_for(site: Site) -> None:
    persona = Persona(site.app.test_client(), "auditor")
    asked = persona.get("/offices?q=اهر")
    assert asked.status == 302
    page = persona.press(persona.get(asked.response.location), "/login", LOG_IN)
    assert page.path == "/offices"
    assert page.all("//main//input[@name='q']/@value") == ["اهر"]

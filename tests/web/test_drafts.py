"""Drafts: kept over a log-out, one's own, gone with the submission."""

from collections.abc import Callable

import pytest

from engine import identity
from tests.forms.samples import SAMPLES
from tests.web.conftest import Site
from tests.web.persona import Persona, Upload, fields_of
from workflows.demo import PASSWORD

REQUEST = fields_of(SAMPLES["office_onboarding/request"])
KEPT = {"office_name": "نیمه‌کاره", "licence_valid_to": "هنوز نمی‌دانم", "district": "ahar"}


@pytest.fixture
def drafted(at: Callable[[str], Site]) -> tuple[Site, Persona, str]:
    """Let the deputy keep a half-filled form with one file."""
    site = at("t_register_request")
    persona = site.persona("sales_deputy")
    page = persona.get(f"/tasks/{site.journey.tasks()['t_register_request'].id}")
    values = KEPT | {"ref_scan": Upload()}
    kept = persona.press(page, values=values, button=("_save_draft", "1"))
    assert (kept.answered, kept.path) == (303, page.path)
    assert "پیش‌نویس" in kept.texts("is-success")[0]
    return site, persona, page.path


def test_it_survives_a_log_out(drafted: tuple[Site, Persona, str]) -> None:
    _site, persona, path = drafted
    assert persona.press(persona.get("/inbox"), "/logout").path == "/login"
    assert persona.get(path).status == 302
    page = persona.log_in(to=path)
    assert page.path == path
    typed = page.typed()
    assert {name: typed[name] for name in KEPT} == {name: [text] for name, text in KEPT.items()}
    assert len(typed["ref_scan"]) == 1
    assert "پیش‌نویس" in page.words


def test_it_is_nobody_elses(drafted: tuple[Site, Persona, str]) -> None:
    site, _persona, path = drafted
    with site.kartabl.transaction() as tx:
        posts = [("sales_deputy", "")]
        identity.add_user(tx, "deputy2", "همکار", "Colleague", PASSWORD, posts, demo=True)
    colleague = Persona(site.app.test_client(), "deputy2")
    page = colleague.log_in(to=path)
    assert page.typed()["office_name"] == [""]
    assert "ref_scan" not in page.typed()
    assert "پیش‌نویس شما" not in page.words
    theirs = colleague.press(page, values={"office_name": "دیگر"}, button=("_save_draft", "1"))
    assert theirs.typed()["office_name"] == ["دیگر"]
    assert _persona.get(path).typed()["office_name"] == [KEPT["office_name"]]


def test_a_colleague_who_is_faster_costs_nobody_what_he_typed(
    drafted: tuple[Site, Persona, str],
) -> None:
    site, _persona, path = drafted
    with site.kartabl.transaction() as tx:
        posts = [("sales_deputy", "")]
        identity.add_user(tx, "deputy2", "همکار", "Colleague", PASSWORD, posts, demo=True)
    slower = Persona(site.app.test_client(), "deputy2")
    page = slower.log_in(to=path)
    slower.press(page, values={"office_name": "دیرتر"}, button=("_save_draft", "1"))
    site.journey.do("t_register_request")
    assert "دیرتر" in slower.get(path).words


def test_it_goes_with_the_submission(drafted: tuple[Site, Persona, str]) -> None:
    site, persona, path = drafted
    refused = persona.press(persona.get(path))
    assert refused.status == 422
    assert persona.get(path).typed()["office_name"] == [KEPT["office_name"]]
    done = persona.press(refused, values={k: v for k, v in REQUEST.items() if k != "ref_scan"})
    assert done.answered == 303
    assert site.journey.open() == {"t_check_docs"}
    closed = persona.get(path)
    assert KEPT["office_name"] not in closed.words
    assert "دیگر باز نیست" in closed.words


def test_the_page_keeps_it_by_itself(drafted: tuple[Site, Persona, str]) -> None:
    _site, persona, path = drafted
    form = persona.get(path).form()
    assert form.get("data-draft-url") == f"{path}/draft"
    answer = persona.post(f"{path}/draft", {"office_name": "تازه‌تر", "no_such": "x"})
    assert (answer.status, answer.content) == (204, b"")
    page = persona.get(path)
    assert page.typed()["office_name"] == ["تازه‌تر"]
    assert page.typed()["licence_valid_to"] == [""]


def test_a_refused_upload_does_not_cost_the_draft(at: Callable[[str], Site]) -> None:
    site = at("t_register_request")
    persona = site.persona("sales_deputy")
    page = persona.get(f"/tasks/{site.journey.tasks()['t_register_request'].id}")
    values = KEPT | {"ref_scan": Upload(b"MZ", "x.pdf")}
    refused = persona.press(page, values=values, button=("_save_draft", "1"))
    assert refused.status == 422
    assert "فقط PDF" in refused.error_at("ref_scan")
    assert refused.typed()["office_name"] == [KEPT["office_name"]]

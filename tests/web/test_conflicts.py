"""Two people, one case: every loser gets a sentence, keeps his words, and nothing is done twice."""

import threading
from collections.abc import Callable

import pytest

from engine import history, identity
from tests.forms.samples import SAMPLES
from tests.web.conftest import Site
from tests.web.persona import Page, Persona, Upload, fields_of
from tests.workflows.journey import DOES, OFFICE_CODE, REASON
from workflows.demo import PASSWORD

CLOSED = "این کار پیش از این انجام یا بسته شده است"
STALE = "این پرونده پس از باز شدن صفحهٔ شما تغییر کرده است"
HELD = "این کار در دست همکار دیگری است"


def page_of(site: Site, key: str, persona: Persona) -> Page:
    """Open a step's page."""
    return persona.get(f"/tasks/{site.journey.tasks()[key].id}")


def sample(site: Site, key: str) -> dict[str, object]:
    """Return what the right person types into a step's form."""
    task = site.journey.tasks()[key]
    return fields_of({**SAMPLES[task.form_key], **site.journey.lists(task.form_key)})


def times_done(site: Site, key: str) -> int:
    """Count how often the log says that a step was done."""
    with site.kartabl.reading() as tx:
        entries = history.entries(tx, site.journey.id)
        assert history.verify(tx, site.journey.id) is None
    done = [each.element_id for each in entries if each.type == "user_task:work:completed"]
    return done.count(key)


def colleague(site: Site, username: str, role: str, scope: str = "") -> Persona:
    """Let a second person hold a post."""
    with site.kartabl.transaction() as tx:
        names = username, "همکار نمونه", "A colleague"
        identity.add_user(tx, *names, PASSWORD, [(role, scope)], demo=True)
    persona = Persona(site.app.test_client(), username)
    persona.log_in()
    return persona


def test_the_same_page_sent_twice_is_done_once(at: Callable[[str], Site]) -> None:
    site = at("t_field_review")
    persona = site.persona(DOES["t_field_review"])
    page, values = page_of(site, "t_field_review", persona), sample(site, "t_field_review")
    assert persona.press(page, values=values).answered == 303
    second = persona.press(page, values=values)
    assert second.status == 409
    assert CLOSED in second.words
    assert "آنچه نوشته بودید" in second.words
    assert str(SAMPLES["district_inquiry/field_review"]["report"]) in second.words
    assert times_done(site, "t_field_review") == 1


def test_a_page_from_before_a_colleagues_step(at: Callable[[str], Site]) -> None:
    site = at("t_field_review")  # the manager asks other organisations at the same time
    head, manager = site.persona(DOES["t_field_review"]), site.persona(DOES["t_ask_orgs"])
    page, values = page_of(site, "t_field_review", head), sample(site, "t_field_review")
    other = page_of(site, "t_ask_orgs", manager)
    assert manager.press(other, values=sample(site, "t_ask_orgs")).answered == 303
    stale = head.press(page, values=values)
    assert stale.status == 409
    assert STALE in stale.words
    assert times_done(site, "t_field_review") == 0
    kept = stale.typed()
    assert kept["report"] == values["report"]
    assert kept["_revision"] != page.typed()["_revision"]
    assert head.press(stale).answered == 303  # what was kept fits the new state
    assert times_done(site, "t_field_review") == 1


def test_a_task_in_a_colleagues_hands(at: Callable[[str], Site]) -> None:
    site = at("t_visit")  # handed to the first expert by the deputy
    second = site.persona("hq_expert2")
    page, values = page_of(site, "t_visit", second), sample(site, "t_visit")
    assert "این کار در دست همکارتان است" in page.words
    refused = second.press(page, values=values)
    assert refused.status == 409
    assert HELD in refused.words
    assert refused.typed()["app_version"] == values["app_version"]
    assert times_done(site, "t_visit") == 0
    claimed = second.post(f"{page.path}/claim")
    assert claimed.status == 303
    assert HELD in second.get(page.path).texts("is-warning")[0]
    assert site.journey.tasks()["t_visit"].assignee == "hq_expert"


def test_claimed_between_looking_and_claiming(site: Site) -> None:
    other = colleague(site, "second_deputy", "sales_deputy")
    first = site.persona("sales_deputy")
    [address] = first.get("/inbox").links("/tasks/")
    inbox = other.get("/inbox")
    assert first.press(first.get("/inbox"), f"{address}/claim").answered == 303
    late = other.press(inbox, f"{address}/claim")
    assert HELD in late.texts("is-warning")[0]
    assert address not in other.get("/inbox").links("/tasks/")
    assert address in first.get("/inbox?view=mine").links("/tasks/")
    assert first.press(first.get(address), f"{address}/unclaim").answered == 303
    assert address in other.get("/inbox").links("/tasks/")


def test_handed_to_a_colleague(at: Callable[[str], Site]) -> None:
    site = at("t_visit")
    first, second = site.persona("hq_expert"), site.persona("hq_expert2")
    page = page_of(site, "t_visit", first)
    button = ("username", "hq_expert2")
    assert first.press(page, f"{page.path}/assign", button=button).path == "/inbox"
    assert page.path not in first.get("/inbox").links("/tasks/")
    assert page.path in second.get("/inbox?view=mine").links("/tasks/")
    [sentence] = [
        text
        for text in second.get(page.path).texts("k-timeline-text")
        if "بهنام سیستم‌پور سپرد" in text
    ]
    assert sentence.startswith("کارشناس حوزهٔ ستادی (سارا فناورزاده)")
    for stranger in ("sales_deputy", "district_manager.ahar", "nobody", ""):
        assert first.post(f"{page.path}/assign", {"username": stranger}).status == 403


@pytest.mark.parametrize("key", ["t_check_docs"])
def test_two_people_at_once(at: Callable[[str], Site], key: str) -> None:
    site = at(key)
    both = [site.persona("sales_deputy"), colleague(site, "second_deputy", "sales_deputy")]
    pages = [page_of(site, key, persona) for persona in both]
    values, together, answers = sample(site, key), threading.Barrier(2), list[Page]()

    def send(persona: Persona, page: Page) -> None:
        together.wait()
        answers.append(persona.press(page, values=values))

    threads = [threading.Thread(target=send, args=each) for each in zip(both, pages, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.answered for answer in answers) == [303, 409]
    [loser] = [answer for answer in answers if answer.status == 409]
    assert CLOSED in loser.words or STALE in loser.words
    assert times_done(site, key) == 1


def test_a_draft_that_comes_too_late_shows_what_was_typed(at: Callable[[str], Site]) -> None:
    site = at("t_provide_prereq")
    office, manager = site.persona(DOES["t_provide_prereq"]), site.persona("district_manager.ahar")
    page, values = page_of(site, "t_provide_prereq", office), sample(site, "t_provide_prereq")
    by_manager = page_of(site, "t_provide_prereq", manager)
    assert manager.press(by_manager, values=values | {"_scan": Upload()}).answered == 303
    for button in (("_save_draft", "1"), ("_add_row", "x")):
        typed = {name: v for name, v in page.typed().items() if name != "csrf_token"}
        posted = typed | values | {"printer": ["چاپگر دیگر"], button[0]: [button[1]]}
        late = office.post(page.path, posted)
        assert late.status == 409, button
        assert CLOSED in late.words
        assert "چاپگر دیگر" in late.words


def objection(site: Site) -> tuple[Persona, Page]:
    """Refuse the case and open the office's objection."""
    site.journey.do("t_opinion", outcome="reject", reason=REASON).do("t_notify_reject")
    office = site.persona(f"office_manager.{OFFICE_CODE}")
    [address] = office.get(f"/cases/{site.journey.id}").links("/messages/")
    return office, office.get(address)


def test_an_objection_is_taken_once(at: Callable[[str], Site]) -> None:
    site = at("t_opinion")
    office, page = objection(site)
    empty = office.press(page)
    assert empty.status == 422
    assert "پر کنید" in empty.error_at("objection_text")
    sent = office.press(empty, values={"objection_text": REASON})
    assert (sent.answered, sent.path) == (303, f"/cases/{site.journey.id}")
    assert site.journey.open() == {"t_objection_review"}
    again = office.press(page, values={"objection_text": REASON})
    assert again.status == 409
    assert "پرونده دیگر منتظر این پیام نیست" in again.words
    assert REASON in again.words  # what was typed is still there to be copied
    assert site.journey.open() == {"t_objection_review"}
    assert office.get(page.path).status == 409


def test_an_objection_recorded_for_the_office_needs_its_paper(at: Callable[[str], Site]) -> None:
    site = at("t_opinion")
    _office, page = objection(site)
    head = site.persona("district_cs_head.ahar")
    refused = head.press(head.get(page.path), values={"objection_text": REASON})
    assert refused.status == 422
    assert "تصویر سند امضاشده" in refused.error_at("_scan")
    assert head.press(refused, values={"_scan": Upload()}).answered == 303
    assert site.journey.open() == {"t_objection_review"}

"""Forms as people fill them in: refusals, rows, drafts, and scans on behalf of an office."""

from collections.abc import Callable
from typing import Any

import pytest

from engine import history
from forms.text import to_ascii_digits
from tests.forms.samples import SAMPLES
from tests.web.conftest import Site
from tests.web.persona import Page, Persona, Upload, fields_of
from tests.workflows.journey import DOES, OFFICE_CODE

REQUEST = fields_of(SAMPLES["office_onboarding/request"])


@pytest.fixture
def open_task(at: Callable[[str], Site]) -> Callable[..., tuple[Site, Persona, Page]]:
    """Return a function that opens the page of a step as the person who does it."""

    def opened(key: str, username: str = "") -> tuple[Site, Persona, Page]:
        site = at(key)
        persona = site.persona(username or DOES[key])
        return site, persona, persona.get(f"/tasks/{site.journey.tasks()[key].id}")

    return opened


Opener = Callable[..., tuple[Site, Persona, Page]]

#: Field, what is typed wrongly, and what the sentence at the field says.
WRONG: list[tuple[str, str, str]] = [
    ("office_name", "", "این مورد را پر کنید"),
    ("office_name", "د", "دست‌کم"),
    ("office_code", "کد دفتر", "کد دفتر ۴ تا ۱۲ رقم"),
    ("licence_valid_to", "1405/13/40", "تاریخ را مانند"),
    ("licence_valid_to", "1400/01/01", "پروانهٔ دفتر باید هنوز معتبر باشد"),
    ("manager_nid", "9991000012", "کد ملی درست نیست"),
    ("mobile", "0914", "شمارهٔ همراه را مانند"),
    ("postal_code", "0000000000", "کد پستی ده رقم"),
    ("address", "کوتاه", "دست‌کم"),
    ("req_date", "1406/09/03", "تاریخ نمی‌تواند در آینده باشد"),
    ("req_no", "بدون رقم", "شمارهٔ نامه"),
]


@pytest.mark.parametrize(("name", "typed", "sentence"), WRONG)
def test_a_wrong_value_comes_back_with_a_sentence(
    open_task: Opener, name: str, typed: str, sentence: str
) -> None:
    site, persona, page = open_task("t_register_request")
    refused = persona.press(page, values=REQUEST | {name: typed})
    assert refused.status == 422
    assert sentence in refused.error_at(name)
    assert sentence in refused.summary()[f"#field-{name}"]
    kept = {field: to_ascii_digits(values[-1]) for field, values in refused.typed().items()}
    expected = {field: to_ascii_digits(str(values[-1])) for field, values in REQUEST.items()}
    for field in set(expected) - {"ref_scan", "req_scan"}:
        assert kept[field] == (typed if field == name else expected[field]), field
    kept = refused.typed()
    assert len(kept["ref_scan"]) == len(kept["req_scan"]) == 1  # uploads need no second picking
    assert site.journey.open() == {"t_register_request"}
    done = persona.press(refused, values={name: REQUEST[name]})
    assert done.answered == 303
    assert site.journey.open() == {"t_check_docs"}


def test_an_empty_form_names_every_field_that_is_missing(open_task: Opener) -> None:
    _site, persona, page = open_task("t_register_request")
    refused = persona.press(page)
    assert refused.status == 422
    required = set(REQUEST) - {"phone", "owner_kind"}  # the kind has a default
    assert {each.removeprefix("#field-") for each in refused.summary()} == required
    for name in required:
        assert "پر کنید" in refused.error_at(name)
    fields = refused.all("//*[@aria-invalid='true']/@id")
    assert {each.removeprefix("field-") for each in fields} == required


def test_the_refused_form_says_it_in_english_too(open_task: Opener) -> None:
    _site, persona, page = open_task("t_register_request")
    persona.speak("en")
    refused = persona.press(persona.get(page.path), values={"mobile": "12"})
    assert "Write the mobile number as 09141234567." in refused.error_at("mobile")
    assert "Some points of the form need correcting" in refused.words


def test_undeclared_names_do_not_reach_the_case(open_task: Opener) -> None:
    site, persona, page = open_task("t_check_docs")
    posted = {
        **{name: values[-1] for name, values in page.typed().items()},
        "outcome": "complete",
        "office": "99999999",
        "agreement_active": "false",
        "__proto__": "x",
        "outcome.0.x": "y",
    }
    before = site.journey.data
    assert persona.post(page.path, posted).status == 303
    after = site.journey.data
    routing = {"inquiry_remind_at", "inquiry_escalate_at"}  # what the diagram itself works out
    assert set(after) - set(before) <= {"outcome", *routing}
    assert site.journey.instance.office == OFFICE_CODE
    assert after["agreement_active"] is True


ORGANISATIONS = fields_of(SAMPLES["district_inquiry/organisations"])


def test_rows_are_added_and_removed_without_a_script(open_task: Opener) -> None:
    site, persona, page = open_task("t_ask_orgs")
    typed = {"orgs.0.org": "شهرداری", "orgs.0.result": "positive"}
    two = persona.press(page, values=typed, button=("_add_row", "orgs"))
    assert two.status == 200
    assert two.typed()["orgs.0.org"] == ["شهرداری"]
    assert two.typed()["orgs.1.org"] == [""]
    three = persona.press(two, values={"orgs.1.org": "پست"}, button=("_add_row", "orgs"))
    assert "orgs.2.org" in three.typed()
    less = persona.press(three, button=("_remove_row", "orgs.0"))
    assert less.typed()["orgs.0.org"] == ["پست"]
    refused = persona.press(less)
    assert refused.status == 422
    assert "انتخاب" in refused.error_at("orgs.0.result") or "پر کنید" in refused.error_at(
        "orgs.0.result"
    )
    assert "ردیف ۱" in refused.summary()["#field-orgs-0-result"]
    assert persona.press(refused, values={"orgs.0.result": "no_reply"}).answered == 303
    assert site.journey.data["orgs"] == [{"org": "پست", "result": "no_reply"}]


def test_a_table_without_rows_is_refused_at_the_table(open_task: Opener) -> None:
    _site, persona, page = open_task("t_ask_orgs")
    refused = persona.press(page)
    assert refused.status == 422
    assert "پر کنید" in refused.error_at("orgs")
    assert "#field-orgs" in refused.summary()


#: What no page offers as a row to add or remove.
ODD_ROWS = [
    ("_add_row", "no_such"),
    ("_add_row", "orgs.0"),
    ("_add_row", ""),
    ("_remove_row", "orgs.99999999999999999999"),
    ("_remove_row", "orgs"),
    ("_remove_row", "."),
]


@pytest.mark.parametrize(("button", "value"), ODD_ROWS)
def test_odd_rows_break_nothing(open_task: Opener, button: str, value: str) -> None:
    _site, persona, page = open_task("t_ask_orgs")
    again = persona.post(page.path, {"orgs.0.org": "شهرداری", button: value})
    assert again.status == 200
    assert "orgs.0.org" in again.typed()


def test_a_hidden_field_is_not_submitted(open_task: Opener) -> None:
    """What was typed before another choice hid the field does not go into the record."""
    site, persona, page = open_task("t_register_request")
    values = REQUEST | {"owner_kind": "real", "legal_id": "not even a number"}
    assert persona.press(page, values=values).answered == 303
    assert "legal_id" not in site.journey.data


@pytest.mark.parametrize("username", ["district_cs_head.ahar", "service_desk_owner"])
def test_on_behalf_of_the_office_with_its_signed_paper(open_task: Opener, username: str) -> None:
    site, persona, page = open_task("t_provide_prereq", username)
    assert "به نمایندگی از: مدیر دفتر پیشخوان" in page.words
    assert page.path in persona.get("/inbox?view=behalf").links("/tasks/")
    values = fields_of(SAMPLES["office_onboarding/readiness"])
    refused = persona.press(page, values=values)
    assert refused.status == 422
    assert "تصویر سند امضاشده" in refused.error_at("_scan")
    assert "#field-_scan" in refused.summary()
    assert refused.typed()["computer"] == values["computer"]
    done = persona.press(refused, values={"_scan": Upload(name="امضا.pdf")})
    assert done.answered == 303
    case = persona.get(f"/cases/{site.journey.id}")
    assert "به نمایندگی از مدیر دفتر پیشخوان" in case.texts("k-timeline-text")[0]
    with site.kartabl.reading() as tx:
        entries = history.entries(tx, site.journey.id)
    [entry] = [e for e in entries if e.type == "user_task:work:completed"][-1:]
    assert (entry.actor, entry.on_behalf_of) == (username, "office_manager")
    assert entry.data["scan"]


def test_an_old_paper_of_the_case_is_no_scan_when_it_comes_from_elsewhere(
    open_task: Opener,
) -> None:
    _site, persona, page = open_task("t_provide_prereq", "district_manager.ahar")
    values: dict[str, Any] = {name: v[-1] for name, v in page.typed().items()}
    values |= {"_scan": "0b0e9d1a-7c1e-4b53-9d69-0d6b5a1f0001"}
    refused = persona.post(page.path, values)
    assert refused.status == 422
    assert "#field-_scan" in refused.summary()

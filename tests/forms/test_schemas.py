"""Every form: closed, readable in both languages, takes its sample and refuses what rules refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from forms.catalog import Form, builtin_forms, parse_form
from forms.closed import problems
from forms.decoding import decode
from forms.expressions import PURE_FUNCTIONS
from forms.layout import FieldView, initial, sections
from forms.validation import errors, warnings
from tests.forms.samples import CONTEXT, FILE, OPTIONS, REASON, SAMPLES, TODAY

FORMS: dict[str, Form] = {key: parse_form(content) for key, content in builtin_forms().items()}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **PURE_FUNCTIONS,
    "today": lambda: TODAY,
    "working_days": lambda count: f"2026-12-{min(count, 28):02}T23:59:59+03:30",
    "is_working_day": lambda day: day != "2026-11-27",
}


def check(key: str, data: dict[str, Any], **context: Any) -> dict[str, str]:
    """Return the errors of a document by path, in English."""
    found = errors(FORMS[key], data, {**CONTEXT, **context}, OPTIONS, FUNCTIONS)
    assert all(e.message_fa and e.message_en for e in found)
    return {e.path: e.message_en for e in found}


def test_every_form_has_a_sample() -> None:
    assert FORMS.keys() == SAMPLES.keys()


@pytest.mark.parametrize("key", FORMS)
def test_a_form_is_closed_and_takes_its_sample(key: str) -> None:
    assert problems(FORMS[key]) == []
    assert check(key, SAMPLES[key]) == {}


@pytest.mark.parametrize("key", FORMS)
def test_what_is_required_is_missed_and_what_is_foreign_refused(key: str) -> None:
    assert set(check(key, {})) >= FORMS[key].required
    assert "typename" in check(key, {**SAMPLES[key], "typename": "datetime"})
    assert "district_of_case" in check(key, {**SAMPLES[key], "district_of_case": "marand"})


def _posted(view: FieldView) -> dict[str, list[str]]:
    if view.widget == "table":
        return {k: v for row in view.rows for cell in row for k, v in _posted(cell).items()}
    if view.widget == "checkbox":
        return {view.path: ["false", "true"]} if view.value is True else {view.path: ["false"]}
    if view.choices:
        return {view.path: [c.value for c in view.choices if c.selected]}
    return {view.path: list(view.value) if isinstance(view.value, list) else [str(view.value)]}


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("key", FORMS)
def test_what_a_page_shows_is_decoded_to_the_same_values(key: str, language: str) -> None:
    shown = sections(FORMS[key], SAMPLES[key], [], language, OPTIONS)
    posted: dict[str, list[str]] = {}
    for section in shown:
        assert section.title
        for view in section.fields:
            assert view.label
            posted |= _posted(view)
    decoded = decode(FORMS[key], posted)
    unticked = {k for k, v in decoded.items() if v is False}
    assert {k: v for k, v in decoded.items() if k not in unticked - SAMPLES[key].keys()} == {
        k: _with_boxes(FORMS[key], k, v) for k, v in SAMPLES[key].items()
    }


def _with_boxes(form: Form, name: str, value: Any) -> Any:
    """Add the unticked boxes of table rows, which decoding always names."""
    if form.widget(name).get("widget") != "table":
        return value
    columns = form.properties[name]["items"]["properties"]
    boxes = {c: False for c, schema in columns.items() if schema.get("type") == "boolean"}
    return [{**boxes, **row} for row in value]


def _without(key: str, *names: str, **changed: Any) -> dict[str, Any]:
    return {k: v for k, v in SAMPLES[key].items() if k not in names} | changed


OB, D, C = "office_onboarding", "district_inquiry", "contract_exchange"
S, U = "software_installation", "user_training"
#: form, changed values, removed fields, case values, field that is refused.
REFUSED: list[tuple[str, dict[str, Any], tuple[str, ...], dict[str, Any], str]] = [
    (f"{OB}/request", {"office_name": "اب"}, (), {}, "office_name"),
    (f"{OB}/request", {"office_code": "12"}, (), {}, "office_code"),
    (f"{OB}/request", {"licence_valid_to": TODAY}, (), {}, "licence_valid_to"),
    (f"{OB}/request", {"owner_kind": "legal"}, (), {}, "legal_id"),
    (f"{OB}/request", {"owner_kind": "legal", "legal_id": "11111111111"}, (), {}, "legal_id"),
    (f"{OB}/request", {"manager_nid": "1234567890"}, (), {}, "manager_nid"),
    (f"{OB}/request", {"mobile": "08141234567"}, (), {}, "mobile"),
    (f"{OB}/request", {"district": "tabriz"}, (), {}, "district"),
    (f"{OB}/request", {"postal_code": "5056614766"}, (), {}, "postal_code"),
    (f"{OB}/request", {"ref_no": "بدون شماره"}, (), {}, "ref_no"),
    (f"{OB}/request", {"ref_date": "2026-11-25"}, (), {}, "ref_date"),
    (f"{OB}/request", {"ref_date": "2026-05-01"}, (), {}, "ref_date"),
    (f"{OB}/request", {"ref_date": "1405/06/32"}, (), {}, "ref_date"),
    (f"{OB}/request", {"req_date": "2026-11-19"}, (), {}, "req_date"),
    (f"{OB}/request", {"ref_scan": "../../etc/passwd"}, (), {}, "ref_scan"),
    (f"{OB}/hold", {"outcome": "close"}, (), {}, "note"),
    (f"{OB}/hold", {"outcome": "close", "note": "کوتاه"}, (), {}, "note"),
    (f"{OB}/check_docs", {"outcome": "incomplete"}, (), {}, "note"),
    (f"{OB}/check_docs", {"outcome": "else"}, (), {}, "outcome"),
    (f"{OB}/documents", {"files": []}, (), {}, "files"),
    (f"{OB}/decision", {}, ("services",), {}, "services"),
    (f"{OB}/decision", {"services": ["S99"]}, (), {}, "services"),
    (f"{OB}/decision", {}, ("letter_no",), {}, "letter_no"),
    (f"{OB}/decision", {"outcome": "reject"}, ("services", "letter_no"), {}, "reason"),
    (
        f"{OB}/decision",
        {"outcome": "return_inquiry", "reason": REASON},
        ("services", "letter_no"),
        {"inquiry_returns": 1},
        "outcome",
    ),
    (f"{OB}/rejection_letter", {"reason_public": "کوتاه"}, (), {}, "reason_public"),
    (f"{OB}/objection_review", {"outcome": "uphold"}, (), {}, "note"),
    (f"{OB}/objection_review", {}, (), {"reopened": 1}, "outcome"),
    (f"{OB}/prerequisites_letter", {"deadline": TODAY}, (), {}, "deadline"),
    (f"{OB}/prerequisites_letter", {"items": ["gold"]}, (), {}, "items"),
    (f"{OB}/readiness", {"static_ip": "192.168.1.10"}, (), {}, "static_ip"),
    (f"{OB}/readiness", {"ready_date": "2026-11-25"}, (), {}, "ready_date"),
    (f"{OB}/extension", {}, (), {"extensions": 1}, "outcome"),
    (
        f"{OB}/readiness_check",
        {"checks": [{"item": "line", "ok": True}, {"item": "computer", "ok": False}]},
        (),
        {},
        "outcome",
    ),
    (f"{OB}/readiness_check", {"checks": [{"item": "line", "ok": True}]}, (), {}, "checks"),
    (f"{OB}/readiness_check", {"outcome": "not_ready"}, (), {}, "note"),
    (f"{OB}/start_of_work", {"work_start_date": "2026-11-22"}, (), {}, "work_start_date"),
    (f"{D}/inquiry_letter", {"letter_date": "2026-11-25"}, (), {}, "letter_date"),
    (f"{D}/inquiry_letter", {"due": "2026-11-01"}, (), {}, "due"),
    (f"{D}/referral", {"reviewer": "district_cs_head.marand"}, (), {}, "reviewer"),
    (f"{D}/field_review", {"nearby_offices": -1}, (), {}, "nearby_offices"),
    (f"{D}/field_review", {"visit_date": "2026-12-01"}, (), {}, "visit_date"),
    (f"{D}/organisations", {"orgs": []}, (), {}, "orgs"),
    (f"{D}/organisations", {"orgs": [{"org": "شهرداری"}]}, (), {}, "orgs.0.result"),
    (
        f"{D}/organisations",
        {"orgs": [{"org": "شهرداری", "result": "positive", "reply_date": "2026-12-01"}]},
        (),
        {},
        "orgs",
    ),
    (f"{D}/opinion", {"outcome": "reject"}, (), {}, "reason"),
    (f"{D}/opinion", {"outcome": "need_info", "reason": "چرا؟"}, (), {}, "reason"),
    (f"{D}/more_information", {"note": "کم"}, (), {}, "note"),
    (f"{C}/preparation", {"services": ["S03"]}, (), {}, "services"),
    (f"{C}/preparation", {"valid_to": "2026-11-24"}, (), {}, "valid_to"),
    (f"{C}/preparation", {}, (), {"framework_valid_to": "2027-01-01"}, "valid_to"),
    (f"{C}/preparation", {"pages": 0}, (), {}, "pages"),
    (f"{C}/handover", {"handed_nid": "0000000000"}, (), {}, "handed_nid"),
    (f"{C}/office_signature", {"all_pages": False}, (), {}, "all_pages"),
    (f"{C}/office_signature", {"office_signed_on": "2026-11-19"}, (), {}, "office_signed_on"),
    (f"{C}/page_check", {"pages_signed": 11}, (), {}, "pages_signed"),
    (f"{C}/page_check", {"stamp_ok": False}, (), {}, "stamp_ok"),
    (f"{C}/page_check", {"outcome": "incomplete"}, (), {}, "defects"),
    (f"{C}/district_signature", {"sign_date": "2026-11-20"}, (), {}, "sign_date"),
    (f"{C}/exchange", {"exchange_date": "2026-11-21"}, (), {}, "exchange_date"),
    (f"{C}/exchange", {"receipt": False}, (), {}, "receipt"),
    (f"{C}/registration", {"registered": False}, (), {}, "registered"),
    (f"{S}/visit_plan", {"visit_date": "2026-11-23"}, (), {}, "visit_date"),
    (f"{S}/visit_plan", {"visit_date": "2026-11-27"}, (), {}, "visit_date"),
    (f"{S}/visit_plan", {"expert": "auditor"}, (), {}, "expert"),
    (f"{S}/installation", {"outcome": "site_not_ready"}, (), {}, "note"),
    (f"{S}/installation", {}, ("computers",), {}, "computers"),
    (f"{S}/installation", {"remote_service": False}, (), {}, "remote_service"),
    (
        f"{S}/settings",
        {"printers": [{"model": "ن", "kind": "laser", "test_ok": True}]},
        (),
        {},
        "printers.0.model",
    ),
    (
        f"{S}/settings",
        {"printers": [{"model": "نمونه", "kind": "laser", "test_ok": False}]},
        (),
        {},
        "printers",
    ),
    (f"{S}/settings", {"test_print": False}, (), {}, "test_print"),
    (f"{S}/acceptance", {"outcome": "reject"}, (), {}, "note"),
    (f"{U}/introduction", {"nid": "123456789"}, (), {}, "nid"),
    (f"{U}/user_acceptance", {"outcome": "reject"}, (), {}, "note"),
    (f"{U}/training", {"topics": ["S01"]}, (), {}, "topics"),
    (f"{U}/training", {"to_date": "2026-11-20"}, (), {}, "to_date"),
    (f"{U}/training", {"hours": 0}, (), {}, "hours"),
    (f"{U}/assessment", {"score": 101}, (), {}, "score"),
    (f"{U}/assessment", {"assessed_on": "2026-11-22"}, (), {}, "assessed_on"),
    (f"{U}/account", {"username": "ab"}, (), {}, "username"),
    (f"{U}/undertaking", {"undertaking": False}, (), {}, "undertaking"),
    (f"{U}/undertaking", {"start_date": "2026-11-22"}, (), {}, "start_date"),
]


@pytest.mark.parametrize(("key", "changed", "removed", "context", "field"), REFUSED)
def test_rules(
    key: str,
    changed: dict[str, Any],
    removed: tuple[str, ...],
    context: dict[str, Any],
    field: str,
) -> None:
    assert field in check(key, _without(key, *removed, **changed), **context)


def test_every_form_with_rules_is_in_the_table() -> None:
    tested = {key for key, *_ in REFUSED}
    assert {key for key, form in FORMS.items() if form.rules} <= tested


def test_hidden_fields_are_not_asked_for() -> None:
    data = {"outcome": "reject", "reason": REASON, "letter_date": TODAY}
    assert check("office_onboarding/decision", data) == {}
    data = {"outcome": "site_not_ready", "note": REASON}
    assert check("software_installation/installation", data) == {}


def test_warnings_do_not_refuse() -> None:
    form = FORMS["software_installation/installation"]
    data = {**SAMPLES[form.key], "ip": "2.144.1.1"}
    assert check(form.key, data) == {}
    assert [w.path for w in warnings(form, data, CONTEXT, FUNCTIONS)] == ["ip"]


def test_forms_begin_with_what_the_case_knows() -> None:
    values = initial(FORMS["contract_exchange/handover"], CONTEXT, FUNCTIONS)
    assert values == {"handed_to": "نمونه", "handed_nid": "9991000011", "handover_date": TODAY}
    values = initial(FORMS["office_onboarding/readiness_check"], CONTEXT, FUNCTIONS)
    assert values == {"checks": [{"item": "line"}, {"item": "computer"}]}
    values = initial(FORMS["office_onboarding/prerequisites_letter"], CONTEXT, FUNCTIONS)
    assert values["deadline"] == "2026-12-28"
    assert initial(FORMS["contract_exchange/handover"], {}, FUNCTIONS) == {"handover_date": TODAY}


def test_typed_text_that_is_no_date_comes_back_as_it_was() -> None:
    form = FORMS["user_training/undertaking"]
    decoded = decode(form, {"undertaking": ["false", "true"], "start_date": ["۱۴۰۵/۱۳/۰۱"]})
    assert decoded["start_date"] == "۱۴۰۵/۱۳/۰۱"
    assert "1405/09/03" in check(form.key, decoded)["start_date"]
    [section] = sections(form, decoded, [], "fa", OPTIONS)
    assert section.fields[1].value == "۱۴۰۵/۱۳/۰۱"


def test_decoding_ignores_what_the_form_does_not_declare() -> None:
    form = FORMS["district_inquiry/organisations"]
    posted = {
        "district": ["marand"],
        "orgs.0.org": ["پست"],
        "orgs.0.evil": ["x"],
        "orgs.7.org": [" شهرداري "],
        "orgs.99999999.org": ["دور"],
        "orgs.x.org": ["نه"],
        "orgs.0.scan": [FILE],
    }
    assert decode(form, posted) == {"orgs": [{"org": "پست", "scan": FILE}, {"org": "شهرداری"}]}

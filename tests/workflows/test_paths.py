"""Every path of the main job's five diagrams: who does what, and what comes next."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from engine import deployments, history
from engine.errors import FormInvalid, NotCandidate, Refusal, ScanMissing
from engine.identity import add_user
from engine.models import Base, Notification
from engine.transaction import Engine, Transaction, utcnow
from tests import installations
from tests.workflows.journey import DOES, OFFICE_CODE, REASON, TODAY, Journey
from workflows.catalog import DOCUMENT, bundle
from workflows.handlers import HANDLERS
from workflows.models import FrameworkAgreement, Service
from workflows.options import options
from workflows.roles import ROLES
from workflows.seed import seed

STRANGERS = (
    "district_manager.marand",
    "district_cs_head.marand",
    "auditor",
    "sysadmin",
    "tamna_manager",
)


def _engine(place: Path, clock: Callable[[], datetime] = utcnow) -> Engine:
    return Engine(
        installations.address(place),
        roles=ROLES,
        handlers=HANDLERS,
        options=options,
        files=place / "files",
        clock=clock,
    )


@pytest.fixture(scope="module")
def installation(
    tmp_path_factory: pytest.TempPathFactory, installation_server: str | None
) -> Iterator[Path]:
    """Make a database with reference data and one person in each post, once for all tests."""
    place = tmp_path_factory.mktemp("installation")
    installations.found(place, installation_server)
    engine = _engine(place, lambda: TODAY)
    Base.metadata.create_all(engine.database)
    with engine.transaction() as tx:
        seed(tx)
        agreement(tx)
        for username in sorted({*DOES.values(), *STRANGERS}):
            role, _, scope = username.partition(".")
            add_user(tx, username, username, username, "x", [(role, scope)])
        deployments.deploy(tx, bundle(), DOCUMENT)
    engine.database.dispose()
    yield place
    installations.remove(place)


@pytest.fixture
def journey(installation: Path, tmp_path: Path) -> Iterator[Journey]:
    """Give a fresh copy of the installation."""
    installations.copy(installation, tmp_path)
    journey: Journey
    journey = Journey(_engine(tmp_path, lambda: journey.now))
    yield journey
    journey.engine.database.dispose()
    installations.remove(tmp_path)


def agreement(tx: Transaction) -> None:
    """Put a framework agreement with the governorate in force."""
    services = [choice.code for choice in tx.session.scalars(select(Service))]
    tx.session.add(
        FrameworkAgreement(
            agreement_no="1405/1",
            valid_from=date(2026, 3, 21),
            valid_to=date(2029, 3, 19),
            services=services,
            status="active",
        )
    )


REGISTER = ("t_register_request", "t_check_docs")
INQUIRY = ("t_send_inquiry", "t_assign_review", "t_field_review", "t_ask_orgs", "t_opinion")
APPROVAL = ("t_final_decision",)
PREREQUISITES = ("t_announce_prereq", "t_provide_prereq", "t_verify_prereq")
CONTRACT = (
    "t_prepare",
    "t_handover",
    "t_office_sign",
    "t_check_pages",
    "t_district_sign",
    "t_exchange",
    "t_register",
)
INSTALLATION = ("t_assign", "t_visit", "t_settings", "t_accept")
TRAINING = ("t_introduce", "t_accept_user", "t_train", "t_assess", "t_account", "t_ack")
HAPPY = (
    *REGISTER,
    *INQUIRY,
    *APPROVAL,
    *PREREQUISITES,
    *CONTRACT,
    *INSTALLATION,
    *TRAINING,
    "t_start_work",
)


def before(journey: Journey, key: str) -> Journey:
    """Walk the happy path up to a step."""
    journey.start()
    for step in HAPPY:
        if step == key:
            return journey
        if step == "t_ask_orgs" and key == "t_field_review":
            return journey
        journey.do(step)
    return journey


def test_the_whole_happy_path(journey: Journey) -> None:
    journey.start()
    for key in HAPPY:
        assert key in journey.open(), (key, journey.open())
        journey.do(key)
    row = journey.instance
    assert (row.state, row.end_event, row.business_key) == ("completed", "end_active", OFFICE_CODE)
    assert (row.district, row.office) == ("ahar", OFFICE_CODE)
    with journey.engine.reading() as tx:
        assert history.verify(tx, row.id) is None
        done = [e for e in history.entries(tx, row.id) if e.type == "user_task:work:completed"]
    assert [e.element_id for e in done] == list(HAPPY)
    assert [e.actor for e in done] == [DOES[key] for key in HAPPY]
    assert all(e.role and e.deployment and e.data["values"] for e in done)


#: step, changed values, what is open next (or the end event).
BRANCHES: list[tuple[str, dict[str, Any], set[str] | str]] = [
    ("t_check_docs", {"outcome": "incomplete", "note": REASON}, {"t_complete_docs"}),
    ("t_assign_review", {}, {"t_field_review", "t_ask_orgs"}),
    ("t_field_review", {}, {"t_ask_orgs"}),
    ("t_opinion", {"outcome": "need_info", "reason": REASON}, {"t_more_info"}),
    ("t_opinion", {"outcome": "reject", "reason": REASON}, {"t_notify_reject"}),
    ("t_opinion", {}, {"t_final_decision"}),
    (
        "t_final_decision",
        {"outcome": "reject", "reason": REASON, "services": None, "letter_no": None},
        {"t_notify_reject"},
    ),
    (
        "t_final_decision",
        {"outcome": "return_inquiry", "reason": REASON, "services": None, "letter_no": None},
        {"t_send_inquiry"},
    ),
    ("t_verify_prereq", {"outcome": "not_ready", "note": REASON}, {"t_provide_prereq"}),
    ("t_verify_prereq", {}, {"t_prepare"}),
    (
        "t_check_pages",
        {"outcome": "incomplete", "defects": REASON, "pages_signed": 11},
        {"t_office_sign"},
    ),
    ("t_check_pages", {}, {"t_district_sign"}),
    ("t_register", {}, {"t_assign"}),
    (
        "t_visit",
        {
            "outcome": "site_not_ready",
            "note": REASON,
            **dict.fromkeys(
                ("computers", "app_version", "remote_service", "remote_tool", "remote_id", "ip")
            ),
        },
        {"t_fix_site"},
    ),
    ("t_accept", {"outcome": "reject", "note": REASON}, {"t_settings"}),
    ("t_accept", {}, {"t_introduce"}),
    ("t_accept_user", {"outcome": "reject", "note": REASON}, {"t_introduce"}),
    ("t_assess", {"score": 69}, {"t_train"}),
    ("t_assess", {"score": 70}, {"t_account"}),
    ("t_ack", {}, {"t_start_work"}),
    ("t_start_work", {}, "end_active"),
]


@pytest.mark.parametrize(("key", "changed", "then"), BRANCHES)
def test_branches(
    journey: Journey, key: str, changed: dict[str, Any], then: set[str] | str
) -> None:
    before(journey, key).do(key, **changed)
    assert (journey.instance.end_event or journey.open()) == then


def test_missing_documents_come_back_for_another_check(journey: Journey) -> None:
    before(journey, "t_check_docs").do("t_check_docs", outcome="incomplete", note=REASON)
    journey.do("t_complete_docs")
    assert journey.open() == {"t_check_docs"}
    journey.do("t_check_docs")
    assert journey.open() == {"t_send_inquiry"}


def test_documents_that_never_come_close_the_case(journey: Journey) -> None:
    before(journey, "t_check_docs").do("t_check_docs", outcome="incomplete", note=REASON)
    journey.wait(days=13)
    assert journey.open() == {"t_complete_docs"}
    journey.wait(days=3)
    assert journey.instance.end_event == "end_closed"


def test_more_information_goes_back_to_the_district(journey: Journey) -> None:
    before(journey, "t_opinion").do("t_opinion", outcome="need_info", reason=REASON)
    journey.walk("t_more_info", "t_opinion")
    assert journey.open() == {"t_final_decision"}


def _again(journey: Journey) -> Journey:
    before(journey, "t_final_decision")
    return journey.do(
        "t_final_decision",
        outcome="return_inquiry",
        reason=REASON,
        services=None,
        letter_no=None,
    ).walk(*INQUIRY)


def test_the_district_is_asked_again_only_once(journey: Journey) -> None:
    _again(journey)
    with pytest.raises(FormInvalid) as refused:
        journey.do(
            "t_final_decision",
            outcome="return_inquiry",
            reason=REASON,
            services=None,
            letter_no=None,
        )
    assert [e.path for e in refused.value.errors] == ["outcome"]
    journey.do("t_final_decision")
    assert journey.open() == {"t_announce_prereq"}


def _rejected(journey: Journey) -> Journey:
    before(journey, "t_opinion").do("t_opinion", outcome="reject", reason=REASON)
    return journey.do("t_notify_reject")


def test_the_deputy_cannot_approve_against_a_district(journey: Journey) -> None:
    before(journey, "t_opinion").do("t_opinion", outcome="reject", reason=REASON)
    assert "t_final_decision" not in journey.open()


def test_a_rejection_without_objection_stands_after_ten_working_days(journey: Journey) -> None:
    _rejected(journey).wait(days=13)
    assert journey.instance.state == "running"
    journey.wait(days=3)
    assert journey.instance.end_event == "end_rejected"


OBJECTION = {"objection_text": REASON}


def test_an_objection_is_upheld(journey: Journey) -> None:
    _rejected(journey).send("office_objection", OBJECTION)
    assert journey.open() == {"t_objection_review"}
    journey.do("t_objection_review", outcome="uphold", note=REASON)
    assert journey.instance.end_event == "end_rejected"


def test_an_objection_reopens_once(journey: Journey) -> None:
    _rejected(journey).send("office_objection", OBJECTION)
    journey.do("t_objection_review")
    assert journey.open() == {"t_send_inquiry"}
    journey.walk(*INQUIRY[:-1]).do("t_opinion", outcome="reject", reason=REASON)
    journey.do("t_notify_reject").send("office_objection", OBJECTION)
    with pytest.raises(FormInvalid):
        journey.do("t_objection_review", outcome="reopen")
    journey.do("t_objection_review", outcome="uphold", note=REASON)
    assert journey.instance.end_event == "end_rejected"


def test_only_the_office_objects(journey: Journey) -> None:
    _rejected(journey)
    for stranger in ("district_manager.marand", "hq_expert", "auditor"):
        with pytest.raises(ValueError, match="unpack"):
            journey.send("office_objection", OBJECTION, by=stranger)


def test_a_late_office_is_reminded_then_the_deputy_extends_once(journey: Journey) -> None:
    before(journey, "t_provide_prereq")
    due = journey.tasks()["t_provide_prereq"].due_at
    journey.wait(days=30)
    assert journey.open() == {"t_provide_prereq"}
    journey.now = due
    journey.wait(minutes=5)
    assert journey.open() == {"t_extend"}
    journey.do("t_extend")
    assert journey.open() == {"t_provide_prereq"}
    assert journey.tasks()["t_provide_prereq"].due_at > due
    journey.now = journey.tasks()["t_provide_prereq"].due_at
    journey.wait(minutes=5)
    with pytest.raises(FormInvalid):
        journey.do("t_extend")
    journey.do("t_extend", outcome="close", note=REASON)
    assert journey.instance.end_event == "end_closed"


def test_an_office_that_does_not_sign_ends_the_case(journey: Journey) -> None:
    before(journey, "t_office_sign").wait(days=20)
    assert journey.open() == {"t_office_sign"}
    journey.wait(days=6)
    assert journey.instance.end_event == "end_closed"
    assert journey.data["contract_outcome"] == "not_signed"


def test_a_site_that_is_not_ready_is_fixed_and_visited_again(journey: Journey) -> None:
    gone = dict.fromkeys(
        ("computers", "app_version", "remote_service", "remote_tool", "remote_id", "ip")
    )
    before(journey, "t_visit").do("t_visit", outcome="site_not_ready", note=REASON, **gone)
    journey.walk("t_fix_site", "t_assign", "t_visit", "t_settings")
    assert journey.open() == {"t_accept"}


def test_three_failed_attempts_call_for_another_user(journey: Journey) -> None:
    before(journey, "t_train")
    for _attempt in range(2):
        journey.walk("t_train").do("t_assess", score=40)
        assert journey.open() == {"t_train"}
    journey.walk("t_train").do("t_assess", score=40)
    assert journey.open() == {"t_introduce"}
    journey.walk("t_introduce", "t_accept_user", "t_train").do("t_assess", score=40)
    assert journey.open() == {"t_train"}


def test_a_late_opinion_reminds_and_escalates(journey: Journey) -> None:

    before(journey, "t_opinion").wait(days=40)
    assert journey.open() == {"t_opinion"}
    with journey.engine.reading() as tx:
        rows = tx.session.scalars(select(Notification)).all()
    assert {(r.role, r.scope) for r in rows} >= {("district_manager", "ahar"), ("sales_deputy", "")}
    journey.do("t_opinion")
    assert journey.open() == {"t_final_decision"}


@pytest.mark.parametrize("key", [k for k in HAPPY if DOES[k].startswith("office_manager")])
def test_office_steps_are_recorded_on_its_behalf_with_a_scan(journey: Journey, key: str) -> None:
    before(journey, key)
    with pytest.raises(ScanMissing):
        journey.do(key, by="district_manager.ahar")
    with pytest.raises(NotCandidate):
        journey.do(key, by="district_manager.marand")
    journey.do(key, by="district_manager.ahar", scan=True)
    assert key not in journey.open()


def test_nobody_else_can_do_any_step(journey: Journey) -> None:
    journey.start()
    for key in HAPPY:
        for stranger in STRANGERS:
            with pytest.raises(Refusal):
                journey.do(key, by=stranger)
        journey.do(key)


def test_without_a_framework_agreement_the_case_is_held(journey: Journey) -> None:

    with journey.engine.transaction() as tx:
        tx.session.execute(update(FrameworkAgreement).values(status="expired"))
    journey.start().do("t_register_request")
    assert journey.open() == {"t_hold_no_agreement"}
    journey.do("t_hold_no_agreement")
    assert journey.open() == {"t_hold_no_agreement"}
    with journey.engine.transaction() as tx:
        tx.session.execute(update(FrameworkAgreement).values(status="active"))
    journey.do("t_hold_no_agreement")
    assert journey.open() == {"t_check_docs"}


def test_a_held_case_may_be_closed(journey: Journey) -> None:

    with journey.engine.transaction() as tx:
        tx.session.execute(update(FrameworkAgreement).values(status="expired"))
    journey.start().do("t_register_request")
    journey.do("t_hold_no_agreement", outcome="close", note=REASON)
    assert journey.instance.end_event == "end_closed"

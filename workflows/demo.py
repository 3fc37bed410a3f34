"""People, offices and running cases to try the system with; all of them are invented.

Log-in names are the role, with the district or the office code where the role has one. National
IDs begin with 999, which is given to nobody.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import orjson
from sqlalchemy import select

from engine import files as stored
from engine import identity, instances, tasks
from engine.calendar import local_date
from engine.identity import Actor
from engine.models import User
from engine.transaction import Engine, Transaction
from workflows import demo_register

#: One password for all; a server without the demo setting refuses these people.
PASSWORD = "kartabl-demo"  # noqa: S105  (printed at each start, refused in production)
#: The office whose way from the referral letter on is left to be walked.
OFFICE = "72031234"
_PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def _read() -> dict[str, Any]:
    content = (files("workflows") / "data" / "demo.json").read_bytes()
    return dict(orjson.loads(content))


def people() -> list[Actor]:
    """Return who can log in, with their posts."""
    return [_person(row) for row in _read()["people"]]


def _person(row: Mapping[str, Any]) -> Actor:
    role, _, scope = row["username"].partition(".")
    posts = tuple((each[0], each[1]) for each in row.get("posts", [[role, scope]]))
    return Actor(row["username"], row["fa"], row["en"], posts)


def load(tx: Transaction) -> bool:
    """Add the people, the framework agreement and the working offices; False where they are."""
    known = set(tx.session.scalars(select(User.username)))
    fresh = [each for each in people() if each.username not in known]
    since = local_date(tx.now) - timedelta(days=365)  # before the first step of any demo case
    for each in fresh:
        names = each.username, each.name_fa, each.name_en
        identity.add_user(tx, *names, PASSWORD, each.assignments, demo=True, since=since)
    demo_register.load(tx, _read()["offices"])
    return bool(fresh)


@dataclass
class _Case:
    """One case that people take forward."""

    engine: Engine
    id: str = ""

    def do(self, key: str, username: str, **values: Any) -> None:
        """Complete a step as a person would, with a paper for each value that is the word FILE."""
        with self.engine.transaction() as tx:
            person = identity.actor_by_name(tx, username)
        if person is None:
            raise LookupError(username)
        with self.engine.transaction(person) as tx:
            if not self.id:
                self.id = instances.start(tx, "office_onboarding").id
                tx.session.flush()  # its first task is looked up below
            instance = instances.get(tx, self.id)
            [task] = [each for each in instances.tasks_of(tx, self.id) if each.key == key]
            for name in [name for name, value in values.items() if value == "FILE"]:
                values[name] = stored.store(
                    tx,
                    stream=io.BytesIO(_PDF),
                    name="سند نمایشی.pdf",
                    instance=instance,
                    task_id=task.id,
                    form_key=task.form_key,
                ).id
            tx.session.flush()
            tasks.complete(tx, task.id, values, revision=instance.revision)


@contextmanager
def _days_ago(engine: Engine, days: int) -> Iterator[date]:
    """Let the engine believe that it is some days earlier, so that the demo has late steps."""
    clock = engine.clock
    engine.clock = lambda: clock() - timedelta(days=days)
    try:
        yield local_date(engine.clock())
    finally:
        engine.clock = clock


def run_cases(engine: Engine) -> None:
    """Take three cases some steps forward: documents, district inquiry, prerequisites."""
    with _days_ago(engine, 40) as day:
        late = _registered(engine, day, "72035678", "marand", "دفتر پیشخوان کندوان مرند")
        _inquired(late, day, "marand")
        letter = {"letter_no": "235/ص/118", "letter_date": day.isoformat()}
        late.do(
            "t_final_decision", "sales_deputy", outcome="approve", services=["S01", "S02"], **letter
        )
    with _days_ago(engine, 30) as day:
        case = _registered(engine, day, "72031250", "ahar", "دفتر پیشخوان قره‌داغ اهر")
        case.do("t_check_docs", "sales_deputy", outcome="complete")
        case.do(
            "t_send_inquiry",
            "sales_deputy",
            letter_no="235/ص/97",
            letter_date=day.isoformat(),
            due=_weeks_later(day),
        )
        case.do("t_assign_review", "district_manager.ahar", reviewer="district_cs_head.ahar")
    with _days_ago(engine, 0) as day:
        _registered(engine, day, "72031260", "ahar", "دفتر پیشخوان آیین‌لو اهر")


def _weeks_later(day: date) -> str:
    return (day + timedelta(weeks=3)).isoformat()


def _registered(engine: Engine, day: date, code: str, district: str, name: str) -> _Case:
    case = _Case(engine)
    number = int(code[-4:])
    case.do(
        "t_register_request",
        "sales_deputy",
        office_name=name,
        office_code=code,
        licence_no=f"پ-{number}",
        licence_valid_to=(day + timedelta(days=900)).isoformat(),
        district=district,
        address="خیابان امام، پلاک ۱۲",
        postal_code="5166614766",
        owner_kind="real",
        manager_name="مدیر نمایشی",
        manager_nid=demo_register.national_id(number),
        mobile="09141234567",
        phone="04133333333",
        ref_no=f"234/11/{number}",
        ref_date=(day - timedelta(days=4)).isoformat(),
        ref_scan="FILE",
        req_no=f"206/93/{number}",
        req_date=(day - timedelta(days=2)).isoformat(),
        req_scan="FILE",
    )
    return case


def _inquired(case: _Case, day: date, district: str) -> None:
    manager, head = f"district_manager.{district}", f"district_cs_head.{district}"
    letter = {"letter_no": "235/ص/96", "letter_date": day.isoformat()}
    case.do("t_check_docs", "sales_deputy", outcome="complete")
    case.do("t_send_inquiry", "sales_deputy", due=_weeks_later(day), **letter)
    case.do("t_assign_review", manager, reviewer=head)
    case.do(
        "t_field_review",
        head,
        location_ok="good",
        conduct="good",
        nearby_offices=1,
        report="محل دفتر مناسب و در دسترس شهروندان است.",
        visit_date=day.isoformat(),
    )
    reply = {"org": "شهرداری", "reply_date": day.isoformat(), "reply_no": "61116/42401"}
    case.do("t_ask_orgs", manager, orgs=[{**reply, "result": "positive"}])
    case.do(
        "t_opinion",
        manager,
        outcome="confirm",
        letter_no="311/52",
        letter_date=letter["letter_date"],
    )

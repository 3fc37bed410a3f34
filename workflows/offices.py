"""The office register: statuses and their moves, search, what belongs to an office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select

from engine.errors import HandlerRefused, NotFound
from engine.models import ProcessInstance
from engine.states import InstanceState
from engine.transaction import Transaction
from forms.text import search_key
from workflows.access import visible_cases, visible_offices
from workflows.models import (
    Contract,
    Inquiry,
    Installation,
    Office,
    OfficeUser,
    Referral,
    StatusChange,
)

Owned = TypeVar("Owned", Contract, Inquiry, Installation, OfficeUser, Referral, StatusChange)


class OfficeStatus(StrEnum):
    """Where an office stands with the company (PROCEDURE 3.18)."""

    applicant = "applicant"
    inquiry = "inquiry"
    preparing = "preparing"
    contracted = "contracted"
    active = "active"
    suspended = "suspended"
    no_user = "no_user"
    expired = "expired"
    terminated = "terminated"
    rejected = "rejected"
    withdrawn = "withdrawn"


#: Persian and English titles.
STATUS_TITLES: Mapping[str, Mapping[str, str]] = {
    OfficeStatus.applicant: {"fa": "متقاضی", "en": "Applicant"},
    OfficeStatus.inquiry: {"fa": "در حال استعلام", "en": "Under inquiry"},
    OfficeStatus.preparing: {"fa": "در حال آماده‌سازی", "en": "Preparing"},
    OfficeStatus.contracted: {"fa": "دارای تفاهم‌نامه", "en": "Contracted"},
    OfficeStatus.active: {"fa": "فعال", "en": "Active"},
    OfficeStatus.suspended: {"fa": "تعلیق", "en": "Suspended"},
    OfficeStatus.no_user: {"fa": "فاقد کاربر", "en": "Without a user"},
    OfficeStatus.expired: {"fa": "منقضی", "en": "Expired"},
    OfficeStatus.terminated: {"fa": "خاتمه‌یافته", "en": "Terminated"},
    OfficeStatus.rejected: {"fa": "رد شده", "en": "Rejected"},
    OfficeStatus.withdrawn: {"fa": "انصراف", "en": "Withdrawn"},
}

#: Where an office may go from each status; "" is an office that is not registered yet.
MOVES: Mapping[str, frozenset[str]] = {
    "": frozenset({"applicant"}),
    "applicant": frozenset({"inquiry", "withdrawn"}),
    "inquiry": frozenset({"preparing", "rejected", "withdrawn"}),
    "preparing": frozenset({"contracted", "withdrawn"}),
    "contracted": frozenset({"active", "withdrawn", "expired", "terminated"}),
    "active": frozenset({"suspended", "no_user", "expired", "terminated"}),
    "suspended": frozenset({"active", "expired", "terminated"}),
    "no_user": frozenset({"active", "suspended", "expired", "terminated"}),
    "expired": frozenset({"active", "applicant", "terminated"}),
    "terminated": frozenset({"applicant"}),
    # An accepted objection reopens the inquiry; a new application begins anew.
    "rejected": frozenset({"inquiry", "applicant"}),
    "withdrawn": frozenset({"applicant"}),
}


def move(tx: Transaction, office: Office, to: str, instance: ProcessInstance | None = None) -> bool:
    """Move an office to a status and keep the move; False where it stands there already.

    Raises:
        HandlerRefused: when ``MOVES`` does not allow it.

    """
    came_from = office.status or ""
    if to == came_from:
        return False
    if to not in MOVES[came_from]:
        raise _refused_move(came_from, to)
    office.status, office.updated_at = to, tx.now
    tx.session.add(
        StatusChange(
            office=office.code,
            from_status=came_from,
            to_status=to,
            at=tx.now,
            instance_id=instance.id if instance else None,
            by=tx.actor.username,
        )
    )
    return True


def _refused_move(came_from: str, to: str) -> HandlerRefused:
    nothing = {"fa": "ثبت‌نشده", "en": "Not registered"}
    old = STATUS_TITLES.get(came_from, nothing)
    new = STATUS_TITLES.get(to, {"fa": to, "en": to})
    return HandlerRefused(
        f"وضعیت دفتر نمی‌تواند از «{old['fa']}» به «{new['fa']}» برود.",
        f"The office cannot go from “{old['en']}” to “{new['en']}”.",
    )


@dataclass(frozen=True)
class OfficeFilter:
    """What to look for in the register; "" stands for any."""

    text: str = ""
    district: str = ""
    status: str = ""
    #: Office code after which the page begins.
    after: str = ""
    limit: int = 25


@dataclass(frozen=True)
class Page:
    """A page of the register in order of office codes."""

    rows: Sequence[Office]
    #: Cursor of the next page; "" on the last one.
    next: str
    #: Offices that match on all pages.
    total: int


def _matching(tx: Transaction, wanted: OfficeFilter) -> list[ColumnElement[bool]]:
    clauses = [visible_offices(tx.actor)]
    if wanted.district:
        clauses.append(Office.district == wanted.district)
    if wanted.status:
        clauses.append(Office.status == wanted.status)
    if key := search_key(wanted.text):
        clauses.append(Office.search_key.contains(key, autoescape=True))
    return clauses


def search(tx: Transaction, wanted: OfficeFilter = OfficeFilter()) -> Page:
    """Return the offices that the actor may see and that match."""
    matching = _matching(tx, wanted)
    total = tx.session.scalar(select(func.count()).select_from(Office).where(*matching)) or 0
    query = select(Office).where(*matching, Office.code > wanted.after).order_by(Office.code)
    rows = tx.session.scalars(query.limit(wanted.limit + 1)).all()
    shown = rows[: wanted.limit]
    return Page(shown, shown[-1].code if len(rows) > wanted.limit else "", total)


def get(tx: Transaction, code: str) -> Office:
    """Return an office that the actor may see.

    Raises:
        NotFound: when there is none, or the actor may not know of it.

    """
    query = select(Office).where(Office.code == code, visible_offices(tx.actor))
    office = tx.session.scalars(query).one_or_none()
    if office is None:
        raise NotFound
    return office


def belonging(tx: Transaction, table: type[Owned], code: str) -> Sequence[Owned]:
    """Return an office's contracts, users, installations … newest first."""
    query = select(table).where(table.office == code).order_by(table.id.desc())
    return tx.session.scalars(query).all()


def cases(tx: Transaction, code: str) -> Sequence[ProcessInstance]:
    """Return the cases of an office that the actor may see, newest first."""
    query = select(ProcessInstance).where(ProcessInstance.office == code, visible_cases(tx.actor))
    return tx.session.scalars(query.order_by(ProcessInstance.started_at.desc())).all()


def open_case(tx: Transaction, code: str, *, besides: ProcessInstance) -> str | None:
    """Return the id of another running case of the same process for an office, or None."""
    query = select(ProcessInstance.id).where(
        ProcessInstance.office == code,
        ProcessInstance.key == besides.key,
        ProcessInstance.state != InstanceState.completed.value,
        ProcessInstance.id != besides.id,
    )
    return tx.session.scalar(query.limit(1))


def key_of(office: Office) -> str:
    """Return the search key of an office: name, code, manager and licence number."""
    words = (office.name, office.code, office.manager_name, office.licence_no)
    return search_key(" ".join(words))[:400]

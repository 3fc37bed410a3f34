"""The inbox: which user tasks are mine, which my posts may claim, which are late."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from engine.calendar import end_of_day, local_date
from engine.candidates import own_clause, proxy_clause
from engine.models import UserTask
from engine.states import UserTaskState
from engine.transaction import Transaction
from forms.text import search_key

View = Literal["all", "mine", "open", "behalf"]


@dataclass(frozen=True)
class InboxFilter:
    """What the actor wants to see of the inbox."""

    #: all: mine and claimable; mine: held by me; open: claimable; behalf: recordable for offices.
    view: View = "all"
    process: str = ""
    district: str = ""
    lateness: Literal["", "late", "today", "week"] = ""
    text: str = ""
    #: Cursor of the page before.
    after: str = ""
    limit: int = 25


@dataclass(frozen=True)
class Page:
    """One page of the inbox, most urgent first."""

    rows: list[UserTask]
    #: Cursor of the next page; "" at the end.
    next: str


def _view_clause(tx: Transaction, view: View) -> ColumnElement[bool]:
    mine = UserTask.assignee == tx.actor.username
    free = UserTask.assignee.is_(None)
    routed = or_(own_clause(tx.actor), proxy_clause(tx, logins=False))
    clauses: dict[View, ColumnElement[bool]] = {
        "mine": mine,
        "open": and_(free, routed),
        "behalf": and_(free, proxy_clause(tx, logins=True)),
        "all": or_(mine, and_(free, routed)),
    }
    return clauses[view]


def _late_clause(tx: Transaction, lateness: str) -> ColumnElement[bool]:
    today = local_date(tx.now)
    until = {"late": tx.now, "today": end_of_day(today), "week": end_of_day(today + timedelta(7))}
    return UserTask.due_at <= until[lateness]


def _filtered(tx: Transaction, wanted: InboxFilter) -> Select[UserTask]:
    query = select(UserTask).where(
        UserTask.state == UserTaskState.open, _view_clause(tx, wanted.view)
    )
    if wanted.process:
        query = query.where(UserTask.process_key == wanted.process)
    if wanted.district:
        query = query.where(UserTask.district == wanted.district)
    if wanted.lateness:
        query = query.where(_late_clause(tx, wanted.lateness))
    if key := search_key(wanted.text):
        query = query.where(UserTask.search_key.contains(key, autoescape=True))
    return query


def page(tx: Transaction, wanted: InboxFilter) -> Page:
    """Return a page of open user tasks, the earliest deadline first."""
    query = _filtered(tx, wanted).order_by(UserTask.due_at, UserTask.id)
    if wanted.after:
        due, _, task_id = wanted.after.partition("~")
        try:
            at = datetime.fromisoformat(due)
        except ValueError:
            return page(tx, replace(wanted, after=""))
        later = and_(UserTask.due_at == at, UserTask.id > task_id)
        query = query.where(or_(UserTask.due_at > at, later))
    rows = list(tx.session.scalars(query.limit(wanted.limit + 1)))
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    return Page(rows, f"{rows[-1].due_at.isoformat()}~{rows[-1].id}" if more else "")


def counts(tx: Transaction) -> dict[str, int]:
    """Count for the badges: mine, open, behalf, and how many of mine and open are late."""
    clauses = {view: _view_clause(tx, view) for view in ("mine", "open", "behalf")}
    everything = _view_clause(tx, "all")
    sums = [func.sum(case((clause, 1), else_=0)) for clause in clauses.values()]
    late = func.sum(case((and_(everything, UserTask.due_at <= tx.now), 1), else_=0))
    row = tx.session.execute(
        select(*sums, late).where(
            UserTask.state == UserTaskState.open, or_(everything, clauses["behalf"])
        )
    ).one()
    return dict(zip((*clauses, "late"), (value or 0 for value in row), strict=True))

"""Find the cases that a person may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from engine.deployments import published
from engine.diagram import called_processes
from engine.errors import NotFound
from engine.models import ProcessInstance
from engine.transaction import Transaction
from forms.text import search_key
from workflows.access import may_see_form, visible_cases


@dataclass(frozen=True)
class CaseFilter:
    """What to look for; "" stands for any."""

    text: str = ""
    process: str = ""
    district: str = ""
    state: str = ""
    #: Cursor of the page before.
    after: str = ""
    limit: int = 25


@dataclass(frozen=True)
class Page:
    """A page of cases, the newest first."""

    rows: Sequence[ProcessInstance]
    #: Cursor of the next page; "" on the last one.
    next: str


def _matching(tx: Transaction, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    clauses = [visible_cases(tx.actor)]
    for column, value in (
        (ProcessInstance.key, wanted.process),
        (ProcessInstance.district, wanted.district),
        (ProcessInstance.state, wanted.state),
    ):
        if value:
            clauses.append(column == value)
    if key := search_key(wanted.text):
        clauses.append(ProcessInstance.search_key.contains(key, autoescape=True))
    return clauses


def search(tx: Transaction, wanted: CaseFilter = CaseFilter()) -> Page:
    """Return the cases that the actor may see and that match."""
    query = select(ProcessInstance).where(*_matching(tx, wanted))
    last = tx.session.get(ProcessInstance, wanted.after) if wanted.after else None
    if last is not None:
        same = ProcessInstance.started_at == last.started_at
        earlier = ProcessInstance.started_at < last.started_at
        query = query.where(or_(earlier, and_(same, ProcessInstance.id > last.id)))
    query = query.order_by(ProcessInstance.started_at.desc(), ProcessInstance.id)
    rows = tx.session.scalars(query.limit(wanted.limit + 1)).all()
    shown = rows[: wanted.limit]
    return Page(shown, shown[-1].id if len(rows) > wanted.limit else "")


def get(tx: Transaction, instance_id: str) -> ProcessInstance:
    """Return a case that the actor may see.

    Raises:
        NotFound: when there is none, or the actor may not know of it.

    """
    query = select(ProcessInstance).where(
        ProcessInstance.id == instance_id, visible_cases(tx.actor)
    )
    instance = tx.session.scalars(query).one_or_none()
    if instance is None:
        raise NotFound
    return instance


def visible_processes(tx: Transaction, instance: ProcessInstance) -> dict[str, dict[str, str]]:
    """Return the case's processes of which the actor may read a form, with their call activities.

    The path through the others tells what was decided there, so neither their diagrams nor
    their entries in the history are shown.
    """
    keys = published(tx, instance.definition_id).forms
    return {
        process: calls
        for process, calls in called_processes(tx, instance).items()
        if any(may_see_form(tx.actor, instance, process, key) for key in keys)
    }

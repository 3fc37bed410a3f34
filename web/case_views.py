"""What every page about a case shows: facts, where it stands, the timeline, the diagrams."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from engine import history, instances
from engine.candidates import standing
from engine.deployments import published
from engine.models import EventLogEntry, MessageSubscription, ProcessInstance, UserTask
from engine.transaction import Transaction
from web.due import Due, due
from web.form_views import Fact, Reader
from web.sentences import HIDDEN, Sentence, sentence
from workflows import cases
from workflows.access import may_see_form, may_see_office
from workflows.models import Office


@dataclass(frozen=True)
class Waiting:
    """An open user task of a case, and whether the reader may do it."""

    task: UserTask
    deadline: Due
    mine: bool


@dataclass(frozen=True)
class Moment:
    """One entry of the timeline with what was submitted in it."""

    entry: EventLogEntry
    sentence: Sentence
    facts: list[Fact]


@dataclass(frozen=True)
class DiagramLink:
    """A diagram of a case."""

    key: str
    fa: str
    en: str
    xml: str
    state: str


def overview(tx: Transaction, instance: ProcessInstance) -> dict[str, Any]:
    """Return what the templates of a case's pages need, as far as the reader may see it."""
    processes = cases.visible_processes(tx, instance)
    waiting, unseen = open_tasks(tx, instance, set(processes))
    return {
        "instance": instance,
        "process": published(tx, instance.definition_id).bundle.diagrams[instance.key],
        "office": _office(tx, instance),
        "waiting": waiting,
        "unseen": unseen,
        "messages": messages(tx, instance),
        "moments": timeline(tx, instance, set(processes)),
        "diagrams": [_link(tx, instance, key) for key in processes],
    }


def open_tasks(
    tx: Transaction, instance: ProcessInstance, processes: set[str]
) -> tuple[list[Waiting], bool]:
    """Return the open tasks that the reader may know of, and whether there are others."""
    tasks = [_waiting(tx, task) for task in instances.tasks_of(tx, instance.id)]
    known = [each for each in tasks if each.mine or each.task.process_key in processes]
    return known, len(known) < len(tasks)


def messages(tx: Transaction, instance: ProcessInstance) -> list[MessageSubscription]:
    """Return the messages that the reader may send: those with a form."""
    return [row for row in instances.subscriptions(tx, instance) if row.form_key]


def _office(tx: Transaction, instance: ProcessInstance) -> Office | None:
    office = tx.session.get(Office, instance.office) if instance.office else None
    return office if office and may_see_office(tx.actor, office) else None


def _waiting(tx: Transaction, task: UserTask) -> Waiting:
    mine = standing(tx, task.role, task.scope, task.district) is not None
    return Waiting(task, due(tx, task.due_at), mine)


def _link(tx: Transaction, instance: ProcessInstance, key: str) -> DiagramLink:
    drawn = published(tx, instance.definition_id).bundle.diagrams[key]
    xml, state = (
        url_for(view, instance_id=instance.id, process_key=key)
        for view in ("cases.diagram_xml", "cases.diagram_state")
    )
    return DiagramLink(key, drawn.name_fa, drawn.name_en, xml, state)


def timeline(tx: Transaction, instance: ProcessInstance, processes: set[str]) -> list[Moment]:
    """Return the history in sentences, the newest first, without what the reader may not see."""
    reader = Reader(tx, instance)
    process_of = {task.id: task.process_key for task in instances.tasks_of(tx, instance.id, "")}
    moments = [
        _moment(tx, instance, reader, entry)
        for entry in history.latest(tx, instance.id)
        if entry.type not in HIDDEN
        # A notice names no process: it belongs to that of the step it is about.
        and (entry.process_key or process_of.get(entry.task_id, instance.key)) in processes
    ]
    return moments[::-1]


def _moment(
    tx: Transaction, instance: ProcessInstance, reader: Reader, entry: EventLogEntry
) -> Moment:
    form = published(tx, instance.definition_id).forms.get(entry.form_key)
    values = entry.data.get("values")
    if form is None or not values:
        return Moment(entry, sentence(entry), [])
    if not may_see_form(tx.actor, instance, entry.process_key, entry.form_key):
        return Moment(entry, sentence(entry), [])
    return Moment(entry, sentence(entry, reader.outcome(form, values)), reader.facts(form, values))

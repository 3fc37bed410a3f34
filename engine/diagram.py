"""What a diagram shows of a case: the path taken, where it stands, and for whom."""

from collections.abc import Container, Sequence
from typing import Any

from sqlalchemy import select

from engine.deployments import published
from engine.errors import NotFound
from engine.events import EventType
from engine.identity import Role
from engine.models import EventLogEntry, ProcessInstance, UserTask
from engine.spiff.elements import Diagram
from engine.states import UserTaskState
from engine.transaction import Transaction

#: Stands for those inside a called process that the reader does not see.
_SOMEBODY = Role("", "در جریان", "Running")
_PASSING = (
    EventType.element_completed,
    EventType.timer_fired,
    EventType.user_task_completed,
    EventType.message_received,
)


def xml(tx: Transaction, definition_id: int, process_key: str) -> bytes:
    """Return the file that holds a process, as it was published with a definition.

    Raises:
        NotFound: when the deployment holds no such process.

    """
    deployment = published(tx, definition_id)
    name = deployment.bundle.files.get(process_key)
    if name is None:
        raise NotFound
    return deployment.files[name]


def called_processes(tx: Transaction, instance: ProcessInstance) -> dict[str, dict[str, str]]:
    """Return the processes of a case, its own first, each with its call activities' targets."""
    diagrams = published(tx, instance.definition_id).bundle.diagrams
    found: dict[str, dict[str, str]] = {}
    todo = [instance.key]
    while todo:
        key = todo.pop(0)
        if key in found:
            continue
        found[key] = {call.id: call.called for call in diagrams[key].calls()}
        todo += found[key].values()
    return found


def state(
    tx: Transaction, instance: ProcessInstance, process_key: str, seen: Container[str]
) -> dict[str, Any]:
    """Return ids of done elements, taken flows, and current elements with their holders' roles.

    Who works inside a called process is told only of those that the reader has ``seen``.
    """
    bundle = published(tx, instance.definition_id).bundle
    diagram = bundle.diagrams.get(process_key)
    if diagram is None:
        raise NotFound
    drawn = [scope for scope in bundle.scopes.values() if scope.process_key == process_key]
    query = select(EventLogEntry).where(
        EventLogEntry.stream == instance.id, EventLogEntry.process_key == process_key
    )
    rows = tx.session.scalars(query.order_by(EventLogEntry.number)).all()
    current = _current(tx, instance, process_key)
    return {
        "done": sorted({row.element_id for row in rows if row.type in _PASSING}),
        "flows": _flows(drawn, rows),
        "current": current + _running_calls(tx, instance, diagram, seen),
        "counts": _counts(rows),
    }


def _flows(drawn: Sequence[Diagram], rows: Sequence[EventLogEntry]) -> list[str]:
    steps = {(row.data.get("from"), row.element_id) for row in rows}
    flows = (flow for scope in drawn for flow in scope.sequence)
    return sorted(flow.id for flow in flows if (flow.source, flow.target) in steps)


def _counts(rows: Sequence[EventLogEntry]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        if row.type in _PASSING:
            counts[row.element_id] = counts.get(row.element_id, 0) + 1
    return {element: count for element, count in counts.items() if count > 1}


def _open(tx: Transaction, instance: ProcessInstance) -> Sequence[UserTask]:
    query = select(UserTask).where(UserTask.instance_id == instance.id)
    return tx.session.scalars(query.where(UserTask.state == UserTaskState.open)).all()


def _current(tx: Transaction, instance: ProcessInstance, process_key: str) -> list[dict[str, str]]:
    roles = tx.engine.roles
    return [
        {"id": row.key, "fa": roles[row.role].fa, "en": roles[row.role].en}
        for row in _open(tx, instance)
        if row.process_key == process_key
    ]


def _running_calls(
    tx: Transaction, instance: ProcessInstance, diagram: Diagram, seen: Container[str]
) -> list[dict[str, str]]:
    """Return the call activities that run, each for the roles whose tasks are open inside."""
    called = published(tx, instance.definition_id).bundle.called
    found = []
    for call in diagram.calls():
        rows = [
            r for r in _open(tx, instance) if r.process_key in {call.called, *called[call.called]}
        ]
        keys = sorted({row.role for row in rows if row.process_key in seen})
        roles = [tx.engine.roles[key] for key in keys] or [_SOMEBODY]
        if rows:
            fa, en = "، ".join(r.fa for r in roles), ", ".join(r.en for r in roles)
            found.append({"id": call.id, "fa": fa, "en": en})
    return found

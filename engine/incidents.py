"""What went wrong and needs a person: open, list, resolve by trying again."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from engine.errors import NotFound, Refusal, StillFailing
from engine.events import EventType
from engine.execution import guarded
from engine.history import record
from engine.models import Incident, Message, MessageSubscription
from engine.queue import Job
from engine.states import IncidentState, InstanceState
from engine.step import Step, locked, take_up
from engine.transaction import Transaction


def open_incident(
    tx: Transaction,
    instance_id: str,
    kind: str,
    message: str,
    *,
    element_id: str = "",
    task_id: str = "",
) -> Incident:
    """Say what failed and needs a person; a failed step stops its case, a failed job one task."""
    instance = locked(tx, instance_id)
    if not task_id:
        instance.state = InstanceState.failed.value
        instance.next_due_at = None
    row = Incident(
        instance_id=instance_id,
        element_id=element_id,
        task_id=task_id,
        kind=kind,
        message=message[:2000],
        state=IncidentState.open.value,
        opened_at=tx.now,
    )
    tx.session.add(row)
    data = {"kind": kind, "message": row.message}
    where = {"process_key": instance.key, "element_id": element_id, "task_id": task_id}
    record(tx, instance, EventType.incident_opened, data=data, **where)
    return row


def listed(tx: Transaction, state: IncidentState = IncidentState.open) -> Sequence[Incident]:
    """Return incidents, newest first."""
    query = select(Incident).where(Incident.state == state)
    return tx.session.scalars(query.order_by(Incident.id.desc()).limit(200)).all()


def retry(tx: Transaction, incident_id: int, reason: str) -> Incident:
    """Try the failed step again, or leave a new job for the failed task.

    Raises:
        NotFound: when there is no such open incident.
        StillFailing: when the step fails again; nothing is changed then.

    """
    row = tx.session.get(Incident, incident_id)
    if row is None or row.state != IncidentState.open:
        raise NotFound
    instance = locked(tx, row.instance_id)
    row.state, row.closed_at = IncidentState.resolved.value, tx.now
    row.closed_by, row.reason = tx.actor.username, reason
    data = {"incident": row.id, "reason": reason}
    record(tx, instance, EventType.incident_resolved, process_key=instance.key, data=data)
    if row.task_id:
        for kind, arguments in _work_of(tx, row):
            tx.put(Job(kind, f"{kind}:{'-'.join(arguments.values())}:{row.id}", arguments))
        return row
    instance.state = InstanceState.running.value
    _advance(take_up(tx, instance))
    return row


def _work_of(tx: Transaction, row: Incident) -> Iterable[tuple[str, dict[str, str]]]:
    """Return the kind and the arguments of the jobs that failed with an incident."""
    if row.kind == "service_task":
        return [(row.kind, {"instance": row.instance_id, "task": row.task_id})]
    if row.kind == "message":
        return [(row.kind, {"id": row.task_id})]
    name = select(Message.name).where(Message.id == row.task_id).scalar_subquery()
    waiting = select(MessageSubscription.id).where(
        MessageSubscription.instance_id == row.instance_id,
        MessageSubscription.kind == row.kind,
        MessageSubscription.name == name,
    )
    return [(row.kind, {"id": row.task_id, "to": to}) for to in tx.session.scalars(waiting)]


def _advance(step: Step) -> None:
    try:
        guarded(step, step.workflow.advance)
    except Refusal:
        raise
    except Exception as error:
        raise StillFailing from error

"""What went wrong and needs a person: open, list, resolve by trying again."""

from collections.abc import Sequence

from sqlalchemy import select

from engine.errors import NotFound
from engine.events import EventType
from engine.execution import guarded, locked, take_up
from engine.history import record
from engine.models import Incident, ProcessInstance
from engine.states import IncidentState, InstanceState
from engine.transaction import Transaction


def open_incident(tx: Transaction, instance_id: str, kind: str, message: str) -> Incident:
    """Stop a case whose step failed and say why."""
    instance = tx.session.get_one(ProcessInstance, instance_id)
    instance.state = InstanceState.failed.value
    instance.next_due_at = None
    row = Incident(
        instance_id=instance_id,
        kind=kind,
        message=message[:2000],
        state=IncidentState.open.value,
        opened_at=tx.now,
    )
    tx.session.add(row)
    data = {"kind": kind, "message": row.message}
    record(tx, instance, EventType.incident_opened, process_key=instance.key, data=data)
    return row


def listed(tx: Transaction, state: IncidentState = IncidentState.open) -> Sequence[Incident]:
    """Return incidents, newest first."""
    query = select(Incident).where(Incident.state == state)
    return tx.session.scalars(query.order_by(Incident.id.desc()).limit(200)).all()


def retry(tx: Transaction, incident_id: int, reason: str) -> Incident:
    """Try the failed step again; the incident closes when it passes.

    Raises:
        NotFound: when there is no such open incident.

    """
    row = tx.session.get(Incident, incident_id)
    if row is None or row.state != IncidentState.open:
        raise NotFound
    instance = locked(tx, row.instance_id)
    instance.state = InstanceState.running.value
    row.state, row.closed_at = IncidentState.resolved.value, tx.now
    row.closed_by, row.reason = tx.actor.username, reason
    data = {"incident": row.id, "reason": reason}
    record(tx, instance, EventType.incident_resolved, process_key=instance.key, data=data)
    step = take_up(tx, instance)
    guarded(step, step.workflow.advance)
    return row

"""Work that time brings: fire the timers that are due, each case in its own transaction."""

import logging

from sqlalchemy import select

from engine.errors import StaleRevision
from engine.execution import guarded, locked, take_up
from engine.incidents import open_incident
from engine.models import ProcessInstance
from engine.states import InstanceState
from engine.transaction import Engine

log = logging.getLogger(__name__)
#: Cases whose timers one round fires.
MOST = 100


def due(engine: Engine) -> list[str]:
    """Return the ids of the cases that have a timer to fire, the longest overdue first."""
    with engine.reading() as tx:
        query = select(ProcessInstance.id).where(
            ProcessInstance.state == InstanceState.running,
            ProcessInstance.next_due_at <= tx.now,
        )
        return list(tx.session.scalars(query.order_by(ProcessInstance.next_due_at).limit(MOST)))


def fire(engine: Engine, instance_id: str) -> bool:
    """Fire what is due in one case; False when another node has done it already.

    A step that fails opens an incident instead, so that one broken case stops no other.
    """
    try:
        with engine.transaction() as tx:
            instance = locked(tx, instance_id)
            if instance.next_due_at is None or instance.next_due_at > tx.now:
                return False
            step = take_up(tx, instance)
            guarded(step, step.workflow.advance)
            return True
    except StaleRevision:
        return False
    except Exception as error:
        log.exception("timer of %s failed", instance_id)
        with engine.transaction() as tx:
            open_incident(tx, instance_id, "timer", f"{type(error).__name__}: {error}")
        return False


def run_due(engine: Engine) -> int:
    """Fire all due timers; return in how many cases."""
    return sum(fire(engine, instance_id) for instance_id in due(engine))

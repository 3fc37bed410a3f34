"""Do one act of a workflow, let it come to rest, and write what has changed."""

from dataclasses import dataclass
from typing import Any

from engine.errors import Invalid, StepLimit
from engine.events import EventType
from engine.history import record
from engine.identity import SYSTEM
from engine.inbox_rows import settle_subscriptions, settle_tasks
from engine.models import UserTask
from engine.outbox import throw
from engine.spiff.runtime import TooManySteps
from engine.states import InstanceState
from engine.step import Step
from forms.expressions import ExpressionError


@dataclass(frozen=True)
class Completion:
    """What a step led to."""

    instance_id: str
    #: The user tasks that it opened.
    opened: list[UserTask]
    ended: bool


def settle(step: Step) -> Completion:
    """Advance to rest and write what has changed: inbox, messages, state, history."""
    step.workflow.advance()
    opened = settle_tasks(step)
    settle_subscriptions(step)
    for thrown in step.workflow.thrown():
        throw(step.tx, step.instance, thrown, step.published.digest)
    instance, workflow = step.instance, step.workflow
    instance.revision = (instance.revision or 0) + 1
    instance.next_due_at = workflow.next_due()
    instance.data = workflow.values()
    if workflow.completed:
        _end(step)
    # An ended case takes no step more; its values and its history stay.
    instance.workflow = b"" if workflow.completed else workflow.dump()
    return Completion(instance.id, opened, ended=instance.state == InstanceState.completed)


def guarded(step: Step, act: Any, *arguments: Any) -> Completion:
    """Do one act of a workflow and settle; translate what the diagram cannot do.

    Raises:
        StepLimit: when the diagram runs on for too long.
        Invalid: when an expression of the diagram cannot be computed.

    """
    try:
        act(*arguments)
        return settle(step)
    except TooManySteps as error:
        raise StepLimit from error
    except ExpressionError as error:
        raise Invalid(error.message_fa, error.message_en) from error


def _end(step: Step) -> None:
    instance = step.instance
    instance.state = InstanceState.completed
    instance.ended_at = step.tx.now
    instance.end_event = step.end_event
    diagram = step.published.bundle.diagrams[instance.key]
    element = diagram.elements.get(step.end_event)
    record(
        step.tx,
        instance,
        EventType.process_instance_completed,
        by=SYSTEM,
        process_key=instance.key,
        element_id=step.end_event,
        name_fa=element.name_fa if element else "",
        name_en=element.name_en if element else "",
        data={"end_event": step.end_event},
        deployment=step.published.digest,
    )

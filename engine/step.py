"""An instance taken up for one step: its row locked, its workflow loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import undefer

from engine.deployments import Published, published
from engine.errors import NotFound, StaleRevision
from engine.events import EventType
from engine.functions import functions_for
from engine.history import record
from engine.identity import SYSTEM
from engine.models import ProcessInstance, UserTask
from engine.queue import Job
from engine.service_tasks import HandlerContext, Outside
from engine.spiff.runtime import Passed, Workflow
from engine.spiff.scripts import Call, StepScripts
from engine.states import InstanceState
from engine.transaction import Transaction

# Made once, as every step runs it: to make it takes longer than to run it.
_LOCKED = (
    select(ProcessInstance)
    .where(ProcessInstance.id == bindparam("id"))
    .with_for_update()
    .options(undefer(ProcessInstance.workflow), undefer(ProcessInstance.data))
    .execution_options(populate_existing=True)
)


@dataclass
class Step:
    """An instance taken up for one step."""

    tx: Transaction
    instance: ProcessInstance
    published: Published
    #: Process of the handler that runs now, for its history entries.
    process_key: str = ""
    end_event: str = ""
    #: Ids of the messages that were waited for when the step began.
    waited: frozenset[str] = frozenset()
    #: Inbox rows of the case that were open when the step began; None until they are read.
    rows: list[UserTask] | None = None
    workflow: Workflow = field(init=False)

    def scripts(self) -> StepScripts:
        """Return the script engine of this step."""
        return StepScripts(functions_for(self.tx), self._run_handler)

    def on_passed(self, passed: Passed) -> None:
        """Write into the history that a token passed an element."""
        element = passed.element
        kind = EventType.timer_fired if element.timer else EventType.element_completed
        if element.type == "endEvent" and passed.process_key == self.instance.key:
            self.end_event = element.id
        record(
            self.tx,
            self.instance,
            kind,
            by=SYSTEM,
            process_key=passed.process_key,
            element_id=element.id,
            name_fa=element.name_fa,
            name_en=element.name_en,
            task_id=passed.task_id,
            data={"from": passed.came_from, "type": element.type},
            deployment=self.published.digest,
        )

    def _run_handler(self, call: Call) -> Mapping[str, Any] | None:
        """Run a handler of the step, or leave a job for one with effects outside."""
        handler = self.tx.engine.handlers[call.handler]
        told = {"handler": call.handler, "parameters": dict(call.parameters)}
        if isinstance(handler, Outside):
            where = {"instance": self.instance.id, "task": call.task_id}
            self.tx.put(Job("service_task", f"service_task:{call.task_id}", where))
            self.record_service(EventType.service_task_started, call.element_id, told)
            return None
        context = HandlerContext(
            self.tx, self.instance, call.data, self.instance.key, call.element_id
        )
        values = dict(handler(context, call.parameters) or {})
        told["values"] = values
        self.record_service(EventType.service_task_completed, call.element_id, told)
        return values

    def record_service(self, kind: EventType, element_id: str, data: dict[str, Any]) -> None:
        """Write into the history what a handler was asked for or returned."""
        digest = self.published.digest
        where = {"element_id": element_id, "deployment": digest}
        record(self.tx, self.instance, kind, by=SYSTEM, data=data, **where)


def begin(tx: Transaction, instance: ProcessInstance, values: Mapping[str, Any]) -> Step:
    """Make the first step of a new instance; its first elements run in ``settle``."""
    step = Step(tx, instance, published(tx, instance.definition_id))
    bundle, scripts = step.published.bundle, step.scripts()
    step.workflow = Workflow.start(bundle, instance.key, scripts, tx.now, step.on_passed, values)
    return step


def locked(tx: Transaction, instance_id: str, revision: int | None = None) -> ProcessInstance:
    """Lock an instance and compare its revision with the one that the page showed.

    Raises:
        NotFound: when there is no such instance.
        StaleRevision: when somebody else made a step meanwhile.

    """
    instance = tx.session.scalars(_LOCKED, {"id": instance_id}).one_or_none()
    if instance is None:
        raise NotFound
    if revision is not None and instance.revision != revision:
        raise StaleRevision
    return instance


def take_up(tx: Transaction, instance: ProcessInstance) -> Step:
    """Load the workflow of a locked, running instance."""
    if instance.state != InstanceState.running:
        raise StaleRevision
    step = Step(tx, instance, published(tx, instance.definition_id))
    bundle, scripts = step.published.bundle, step.scripts()
    step.workflow = Workflow.load(instance.workflow, bundle, scripts, tx.now, step.on_passed)
    step.waited = frozenset(message.id for message in step.workflow.waiting_messages())
    return step

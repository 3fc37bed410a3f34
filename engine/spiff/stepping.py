"""SpiffWorkflow's workflow with a step of its own: one element after the other, events between.

SpiffWorkflow 3.2.0 runs a list of ready tasks that it made beforehand, also those that one of
them has just cancelled, and throws events into tasks that are still being completed. Here each
task is looked at anew before it runs, and what it throws is delivered when it is done. Throwing
elements run last, so that all who are about to wait do wait.
"""

from collections.abc import Callable, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions import (
    CancelEventDefinition,
    ErrorEventDefinition,
    EscalationEventDefinition,
    MessageEventDefinition,
    MultipleEventDefinition,
    SignalEventDefinition,
)
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import ThrowingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.spiff.events import Condition, Waiting, stop
from engine.spiff.merging import values_of
from engine.spiff.places import at_element
from engine.spiff.timers import Timer

#: Events that go to an activity around the one that throws.
_CLIMBING = (ErrorEventDefinition, EscalationEventDefinition, CancelEventDefinition)
#: Events that others may be about to wait for.
_SENT = (MessageEventDefinition, SignalEventDefinition, EscalationEventDefinition)
#: Events that happen without being sent.
_BY_THEMSELVES = (Timer, Condition, MultipleEventDefinition)


class Endable:
    """A process that can be ended from inside."""

    def end_with(self, values: dict[str, Any]) -> None:
        """End with these values, whatever still lives in it."""
        self.data.update(values)  # type: ignore[attr-defined]
        stop(self)
        self.completed_event(self)  # type: ignore[attr-defined]


class InnerWorkflow(Endable, BpmnSubWorkflow):  # type: ignore[misc]
    """A running sub-process or called process."""

    def __init__(self, *arguments: Any, **fields: Any) -> None:
        super().__init__(*arguments, **fields)
        if "data_objects" in self.data:
            self.data["data_objects"] = dict.fromkeys(self.spec.data_objects)


class CaseWorkflow(Endable, BpmnWorkflow):  # type: ignore[misc]
    """A running case."""

    def __init__(self, *arguments: Any, **fields: Any) -> None:
        self._thrown: list[Any] = []
        super().__init__(*arguments, **fields)
        self.event_manager = Waiting(self)

    def create_subprocess(self, my_task: Any, spec_name: str) -> InnerWorkflow:
        """Begin the process inside an activity."""
        inside = InnerWorkflow(self.subprocess_specs[spec_name], my_task.id, self)
        self.subprocesses[my_task.id] = inside
        return inside

    def trees(self) -> list[Any]:
        """Return the case and the sub-processes that live in it, outer ones first."""
        found: list[Any] = [self]
        for task_id, inside in self.subprocesses.items():
            hosts = (tree.tasks[task_id] for tree in found if task_id in tree.tasks)
            host = next(hosts, None)
            lives = host is not None and not host.has_state(TaskState.FINISHED_MASK)
            if lives and not inside.completed:
                found.append(inside)
        return found

    def catch(self, event: Any) -> None:
        """Take what a task throws; it is delivered when the task is done."""
        self._thrown.append(event)

    def to_rest(self, ran: Callable[[Any], Mapping[str, Any]]) -> None:
        """Run all that needs no person, and let come what is due.

        ``ran`` is told of each task and returns the values that what it threw bears.
        """
        self._look()
        while ready := self._ready():
            for task in ready:
                if task.state == TaskState.READY and task.id in task.workflow.tasks:
                    with at_element(task):
                        task.run()
                        self._deliver(task.workflow, ran(task))
            self._look()

    def _ready(self) -> list[Any]:
        ready = [
            task
            for tree in self.trees()
            for task in tree.tasks.values()
            if task.state == TaskState.READY and not task.task_spec.manual
        ]
        return [task for task in ready if not _throws(task)] or ready[:1]

    def _look(self) -> None:
        """Let waiting tasks see what time it is and what the values are."""
        for task in list(self.event_manager.tasks.values()):
            definition = task.task_spec.event_definition
            if task.state == TaskState.WAITING and isinstance(definition, _BY_THEMSELVES):
                with at_element(task):
                    task.task_spec._update(task)  # noqa: SLF001

    def _deliver(self, tree: Any, given: Mapping[str, Any]) -> None:
        events, self._thrown = self._thrown, []
        for event in events:
            definition = event.event_definition
            if isinstance(definition, _CLIMBING):
                caught = self.event_manager.climb(event, tree)
                if not caught and not isinstance(definition, EscalationEventDefinition):
                    self.end_with(values_of(self))
            elif isinstance(definition, MessageEventDefinition | SignalEventDefinition):
                most = 1 if isinstance(definition, MessageEventDefinition) else None
                if not self.event_manager.spread(event, most, given):
                    self.bpmn_events.append(event)


def _throws(task: Any) -> bool:
    spec = task.task_spec
    return isinstance(spec, ThrowingEvent) and isinstance(spec.event_definition, _SENT)

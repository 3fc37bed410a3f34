"""Events that are caught: boundary events, event gateways, conditions, and who gets what.

SpiffWorkflow 3.2.0 lets an error interrupt every activity that could catch it, fires a
non-interrupting event once only, gives all timers of an event gateway one instant, and looks for
conditions in the values of one branch. Here events come to where they belong.
"""

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EndEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.event_definitions import (
    ConditionalEventDefinition,
    TerminateEventDefinition,
)
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.event import EventManager
from SpiffWorkflow.util.task import TaskState

from engine.spiff.merging import is_run, values_of
from engine.spiff.timers import CycleTimer, Timer
from forms.expressions import UnknownName


def interrupt(task: Any) -> None:
    """Cancel a task and all that still lives below it, sub-processes included."""
    below, todo = [], [task]
    while todo:
        one = todo.pop()
        below.append(one)
        todo += one.children
    for one in reversed(below):
        if not one.has_state(TaskState.FINISHED_MASK):
            inside = one.workflow.top_workflow.subprocesses.get(one.id)
            if inside is not None:
                stop(inside)
            one.cancel()


def stop(tree: Any) -> None:
    """Cancel all that lives in a process."""
    interrupt(tree.task_tree)
    tree.completed = True


class HostDone(BpmnTaskSpec):  # type: ignore[misc]
    """Follows an activity that has boundary events, and ends their waiting."""

    def _update_hook(self, task: Any) -> bool:
        super()._update_hook(task)
        for event in task.parent.parent.children:
            if isinstance(event.task_spec, BoundaryEvent) and event.state == TaskState.WAITING:
                event.cancel()
        return True


class Attached(BoundaryEvent):  # type: ignore[misc]
    """A boundary event."""

    def _on_ready_hook(self, task: Any) -> None:
        """Take the host's token or leave it; what the host has written so far is seen behind."""
        super()._on_ready_hook(task)
        host = _host(task)
        task.data.update(_seen_in(host))
        if self.cancel_activity:
            for sibling in task.parent.children:
                if sibling is host or sibling.state == TaskState.WAITING:
                    interrupt(sibling)
        else:
            self._arm_again(task)

    def _arm_again(self, task: Any) -> None:
        definition, following = self.event_definition, dict[str, Any]()
        if isinstance(definition, ConditionalEventDefinition) or (
            isinstance(definition, Timer)
            and not (isinstance(definition, CycleTimer) and definition.arm_next(task, following))
        ):
            return
        again = task.parent._add_child(self, TaskState.WAITING)  # noqa: SLF001
        again.internal_data.update(following)
        self._predict(again, mask=TaskState.NOT_FINISHED_MASK)
        self._update(again)


def _host(event: Any) -> Any:
    """Return the activity that an event is attached to."""
    activity = event.parent.task_spec.outputs[0]
    return next(task for task in event.parent.children if task.task_spec is activity)


def _seen_in(host: Any) -> dict[str, Any]:
    inside = host.workflow.top_workflow.subprocesses.get(host.id)
    return dict(host.data) if inside is None else values_of(inside)


class Condition(ConditionalEventDefinition):  # type: ignore[misc]
    """Happens when an expression over the values of the whole case holds."""

    def has_fired(self, task: Any) -> bool:
        """Tell whether it holds; it does not while a name has no value yet."""
        names = values_of(task.workflow.top_workflow)
        external = task.workflow.data_objects
        scripts = task.workflow.script_engine
        try:
            return bool(scripts.environment.evaluate(self.expression, names, external))
        except UnknownName:
            return False


class FirstEvent(EventBasedGateway):  # type: ignore[misc]
    """An event-based gateway: what happens first decides, and each timer has its own instant."""

    def catches(self, task: Any, event: Any) -> bool:
        """Tell whether one of its events is this one."""
        return task.state == TaskState.WAITING and self._index(task, event) is not None

    def _index(self, task: Any, event: Any) -> int | None:
        definitions = self.event_definition.event_definitions
        return next((n for n, d in enumerate(definitions) if d.catches(task, event)), None)

    def catch(self, task: Any, event: Any) -> None:
        """Let an event decide."""
        index = self._index(task, event)
        if index is not None:
            self.event_definition.event_definitions[index].catch(task, event)
            task.internal_data["chosen"] = index

    def _update_hook(self, task: Any) -> bool:
        BpmnTaskSpec._update_hook(self, task)  # noqa: SLF001
        if "chosen" not in task.internal_data:
            happened = sorted(self._happened(task))
            if not happened:
                task._set_state(TaskState.WAITING)  # noqa: SLF001
                return False
            task.internal_data["chosen"] = happened[0][1]
        return True

    def _happened(self, task: Any) -> list[tuple[str, int]]:
        """Return which timers are due and which conditions hold, the earliest first."""
        found = []
        for index, definition in enumerate(self.event_definition.event_definitions):
            if isinstance(definition, Condition) and definition.has_fired(task):
                found.append(("", index))
            elif isinstance(definition, Timer):
                timer = OneOfTimers(task, index)
                if definition.has_fired(timer):
                    found.append((timer.internal_data["event_value"], index))
        return found

    def _run_hook(self, task: Any) -> bool:
        index = task.internal_data["chosen"]
        self.event_definition.event_definitions[index].update_task_data(task)
        task._sync_children([self.outputs[index]], TaskState.FUTURE)  # noqa: SLF001
        for child in task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)  # noqa: SLF001
        return True


class OneOfTimers:
    """A gateway's task as one of its timers sees it."""

    def __init__(self, task: Any, index: int) -> None:
        self.workflow, self.data = task.workflow, task.data
        timers = task.internal_data.setdefault("timers", {})
        self.internal_data: dict[str, Any] = timers.setdefault(str(index), {})


class Ending(EndEvent):  # type: ignore[misc]
    """An end event; a terminate end takes all tokens of its process or sub-process."""

    def _on_complete_hook(self, task: Any) -> None:
        BpmnTaskSpec._on_complete_hook(self, task)  # noqa: SLF001
        if not isinstance(self.event_definition, TerminateEventDefinition):
            return
        tree = task.workflow
        while tree.spec.wrapped:
            tree = tree.parent_workflow
        tree.end_with({**values_of(tree), **task.data})


def due_of(task: Any) -> list[tuple[Any, Any]]:
    """Return the timers of a waiting task: the spec of the drawn event and the instant."""
    spec = task.task_spec
    if isinstance(spec, FirstEvent):
        definitions = zip(spec.outputs, spec.event_definition.event_definitions, strict=True)
        timers = [(o, d, OneOfTimers(task, n)) for n, (o, d) in enumerate(definitions)]
    else:
        timers = [(spec, getattr(spec, "event_definition", None), task)]
    due = [(o, d.due(one)) for o, d, one in timers if isinstance(d, Timer)]
    return [(output, instant) for output, instant in due if instant is not None]


class Waiting(EventManager):  # type: ignore[misc]
    """Finds the tasks that wait for events in the tree itself, where none can be forgotten."""

    @property
    def tasks(self) -> dict[Any, Any]:
        """The waiting tasks by id."""
        return {
            task.id: task
            for tree in self.workflow.trees()
            for task in tree.tasks.values()
            if task.state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent)
        }

    @tasks.setter
    def tasks(self, _tasks: dict[Any, Any]) -> None:
        """Take no list."""

    def add_task(self, my_task: Any) -> None:
        """Keep no list."""

    def remove_task(self, my_task: Any) -> None:
        """Keep no list."""

    def spread(self, event: Any, most: int | None, given: Mapping[str, Any]) -> int:
        """Give an event to the tasks that wait for it, the oldest first; return how many."""
        takers = [task for task in self.tasks.values() if task.task_spec.catches(task, event)]
        takers.sort(key=lambda task: task.last_state_change)
        taken = 0
        for task in takers:
            if taken != most and task.state == TaskState.WAITING:
                self.give(task, event, given)
                taken += 1
        return taken

    def climb(self, event: Any, tree: Any) -> bool:
        """Give an error, escalation or cancel to the activity around it that catches it."""
        while tree.parent_task_id is not None:
            activity = self.workflow.get_task_from_id(tree.parent_task_id)
            tree = activity.workflow
            if is_run(activity):
                activity = activity.parent
            if not isinstance(activity.parent.task_spec, BoundaryEventSplit):
                continue
            takers = [
                task
                for task in activity.parent.children
                if isinstance(task.task_spec, BoundaryEvent) and task.task_spec.catches(task, event)
            ]
            if takers:
                # An event that names the code goes before one that catches all.
                named = [t for t in takers if getattr(t.task_spec.event_definition, "code", None)]
                self.give((named or takers)[0], event, {})
                return True
        return False

    def give(self, task: Any, event: Any, given: Mapping[str, Any]) -> None:
        """Let a task take an event with its values; an update takes the values from above."""
        task.task_spec.catch(task, event)
        task.task_spec._update(task)  # noqa: SLF001
        task.data.update(given)

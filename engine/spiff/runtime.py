"""One step of a workflow: complete a task, deliver a message, let time pass; then advance."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskIterator, TaskState

from engine.spiff import clock, codec
from engine.spiff.compaction import compact
from engine.spiff.elements import Diagram, Element
from engine.spiff.parser import Bundle
from engine.spiff.scripts import StepScripts

#: Automatic elements in one step; beyond it the diagram runs in a circle.
STEP_LIMIT = 1_000
# SpiffWorkflow stops looking for tasks below this depth and then calls the case completed. Our
# own limits refuse the step long before a tree could grow so deep.
_DEPTH = 10**9
TaskIterator.__init__.__defaults__ = (None, _DEPTH, True, None)
BpmnTaskIterator.__init__.__defaults__ = (None, _DEPTH, True, False, None)
#: Tasks in one tree; beyond it the diagram explodes.
TREE_LIMIT = 20_000


class TooManySteps(RuntimeError):
    """The diagram passes more automatic elements in one step than a transaction may hold."""


class NotReady(LookupError):
    """The task does not exist any more or does not wait for a person."""


@dataclass(frozen=True)
class Passed:
    """An element that a token passed in this step, and where the token came from."""

    process_key: str
    element: Element
    task_id: str
    came_from: str


@dataclass(frozen=True)
class OpenTask:
    """A user task that waits for a person."""

    id: str
    process_key: str
    element: Element
    came_from: str
    data: dict[str, Any]


@dataclass(frozen=True)
class WaitingMessage:
    """A message that an event waits for."""

    id: str
    process_key: str
    element: Element
    name: str


Listener = Callable[[Passed], None]


class Workflow:
    """A running workflow, loaded for one step."""

    def __init__(
        self, workflow: BpmnWorkflow, bundle: Bundle, now: datetime, listener: Listener
    ) -> None:
        self._workflow = workflow
        self._bundle = bundle
        self._now = now
        self._listener = listener
        self._passed = 0

    @classmethod
    def start(
        cls, bundle: Bundle, key: str, scripts: StepScripts, now: datetime, listener: Listener
    ) -> "Workflow":
        """Begin a process; its first elements have not run yet."""
        with clock.at(now):
            workflow = BpmnWorkflow(bundle.specs[key], bundle.called[key], script_engine=scripts)
        return cls(workflow, bundle, now, listener)

    @classmethod
    def load(
        cls, content: bytes, bundle: Bundle, scripts: StepScripts, now: datetime, listener: Listener
    ) -> "Workflow":
        """Take up a stored workflow."""
        workflow = codec.load(content, bundle)
        workflow.script_engine = scripts
        return cls(workflow, bundle, now, listener)

    def dump(self) -> bytes:
        """Write the workflow, without what is finished."""
        compact(self._workflow)
        return codec.dump(self._workflow)

    @property
    def completed(self) -> bool:
        """Tell whether no token is left."""
        return bool(self._workflow.is_completed())

    def _trees(self) -> list[Any]:
        return [self._workflow, *self._workflow.subprocesses.values()]

    def _tasks(self) -> Iterator[Any]:
        for tree in self._trees():
            yield from tree.tasks.values()

    def _scope(self, task: Any) -> Diagram:
        return self._bundle.scopes[task.workflow.spec.name]

    def _element(self, task: Any) -> Element | None:
        return self._scope(task).elements.get(task.task_spec.bpmn_id or "")

    def _came_from(self, task: Any) -> str:
        above = task.parent
        while above is not None:
            if self._element(above) is not None:
                return str(above.task_spec.bpmn_id)
            above = above.parent
        return ""

    def _find(self, task_id: str, state: int) -> Any:
        wanted = UUID(task_id)
        for tree in self._trees():
            task = tree.tasks.get(wanted)
            if task is not None and task.has_state(state):
                return task
        raise NotReady(task_id)

    def complete(self, task_id: str, values: dict[str, Any]) -> None:
        """Complete a user task with its form's values, then advance.

        Raises:
            NotReady: when the task is not READY; SpiffWorkflow itself would run it again.

        """
        task = self._find(task_id, TaskState.READY)
        if not task.task_spec.manual:
            raise NotReady(task_id)
        task.data.update(values)
        with clock.at(self._now):
            task.run()
        self.advance()

    def deliver(self, subscription_id: str, values: dict[str, Any]) -> None:
        """Give a waiting event its message, then advance.

        Raises:
            NotReady: when nothing waits for it any more.

        """
        task_id, _, name = subscription_id.partition(":")
        task = self._find(task_id, TaskState.WAITING)
        definition = next((d for d in _messages(task) if d.name == name), None)
        if definition is None:
            raise NotReady(subscription_id)
        task.data.update(values)
        with clock.at(self._now):
            event = BpmnEvent(definition, payload={})
            task.task_spec.catch(task, event)
            task.task_spec._update(task)  # noqa: SLF001
        self.advance()

    def advance(self) -> None:
        """Pass all elements that need no person, and the timers that are due.

        Raises:
            TooManySteps: when the diagram does not come to rest.

        """
        try:
            with clock.at(self._now):
                self._until_rest()
        except RecursionError as error:
            raise TooManySteps from error
        if sum(len(tree.tasks) for tree in self._trees()) > TREE_LIMIT:
            raise TooManySteps

    def _until_rest(self) -> None:
        before = -1
        while before != self._passed:
            before = self._passed
            self._workflow.refresh_timers()
            self._workflow.do_engine_steps(did_complete_task=self._on_passed)

    def _on_passed(self, task: Any) -> None:
        element = self._element(task)
        if element is not None:
            self._passed += 1
            key = self._scope(task).process_key
            self._listener(Passed(key, element, str(task.id), self._came_from(task)))
        if self._passed > STEP_LIMIT:
            raise TooManySteps

    def open_tasks(self) -> list[OpenTask]:
        """Return the user tasks that wait for a person."""
        found = []
        for task in self._tasks():
            element = self._element(task)
            if task.state == TaskState.READY and task.task_spec.manual and element is not None:
                key = self._scope(task).process_key
                came_from = self._came_from(task)
                found.append(OpenTask(str(task.id), key, element, came_from, task.data))
        return found

    def waiting_messages(self) -> list[WaitingMessage]:
        """Return the messages that events wait for."""
        found = []
        for task in self._waiting():
            diagram = self._scope(task)
            names = {d.name for d in _messages(task)}
            targets = {task.task_spec.bpmn_id} | {o.bpmn_id for o in task.task_spec.outputs}
            found += [
                WaitingMessage(f"{task.id}:{e.message}", diagram.process_key, e, e.message)
                for e in diagram.elements.values()
                if e.id in targets and e.message in names
            ]
        return found

    def _waiting(self) -> list[Any]:
        return [
            task
            for task in self._tasks()
            if task.state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent)
        ]

    def next_due(self) -> datetime | None:
        """Return the instant of the earliest timer."""
        values = (task.internal_data.get("event_value") for task in self._waiting())
        return min((due for value in values if (due := _instant(value))), default=None)

    def values(self) -> dict[str, Any]:
        """Return the case's values as they stand now: those of the live branches, latest last."""
        live = TaskState.READY | TaskState.WAITING | TaskState.STARTED
        tasks = [t for t in self._tasks() if t.has_state(live)]
        merged: dict[str, Any] = dict(self._workflow.data)
        for task in sorted(tasks, key=lambda t: t.last_state_change):
            merged.update(task.data)
        merged.pop("data_objects", None)
        return merged


def _messages(task: Any) -> list[MessageEventDefinition]:
    definition = getattr(task.task_spec, "event_definition", None)
    inner = (
        definition.event_definitions
        if isinstance(definition, MultipleEventDefinition)
        else [definition]
    )
    return [d for d in inner if isinstance(d, MessageEventDefinition)]


def _instant(value: Any) -> datetime | None:
    text = value.get("next") if isinstance(value, dict) else value
    if not isinstance(text, str):
        return None
    instant: datetime = TimerEventDefinition.get_datetime(text)
    return instant.astimezone(UTC)

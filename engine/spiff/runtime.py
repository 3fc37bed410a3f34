"""One step of a workflow: complete a task, deliver a message, let time pass; then advance."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.event_definitions import (
    MessageEventDefinition,
    SignalEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.util.task import TaskIterator, TaskState

from engine.spiff import clock, codec, values
from engine.spiff.compaction import compact
from engine.spiff.elements import Diagram, Element
from engine.spiff.events import due_of
from engine.spiff.merging import LIVE, is_run, values_of
from engine.spiff.parser import Bundle
from engine.spiff.scripts import StepScripts
from engine.spiff.stepping import CaseWorkflow
from engine.spiff.told import (
    Listener,
    OpenTask,
    Passed,
    Thrown,
    WaitingMessage,
    WaitingTimer,
)

__all__ = ["OpenTask", "Passed", "Thrown", "WaitingMessage", "WaitingTimer", "Workflow"]

#: Elements that send a message or a signal.
THROWING = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})
#: Automatic elements in one step; beyond it the diagram runs in a circle.
STEP_LIMIT = 1_000
# SpiffWorkflow stops looking for tasks below this depth and then calls the case completed. Our
# own limits refuse the step long before a tree could grow so deep.
_DEPTH = 10**9
TaskIterator.__init__.__defaults__ = (None, _DEPTH, True, None)
BpmnTaskIterator.__init__.__defaults__ = (None, _DEPTH, True, False, None)
#: Tasks in one tree; beyond it the diagram explodes.
TREE_LIMIT = 20_000
#: Kinds of events that cross from case to case.
_KINDS = {"message": MessageEventDefinition, "signal": SignalEventDefinition}


class TooManySteps(RuntimeError):
    """The diagram passes more automatic elements in one step than a transaction may hold."""


class NotReady(LookupError):
    """The task does not exist any more or does not wait for a person."""


class Workflow:
    """A running workflow, loaded for one step."""

    def __init__(
        self, workflow: CaseWorkflow, bundle: Bundle, now: datetime, listener: Listener
    ) -> None:
        self._workflow = workflow
        self._bundle = bundle
        self._now = now
        self._listener = listener
        self._passed = 0
        self._sent: list[Thrown] = []

    @classmethod
    def start(
        cls,
        bundle: Bundle,
        key: str,
        scripts: StepScripts,
        now: datetime,
        listener: Listener,
        given: Mapping[str, Any] = MappingProxyType({}),
    ) -> "Workflow":
        """Begin a process with values; its first elements have not run yet."""
        values.check(dict(given))
        with clock.at(now):
            workflow = CaseWorkflow(bundle.specs[key], bundle.called[key], script_engine=scripts)
        workflow.task_tree.data.update(given)
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
        compact(self._workflow, lambda task: self._element(task) is not None)
        return codec.dump(self._workflow)

    @property
    def completed(self) -> bool:
        """Tell whether no token is left."""
        return bool(self._workflow.is_completed())

    def _tasks(self) -> Iterator[Any]:
        for tree in self._workflow.trees():
            yield from tree.tasks.values()

    def _scope(self, task: Any) -> Diagram:
        return self._bundle.scope_of(task.workflow.spec.name)

    def _element(self, task: Any) -> Element | None:
        return self._scope(task).elements.get(task.task_spec.bpmn_id or "")

    def _came_from(self, task: Any) -> str:
        above = task.parent.parent if is_run(task) else task.parent
        while above is not None:
            if self._element(above) is not None:
                return str(above.task_spec.bpmn_id)
            above = above.parent
        return ""

    def _find(self, task_id: str, state: int) -> Any:
        wanted = UUID(task_id)
        for tree in self._workflow.trees():
            task = tree.tasks.get(wanted)
            if task is not None and task.has_state(state):
                return task
        raise NotReady(task_id)

    def complete(self, task_id: str, given: dict[str, Any]) -> None:
        """Complete a user task with its form's values, then advance.

        Raises:
            NotReady: when the task is not READY; SpiffWorkflow itself would run it again.
            ExpressionError: when the values could not be kept.

        """
        task = self._find(task_id, TaskState.READY)
        if not task.task_spec.manual:
            raise NotReady(task_id)
        values.check(given)
        task.data.update(given)
        with clock.at(self._now):
            task.run()
        self.advance()

    def deliver(self, subscription_id: str, given: dict[str, Any]) -> None:
        """Give a waiting event its message, then advance.

        Raises:
            NotReady: when nothing waits for it any more.
            ExpressionError: when the values could not be kept.

        """
        task_id, _, name = subscription_id.partition(":")
        task = self._find(task_id, TaskState.WAITING)
        definition = next((d for d in _definitions(task) if d.name == name), None)
        if definition is None:
            raise NotReady(subscription_id)
        values.check(given)
        with clock.at(self._now):
            event = BpmnEvent(definition, payload={})
            self._workflow.event_manager.give(task, event, given)
        self.advance()

    def complete_service(self, task_id: str, given: Mapping[str, Any]) -> None:
        """Take what a handler outside the step returned, then advance.

        Raises:
            NotReady: when the task does not wait for it any more.
            ExpressionError: when the values could not be kept.

        """
        task = self._find(task_id, TaskState.STARTED)
        values.check(dict(given))
        task.data.update(given)
        with clock.at(self._now):
            task.complete()
        self._on_passed(task)
        self.advance()

    def waiting_services(self) -> list[str]:
        """Return the ids of the service tasks whose handlers have not come back yet."""
        started = (task for task in self._tasks() if task.state == TaskState.STARTED)
        return [
            str(task.id)
            for task in started
            if (element := self._element(task)) is not None and element.handler
        ]

    def service_parameters(self, task_id: str) -> tuple[Element, str, dict[str, Any]] | None:
        """Return element, handler and computed parameters of a waiting service task, or None."""
        try:
            task = self._find(task_id, TaskState.STARTED)
        except NotReady:
            return None
        element, spec = self._element(task), task.task_spec
        if element is None or not element.handler or isinstance(spec, LoopTask):
            return None
        computed = {n: p["value"] for n, p in spec.evaluate_params(task).items()}
        return element, spec.operation_name, computed

    def thrown(self) -> list[Thrown]:
        """Return the messages and signals sent in this step that other cases are to get."""
        events = [(event.event_definition.name) for event in self._workflow.get_events()]
        found = []
        for sent in self._sent:
            if sent.name in events:
                events.remove(sent.name)
                found.append(sent)
        self._sent = []
        return found

    def advance(self) -> None:
        """Pass all elements that need no person, and the timers that are due.

        Raises:
            TooManySteps: when the diagram does not come to rest.

        """
        try:
            with clock.at(self._now):
                self._workflow.to_rest(self._on_passed)
        except RecursionError as error:
            raise TooManySteps from error
        if sum(len(tree.tasks) for tree in self._workflow.trees()) > TREE_LIMIT:
            raise TooManySteps

    def _on_passed(self, task: Any) -> Mapping[str, Any]:
        """Tell the listener; return the values that what the element throws bears."""
        element = self._element(task)
        drawn = element is not None and not isinstance(task.task_spec, LoopTask)
        # What is not drawn costs little, but it may run in a circle as well.
        self._passed += 5 if drawn else 1
        if self._passed > 5 * STEP_LIMIT:
            raise TooManySteps
        if element is None or not drawn:
            return {}
        key = self._scope(task).process_key
        self._listener(Passed(key, element, str(task.id), self._came_from(task)))
        if element.type not in THROWING or not element.message:
            return {}
        names = element.properties.get("payload", "").replace(",", " ").split()
        payload = {name: task.data[name] for name in names if name in task.data}
        kind = element.event or "message"
        where = self._key(task, element)
        self._sent.append(Thrown(key, element, kind, element.message, where, payload))
        return payload

    def _key(self, task: Any, element: Element) -> str | None:
        expression = element.properties.get("correlationKey")
        return str(task.workflow.script_engine.evaluate(task, expression)) if expression else None

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
        """Return the messages and signals that events wait for."""
        found = []
        for task in self._waiting():
            kinds = {d.name: _kind(d) for d in _definitions(task)}
            for scope, element in self._drawn(task):
                if element.message in kinds:
                    name, kind = element.message, kinds[element.message]
                    where = f"{task.id}:{name}", scope.process_key, element
                    found.append(WaitingMessage(*where, kind, name, self._key(task, element)))
        return found

    def _drawn(self, task: Any) -> list[tuple[Diagram, Element]]:
        """Return the events that a waiting task stands for, as they are drawn."""
        spec, scope = task.task_spec, self._scope(task)
        if spec.bpmn_id in self._bundle.drawn:
            return [self._bundle.drawn[spec.bpmn_id]]
        ids = (one.bpmn_id or "" for one in (spec, *spec.outputs))
        own, *behind = (scope.elements.get(element_id) for element_id in ids)
        drawn = behind if own is not None and own.type == "eventBasedGateway" else [own]
        return [(scope, element) for element in drawn if element is not None]

    def _waiting(self) -> list[Any]:
        return list(self._workflow.event_manager.tasks.values())

    def timers(self) -> list[WaitingTimer]:
        """Return the timers that are set, those of event gateways as the events behind them."""
        found = []
        for task in self._waiting():
            for spec, due in due_of(task):
                drawn = self._bundle.drawn.get(spec.bpmn_id or "")
                element = drawn[1] if drawn else self._scope(task).elements.get(spec.bpmn_id or "")
                if element is not None:
                    found.append(WaitingTimer(element, due))
        return found

    def standing(self) -> list[Element]:
        """Return the elements at which the tokens stand."""
        found = (self._element(task) for task in self._tasks() if task.has_state(LIVE))
        return list({element.id: element for element in found if element is not None}.values())

    def next_due(self) -> datetime | None:
        """Return the instant of the earliest timer."""
        due = (instant for task in self._waiting() for _spec, instant in due_of(task))
        return min(due, default=None)

    def values(self) -> dict[str, Any]:
        """Return the case's values as they stand now (see ``merging``)."""
        return values_of(self._workflow)


def _kind(definition: Any) -> str:
    return next(kind for kind, cls in _KINDS.items() if isinstance(definition, cls))


def _definitions(task: Any) -> list[MessageEventDefinition | SignalEventDefinition]:
    definition = getattr(task.task_spec, "event_definition", None)
    inner = (
        definition.event_definitions
        if isinstance(definition, MultipleEventDefinition)
        else [definition]
    )
    return [d for d in inner if isinstance(d, tuple(_KINDS.values()))]

"""BPMN bytes to specs, checked against the schema."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.process import VALIDATOR, SpiffProcessParser
from SpiffWorkflow.spiff.specs.data_object import DataObject
from SpiffWorkflow.spiff.specs.defaults import NoneTask, ServiceTask

from engine.spiff.drawing import diagrams
from engine.spiff.elements import Diagram, Element, XmlRefused, read_xml
from engine.spiff.events import Attached, Condition, Ending, FirstEvent, HostDone
from engine.spiff.joins import AllJoin, Choice, ProcessSpec, SomeJoin
from engine.spiff.loops import AtOnce, InstanceOf, Loop, OneByOne
from engine.spiff.repair import repaired
from engine.spiff.subprocesses import Called, Embedded, Transaction
from engine.spiff.timers import KINDS
from forms.expressions import ExpressionError


class HandlerTask(ServiceTask):  # type: ignore[misc]
    """A service task whose handler's values join the case's values under their own names."""

    def _execute(self, task):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        parameters = {
            name: parameter["value"] for name, parameter in self.evaluate_params(task).items()
        }
        done = task.workflow.script_engine.run_handler(task, self.operation_name, parameters)
        return True if done else None  # None leaves the task STARTED, waiting for its job


class PlainTask(NoneTask):  # type: ignore[misc]
    """A task of no type: nobody does it, so it is passed."""

    def __init__(self, *arguments: Any, **fields: Any) -> None:
        super().__init__(*arguments, **fields)
        self.manual = False


class Ours(TaskParser):  # type: ignore[misc]
    """What every element's parser does our way; mixed into each of SpiffWorkflow's parsers."""

    STANDARD_LOOP_CLASS, PARALLEL_MI_CLASS, SEQUENTIAL_MI_CLASS = Loop, AtOnce, OneByOne

    def get_position(self, node: Any = None) -> dict[str, float]:  # noqa: ARG002
        """Return one place for all: moving a box on the drawing changes nothing."""
        return {"x": 0.0, "y": 0.0}

    def _copy_task_attrs(self, original: Any, loop_characteristics: Any = None) -> None:
        """Let each run of a loop tell the loop that it is done."""
        super()._copy_task_attrs(original, loop_characteristics)
        original.__class__ = _instance_class(original.__class__)

    def _add_boundary_event(self, children: Any) -> Any:
        split = BoundaryEventSplit(self.spec, f"{self.bpmn_id}.BoundaryEventSplit")
        split.connect(self.task)
        self.task.connect(HostDone(self.spec, f"{self.bpmn_id}.HostDone"))
        for event in children:
            split.connect(self.process_parser.parse_node(event))
        return split

    def _resolve_data_object_ref(self, reference: Any) -> Any:
        """Find a data object in the processes around; SpiffWorkflow never leaves the first."""
        parser = self.process_parser if reference is not None else None
        while parser is not None:
            found = parser.spec.data_objects.get(reference.get("dataObjectRef"))
            if found is not None:
                return found
            parser = parser.parent
        return None


class OurEvents:
    """How event definitions are read."""

    def parse_timer_event(self, event: Any) -> Any:
        """Return the timer of an event."""
        [holder] = [child for child in event if etree.QName(child).localname in KINDS]
        kind = KINDS[etree.QName(holder).localname]
        return kind(self.node.get("id"), (holder.text or "").strip())  # type: ignore[attr-defined]

    def parse_conditional_event(self, event: Any) -> Any:
        """Return the condition of an event."""
        return Condition((event.findtext(full_tag("condition")) or "").strip())

    def get_event_definition(self, _paths: Any) -> Any:
        """Return the event's definition; ``repair`` leaves one at most."""
        readers = {
            full_tag(f"{kind}EventDefinition"): getattr(self, f"parse_{name}_event")
            for kind, name in _EVENTS.items()
        }
        found = [readers[child.tag](child) for child in self.node if child.tag in readers]  # type: ignore[attr-defined]
        return found[0] if found else NoneEventDefinition()


#: Frames that the longest process may need; the gate bounds its elements.
_FRAMES = 10_000
_deepening = Lock()
#: Kinds of events, and what SpiffWorkflow calls them.
_EVENTS = {
    "cancel": "cancel",
    "conditional": "conditional",
    "error": "error",
    "escalation": "escalation",
    "message": "message",
    "signal": "signal",
    "terminate": "terminate",
    "timer": "timer",
}
#: Our classes in place of SpiffWorkflow's.
_SPECS = {
    "boundaryEvent": Attached,
    "callActivity": Called,
    "endEvent": Ending,
    "eventBasedGateway": FirstEvent,
    "exclusiveGateway": Choice,
    "inclusiveGateway": SomeJoin,
    "parallelGateway": AllJoin,
    "serviceTask": HandlerTask,
    "subProcess": Embedded,
    "task": PlainTask,
    "transaction": Transaction,
}


@lru_cache
def _instance_class(activity: Any) -> type:
    return type(activity.__name__, (InstanceOf, activity), {})


def _ours(tag: str, parser: type, spec: type) -> tuple[type, type]:
    bases = (Ours, OurEvents, parser) if hasattr(parser, "get_event_definition") else (Ours, parser)
    return type(parser.__name__, bases, {}), _SPECS.get(tag, spec)


class KeptObject(DataObject):  # type: ignore[misc]
    """A data object; a step that writes it must have given it a value."""

    def set(self, task: Any) -> None:
        """Keep the value that the step gave it."""
        if self.bpmn_id not in task.data:
            raise ExpressionError(
                f"این گام به شیء دادهٔ «{self.bpmn_id}» مقداری نداده است.",
                f"This step has given the data object “{self.bpmn_id}” no value.",
            )
        super().set(task)


class ProcessParser(SpiffProcessParser):  # type: ignore[misc]
    """Reads a process into our kind of spec."""

    def _index_process_nodes(self) -> None:
        """Index the elements; a handler may bear the name of one."""
        super()._index_process_nodes()
        self.nodes_by_id = {node.get("id"): node for node in self.xpath(".//bpmn:*[@id]")}

    def parse_data_object(self, obj: Any) -> KeptObject:
        """Return a data object."""
        return KeptObject(None, obj.get("id"), obj.get("name"))

    def create_spec(self) -> ProcessSpec:
        """Return the empty spec."""
        return ProcessSpec(name=self.bpmn_id, description=self.get_name(), filename=self.filename)


class BundleParser(SpiffBpmnParser):  # type: ignore[misc]
    """SpiffWorkflow's own dialect with our elements."""

    PROCESS_PARSER_CLASS = ProcessParser
    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012
        tag: _ours(etree.QName(tag).localname, parser, spec)
        for tag, (parser, spec) in {
            **SpiffBpmnParser.PARSER_CLASSES,
            **SpiffBpmnParser.OVERRIDE_PARSER_CLASSES,
        }.items()
    }


@dataclass(frozen=True)
class Bundle:
    """The parsed diagrams of one deployment; shared by all instances of a node, never changed."""

    specs: dict[str, BpmnProcessSpec]
    #: For each process the specs of all that it calls, at any depth.
    called: dict[str, dict[str, BpmnProcessSpec]]
    diagrams: dict[str, Diagram]
    #: Processes and embedded sub-processes by id.
    scopes: dict[str, Diagram]
    #: Process key -> name of the file that holds it.
    files: dict[str, str]
    #: Sub-processes that ``repair`` made -> the scope that is drawn.
    homes: dict[str, str]
    #: Boundary events that ``repair`` made -> the start event that is drawn, with its scope.
    drawn: dict[str, tuple[Diagram, Element]]

    def scope_of(self, spec_name: str) -> Diagram:
        """Return the scope that shows what a spec runs."""
        return self.scopes[self.homes.get(spec_name, spec_name)]


class _Reading:
    """A bundle while it is read."""

    def __init__(self) -> None:
        self.parser = BundleParser()
        self.scopes: dict[str, Diagram] = {}
        self.places: dict[str, str] = {}
        self.homes: dict[str, str] = {}
        self.drawn: dict[str, tuple[Diagram, Element]] = {}

    def add(self, name: str, content: bytes) -> None:
        root = read_xml(content, name)
        VALIDATOR.validate(root, name)
        for diagram in diagrams(root):
            self.scopes[diagram.key] = diagram
            self.places[diagram.process_key] = name
        result = repaired(root)
        self.parser.add_bpmn_xml(result.root, filename=name)
        self.homes |= result.homes
        for made, (scope, element) in result.starts.items():
            self.drawn[made] = self.scopes[scope], self.scopes[scope].elements[element]


def schema_errors(root: etree._Element) -> list[tuple[str, str]]:
    """Return what breaks the BPMN schema, with line numbers, and the element that does."""
    VALIDATOR.validator.validate(root)
    errors = list(VALIDATOR.validator.error_log)[:20]
    return [(f"line {e.line}: {e.message}", _nearest_id(root, e.path)) for e in errors]


def _nearest_id(root: etree._Element, path: str | None) -> str:
    """Return the id of an element or of the nearest one around it that has one."""
    prefixes = {prefix: name for prefix, name in root.nsmap.items() if prefix}
    try:
        found = root.getroottree().xpath(path, namespaces=prefixes) if path else []
    except etree.XPathError:
        return ""
    node = found[0] if isinstance(found, list) and found else None
    while isinstance(node, etree._Element):  # noqa: SLF001
        if node.get("id"):
            return str(node.get("id"))
        node = node.getparent()
    return ""


@contextmanager
def _deep() -> Iterator[None]:
    """Let the parser go from element to element: it calls itself for each, several frames deep."""
    with _deepening:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(before + _FRAMES)
        try:
            yield
        finally:
            sys.setrecursionlimit(before)


def parse(files: Mapping[str, bytes]) -> Bundle:
    """Parse the ``.bpmn`` files of a bundle.

    Raises:
        XmlRefused: when a file is no XML, breaks the BPMN schema, or cannot be run.

    """
    reading = _Reading()
    try:
        for name, content in sorted(files.items()):
            reading.add(name, content)
        keys = list(reading.places)
        with _deep():
            specs = {key: reading.parser.get_spec(key) for key in keys}
            called = {key: reading.parser.get_subprocess_specs(key) for key in keys}
    except (ValidationException, etree.DocumentInvalid) as error:
        raise XmlRefused(str(error)) from error
    for inner in called.values():
        for key in reading.homes.keys() & inner.keys():
            inner[key].wrapped = True
    processes = {key: reading.scopes[key] for key in keys}
    drawn = reading.homes, reading.drawn
    return Bundle(specs, called, processes, reading.scopes, reading.places, *drawn)

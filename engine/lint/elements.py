"""Rules that look at one node: what it is, who does it, and what it computes."""

import re
from collections.abc import Iterator

from engine.lint.places import Places
from engine.lint.problem import Known, Problem, expression_problem, problem
from engine.spiff.elements import Diagram, Element, Repetition
from forms.expressions import (
    PURE_FUNCTIONS,
    ExpressionError,
    compile_expression,
    compile_script,
)

#: Ids that collide with SpiffWorkflow's own (they end a process silently).
RESERVED_IDS = frozenset({"Start", "End", "Root"})
#: What this engine runs rightly; anything else is refused.
SUPPORTED = frozenset(
    {
        *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent"),
        *("boundaryEvent", "task", "userTask", "manualTask", "serviceTask", "scriptTask"),
        *("sendTask", "receiveTask", "callActivity", "subProcess", "transaction"),
        *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"),
    }
)
FUNCTIONS = frozenset(PURE_FUNCTIONS) | {"today", "working_days", "is_working_day", "defined"}
_POSITIVE = re.compile("[1-9][0-9]{0,5}")


def check(file: str, scope: Diagram, known: Known, places: Places) -> Iterator[Problem]:
    """Find what is wrong with the nodes of a process."""
    for feature in scope.features:
        yield problem(file, "unsupported", scope, feature)
    for element in scope.elements.values():
        yield from _any(file, scope, element, known)
        if element.type in {"userTask", "manualTask"} and known.strict:
            yield from _user_task(file, scope, element, known)
        if element.type == "serviceTask":
            yield from _service_task(file, element, known)
        if element.type == "callActivity":
            yield from _call(file, element, places)
        if element.type == "scriptTask":
            yield from _script(file, element)
        if element.type == "startEvent":
            yield from _starters(file, element, known)
        if element.repetition is not None:
            yield from _repetition(file, element, element.repetition)
        yield from _data(file, scope, element, places)


def _any(file: str, scope: Diagram, element: Element, known: Known) -> Iterator[Problem]:
    if element.id in RESERVED_IDS or element.id == f"{scope.key}.EndJoin":
        yield problem(file, "reserved-id", element)
    if not element.id or not element.id.isascii():
        yield problem(file, "id-not-ascii", element)
    if element.type not in SUPPORTED or element.features:
        yield problem(file, "unsupported", element, ", ".join(element.features) or element.type)
    if known.strict and element.lane and element.lane not in known.titles:
        yield problem(file, "lane-unknown", element, element.lane)
    for text in element.around:
        yield from script(file, element, text)
    for name in element.foreign:
        yield problem(file, "extension", element, name, severity="warning")


def _user_task(file: str, scope: Diagram, element: Element, known: Known) -> Iterator[Problem]:
    properties = element.properties
    form_key = properties.get("formKey", "")
    if form_key not in known.form_keys:
        yield problem(file, "form-missing", element, form_key)
    if not element.lane:
        yield problem(file, "lane-missing", element)
    for name in element.performers:
        yield problem(file, "unsupported", element, name)
    if not properties.get("dueIn", "0").isdecimal():
        yield problem(file, "due-in", element)
    if not properties.get("priority", "0").isdecimal():
        yield problem(file, "priority", element)
    four_eyes = properties.get("notCompletedBy")
    if four_eyes and four_eyes not in scope.elements:
        yield problem(file, "four-eyes", element, four_eyes)
    for name in ("dueAt", "assignee"):
        if name in properties:
            yield from expression(file, element, properties[name])


def _service_task(file: str, element: Element, known: Known) -> Iterator[Problem]:
    if element.handler not in known.handlers:
        yield problem(file, "handler", element, element.handler)
    for text in element.parameters.values():
        yield from expression(file, element, text)


def _call(file: str, element: Element, places: Places) -> Iterator[Problem]:
    if element.called not in places.processes:
        yield problem(file, "called-missing", element, element.called)
        return
    called = places.by_key[element.called]
    starts = [e for e in called.elements.values() if e.type == "startEvent"]
    if any(start.event for start in starts):
        yield problem(file, "called-start", element, element.called)


def _script(file: str, element: Element) -> Iterator[Problem]:
    if not element.script:
        yield problem(file, "script", element)
    else:
        yield from script(file, element, element.script)


def _starters(file: str, element: Element, known: Known) -> Iterator[Problem]:
    for role in filter(None, element.properties.get("starters", "").split(",")):
        if known.strict and role.strip() not in known.roles:
            yield problem(file, "starters", element, role)


def _repetition(file: str, element: Element, loop: Repetition) -> Iterator[Problem]:
    marker = "standardLoop" if loop.kind == "standard" else "multiInstanceLoop"
    counts = (loop.maximum, loop.condition) if loop.kind == "standard" else ()
    counts = counts or (loop.cardinality, loop.data_input)
    if not any(counts):
        yield problem(file, "unsupported", element, f"{marker}Characteristics")
    if loop.kind != "standard" and all(counts):
        yield problem(file, "loop-count", element, f"{loop.cardinality}, {loop.data_input}")
    if loop.behavior not in {"", "All"}:
        yield problem(file, "unsupported", element, f"behavior={loop.behavior}")
    if loop.maximum and not _POSITIVE.fullmatch(loop.maximum):
        yield problem(file, "loop-count", element, loop.maximum)
    if bool(loop.data_output) != bool(loop.output_item):
        yield problem(file, "loop-count", element, loop.data_output or loop.output_item)
    if loop.cardinality:
        yield from _cardinality(file, element, loop.cardinality)
    if loop.condition:
        yield from expression(file, element, loop.condition)


def _cardinality(file: str, element: Element, text: str) -> Iterator[Problem]:
    yield from expression(file, element, text)
    try:
        compiled = compile_expression(text)
        if not compiled.names and not compiled.functions:
            count = compiled.evaluate({}, {})
            if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= 1000:
                yield problem(file, "loop-count", element, text)
    except ExpressionError:
        return


def _data(file: str, scope: Diagram, element: Element, places: Places) -> Iterator[Problem]:
    """Find data that a step reads or writes and that is nowhere."""
    for reference in (*element.reads, *element.writes):
        around: Diagram | None = scope
        while around is not None:
            target = around.data_objects.get(reference)
            if target is not None and any(target in s.data_objects for s in _up(around, places)):
                break
            around = places.by_key.get(around.parent)
        else:
            yield problem(file, "data-object", element, reference)


def _up(scope: Diagram, places: Places) -> Iterator[Diagram]:
    around: Diagram | None = scope
    while around is not None:
        yield around
        around = places.by_key.get(around.parent)


def script(file: str, element: Element, text: str) -> Iterator[Problem]:
    """Find what is wrong with a script."""
    try:
        lines = compile_script(text)
    except ExpressionError as error:
        yield expression_problem(file, element, error)
        return
    for _name, line in lines:
        yield from _functions(file, element, line.functions)


def expression(file: str, element: Element, text: str) -> Iterator[Problem]:
    """Find what is wrong with an expression of a node."""
    try:
        compiled = compile_expression(text)
    except ExpressionError as error:
        yield expression_problem(file, element, error)
        return
    yield from _functions(file, element, compiled.functions)


def _functions(file: str, element: Element, names: frozenset[str]) -> Iterator[Problem]:
    for name in sorted(names - FUNCTIONS):
        yield problem(file, "function", element, name)

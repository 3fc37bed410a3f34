"""Rules that look at one node."""

from collections.abc import Iterator

from engine.lint.problem import Known, Problem, problem
from engine.spiff.elements import Diagram, Element
from forms.expressions import PURE_FUNCTIONS, ExpressionError, compile_expression, compile_script

#: Ids that collide with SpiffWorkflow's own (they end a process silently).
RESERVED_IDS = frozenset({"Start", "End", "Root"})
#: What this engine runs rightly; anything else is refused.
SUPPORTED = frozenset(
    [
        "startEvent",
        "endEvent",
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "callActivity",
        "subProcess",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    ]
)
#: Event definitions that run rightly, by the type of the event.
EVENTS = {
    "startEvent": {"", "message"},
    "endEvent": {"", "terminate"},
    "intermediateCatchEvent": {"timer", "message"},
    "intermediateThrowEvent": {""},
    "boundaryEvent": {"timer", "message"},
}
FUNCTIONS = frozenset(PURE_FUNCTIONS) | {"today", "working_days", "is_working_day", "defined"}


def check(file: str, scope: Diagram, known: Known, processes: set[str]) -> Iterator[Problem]:
    """Find what is wrong with the nodes of a process."""
    for element in scope.elements.values():
        yield from _any(file, scope, element, known)
        if element.type == "userTask" and known.strict:
            yield from _user_task(file, scope, element, known)
        if element.type == "serviceTask" and element.handler not in known.handlers:
            yield problem(file, "handler", element, element.handler)
        if element.type == "callActivity" and element.called not in processes:
            yield problem(file, "called-missing", element, element.called)
        if element.type in EVENTS:
            yield from _event(file, scope, element)
        if element.type == "scriptTask":
            yield from _script(file, element)
        if element.type == "startEvent":
            yield from _starters(file, element, known)


def _any(file: str, scope: Diagram, element: Element, known: Known) -> Iterator[Problem]:
    if element.id in RESERVED_IDS or element.id == f"{scope.key}.EndJoin":
        yield problem(file, "reserved-id", element)
    if not element.id or not element.id.isascii():
        yield problem(file, "id-not-ascii", element)
    if element.type not in SUPPORTED or element.features:
        yield problem(file, "unsupported", element, ", ".join(element.features) or element.type)
    if known.strict and element.lane and element.lane not in known.titles:
        yield problem(file, "lane-unknown", element, element.lane)


def _user_task(file: str, scope: Diagram, element: Element, known: Known) -> Iterator[Problem]:
    properties = element.properties
    form_key = properties.get("formKey", "")
    if form_key not in known.form_keys:
        yield problem(file, "form-missing", element, form_key)
    if not element.lane:
        yield problem(file, "lane-missing", element)
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


def _event(file: str, scope: Diagram, element: Element) -> Iterator[Problem]:
    if element.event not in EVENTS[element.type]:
        yield problem(file, "event-definition", element)
    if element.event == "message" and not element.message:
        yield problem(file, "message", element)
    if element.event == "timer":
        if not element.timer:
            yield problem(file, "timer", element)
        else:
            yield from expression(file, element, element.timer)
    if element.type == "boundaryEvent" and element.attached_to not in scope.elements:
        yield problem(file, "unattached", element)


def _script(file: str, element: Element) -> Iterator[Problem]:
    if not element.script:
        yield problem(file, "script", element)
        return
    try:
        lines = compile_script(element.script)
    except ExpressionError as error:
        yield from _expression_error(file, element, error)
        return
    for _name, line in lines:
        yield from _functions(file, element, line.functions)


def _starters(file: str, element: Element, known: Known) -> Iterator[Problem]:
    for role in filter(None, element.properties.get("starters", "").split(",")):
        if known.strict and role.strip() not in known.roles:
            yield problem(file, "starters", element, role)


def expression(file: str, element: Element, text: str) -> Iterator[Problem]:
    """Find what is wrong with an expression of a node."""
    try:
        compiled = compile_expression(text)
    except ExpressionError as error:
        yield from _expression_error(file, element, error)
        return
    yield from _functions(file, element, compiled.functions)


def _functions(file: str, element: Element, names: frozenset[str]) -> Iterator[Problem]:
    for name in sorted(names - FUNCTIONS):
        yield problem(file, "function", element, name)


def _expression_error(file: str, element: Element, error: ExpressionError) -> Iterator[Problem]:
    found = problem(file, "expression", element)
    yield Problem(
        file,
        found.rule,
        found.severity,
        found.element_id,
        found.element_name,
        error.message_fa,
        error.message_en,
    )

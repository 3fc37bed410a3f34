"""The gate: reasons to refuse diagrams before they are published."""

from collections.abc import Iterator, Mapping

from engine.identity import Role
from engine.spiff.elements import Diagram, Element
from engine.spiff.parser import Bundle
from forms.expressions import ExpressionError, compile_expression

#: Ids that collide with SpiffWorkflow's own (they end a process silently).
RESERVED_IDS = frozenset({"Start", "End", "Root"})
#: What this engine runs rightly; anything else is refused.
SUPPORTED = frozenset(
    [
        "startEvent",
        "endEvent",
        "userTask",
        "serviceTask",
        "scriptTask",
        "callActivity",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "intermediateCatchEvent",
        "boundaryEvent",
        "manualTask",
        "task",
        "subProcess",
    ]
)


def problems(
    bundle: Bundle, roles: Mapping[str, Role], handlers: set[str], form_keys: set[str]
) -> list[str]:
    """Return every reason to refuse a bundle, each naming process and element."""
    titles = {role.fa for role in roles.values()}
    found = []
    for key, diagram in bundle.scopes.items():
        for element in diagram.elements.values():
            found += [
                f"{key}/{element.id}: {problem}"
                for problem in _element_problems(element, titles, handlers, form_keys, bundle)
            ]
        found += [f"{key}: {problem}" for problem in _diagram_problems(diagram, roles)]
    return found


def _element_problems(
    element: Element, titles: set[str], handlers: set[str], form_keys: set[str], bundle: Bundle
) -> Iterator[str]:
    if element.id in RESERVED_IDS or not element.id.isascii():
        yield "this id is reserved or not ASCII"
    if element.type not in SUPPORTED:
        yield f"{element.type} is not supported"
    if element.lane and element.lane not in titles:
        yield f"the lane «{element.lane}» names no role"
    if element.type == "userTask":
        yield from _user_task_problems(element, form_keys)
    if element.type == "serviceTask" and element.handler not in handlers:
        yield f"the handler «{element.handler}» is not registered"
    if element.called and element.called not in bundle.specs:
        yield f"the called process «{element.called}» is not in the bundle"
    if element.timer:
        yield from _expression_problems(element.timer)


def _user_task_problems(element: Element, form_keys: set[str]) -> Iterator[str]:
    properties = element.properties
    form_key = properties.get("formKey", "")
    if form_key not in form_keys:
        yield f"the form «{form_key}» is not in the bundle"
    if not element.lane:
        yield "a user task needs a lane: it says whose task it is"
    if not properties.get("dueIn", "0").isdigit():
        yield "dueIn is a number of working days"
    for name in ("dueAt", "assignee"):
        if name in properties:
            yield from _expression_problems(properties[name])


def _expression_problems(text: str) -> Iterator[str]:
    try:
        compile_expression(text)
    except ExpressionError as error:
        yield str(error)


def _diagram_problems(diagram: Diagram, roles: Mapping[str, Role]) -> Iterator[str]:
    starts = [e for e in diagram.elements.values() if e.type == "startEvent"]
    if len(starts) != 1:
        yield "a process needs exactly one start event"
        return
    starters = starts[0].properties.get("starters", "")
    for role in filter(None, starters.split(",")):
        if role.strip() not in roles:
            yield f"«{role}» in starters names no role"
    for flow_id, (source, target) in diagram.flows.items():
        if source not in diagram.elements or target not in diagram.elements:
            yield f"the flow {flow_id} has a loose end"
    yield from (f"{element_id} is not reachable" for element_id in _unreachable(diagram))


def _unreachable(diagram: Diagram) -> list[str]:
    reached = {diagram.start().id}
    while True:
        more = {target for source, target in diagram.flows.values() if source in reached}
        more |= {e.id for e in diagram.elements.values() if e.attached_to in reached}
        if more <= reached:
            return [element_id for element_id in diagram.elements if element_id not in reached]
        reached |= more

"""Rules that look at the graph of one process, and at who calls whom."""

from collections.abc import Iterator, Mapping, Sequence

from engine.lint.elements import expression
from engine.lint.problem import Problem, problem
from engine.spiff.elements import Diagram, Element, Flow

SPLITS = ("exclusiveGateway", "inclusiveGateway")
ACTIVITIES = ("task", "userTask", "manualTask", "serviceTask", "scriptTask", "callActivity")


def check(file: str, scope: Diagram) -> Iterator[Problem]:
    """Find what is wrong with the flows of a process."""
    starts = [e for e in scope.elements.values() if e.type == "startEvent"]
    if len(starts) != 1:
        yield problem(file, "start-count", scope)
        return
    if not any(e.type == "endEvent" for e in scope.elements.values()):
        yield problem(file, "end-missing", scope)
    loose = [flow for flow in scope.sequence if not _connected(scope, flow)]
    for flow in loose:
        yield problem(file, "loose-flow", scope, flow.id)
    if not loose:
        yield from _paths(file, scope)


def _connected(scope: Diagram, flow: Flow) -> bool:
    return flow.source in scope.elements and flow.target in scope.elements


def _paths(file: str, scope: Diagram) -> Iterator[Problem]:
    out: dict[str, list[Flow]] = {element_id: [] for element_id in scope.elements}
    for flow in scope.sequence:
        out[flow.source].append(flow)
    reached = _reached(scope)
    for element in scope.elements.values():
        if element.id not in reached:
            yield problem(file, "unreachable", element)
        elif not out[element.id] and element.type != "endEvent":
            yield problem(file, "dead-end", element)
        if element.type in SPLITS and len(out[element.id]) > 1:
            yield from _split(file, element, out[element.id])
        if element.type in ACTIVITIES:
            yield from _activity(file, element, out[element.id])
        if element.type == "eventBasedGateway":
            yield from _event_gateway(file, scope, element, out[element.id])


def _reached(scope: Diagram) -> set[str]:
    reached = {scope.start().id}
    while True:
        more = {flow.target for flow in scope.sequence if flow.source in reached}
        more |= {e.id for e in scope.elements.values() if e.attached_to in reached}
        if more <= reached:
            return reached
        reached |= more


def _split(file: str, element: Element, out: Sequence[Flow]) -> Iterator[Problem]:
    ids = {flow.id for flow in out}
    if element.default and element.default not in ids:
        yield problem(file, "default-unknown", element, element.default)
    if not element.default:
        yield problem(file, "default-missing", element)
    for flow in out:
        if flow.id == element.default:
            continue
        if not flow.condition:
            yield problem(file, "condition-missing", element, flow.id)
        else:
            yield from expression(file, element, flow.condition)


def _activity(file: str, element: Element, out: Sequence[Flow]) -> Iterator[Problem]:
    if any(flow.condition for flow in out):
        yield problem(file, "task-condition", element)
    if len(out) > 1:
        yield problem(file, "task-split", element)


def _event_gateway(
    file: str, scope: Diagram, element: Element, out: Sequence[Flow]
) -> Iterator[Problem]:
    events = [scope.elements[flow.target] for flow in out]
    timers = sum(event.event == "timer" for event in events)
    catching = all(event.type == "intermediateCatchEvent" for event in events)
    if len(events) < 2 or timers > 1 or not catching:
        yield problem(file, "event-gateway", element)


def call_cycles(scopes: Sequence[Diagram], files: Mapping[str, str]) -> Iterator[Problem]:
    """Find processes that call one another in a circle: they would never come to rest."""
    calls: dict[str, set[str]] = {}
    for scope in scopes:
        calls.setdefault(scope.process_key, set()).update(e.called for e in scope.calls())
    for scope in scopes:
        if scope.key == scope.process_key and scope.key in _called_from(scope.key, calls):
            yield problem(files[scope.key], "call-cycle", scope, scope.key)


def _called_from(key: str, calls: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(calls.get(key, ()))
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += calls.get(one, ())
    return found

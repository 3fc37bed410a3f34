"""Rules that look at the graph of one process, and at who calls whom."""

from collections.abc import Iterator, Mapping, Sequence

from engine.lint.choices import leave_nothing
from engine.lint.elements import expression
from engine.lint.events import ACTIVITIES
from engine.lint.problem import Problem, problem
from engine.spiff.elements import Diagram, Element, Flow

SPLITS = ("exclusiveGateway", "inclusiveGateway")
#: Elements behind an event gateway, by their event.
_CAUGHT = {"timer", "message", "signal", "conditional"}


def check(file: str, scope: Diagram) -> Iterator[Problem]:
    """Find what is wrong with the flows of a process."""
    if scope.type == "adHocSubProcess":
        return
    starts = [e for e in scope.elements.values() if e.type == "startEvent"]
    if len(starts) != 1:
        yield problem(file, "start-count", scope)
        return
    if not any(e.type == "endEvent" for e in scope.elements.values()):
        yield problem(file, "end-missing", scope)
    loose = [flow for flow in scope.sequence if not _connected(scope, flow)]
    for flow in loose:
        yield problem(file, "loose-flow", scope, flow.id)
    for flow in scope.sequence:
        if _goes_wrong(scope, flow):
            yield problem(file, "wrong-way", scope, flow.id)
    if not loose:
        yield from _paths(file, scope)


def _connected(scope: Diagram, flow: Flow) -> bool:
    return flow.source in scope.elements and flow.target in scope.elements


def _goes_wrong(scope: Diagram, flow: Flow) -> bool:
    source, target = scope.elements.get(flow.source), scope.elements.get(flow.target)
    into = target is not None and target.type in {"startEvent", "boundaryEvent"}
    return into or (source is not None and source.type == "endEvent")


def outgoing(scope: Diagram) -> dict[str, list[Flow]]:
    """Return the flows out of each element, links included."""
    out: dict[str, list[Flow]] = {element_id: [] for element_id in scope.elements}
    for flow in scope.sequence:
        if _connected(scope, flow):
            out[flow.source].append(flow)
    catching = {e.link: e for e in scope.elements.values() if e.type == "intermediateCatchEvent"}
    for element in scope.elements.values():
        target = catching.get(element.link) if element.link else None
        if target is not None and element.type == "intermediateThrowEvent":
            out[element.id].append(Flow("", element.id, target.id))
    return out


def _paths(file: str, scope: Diagram) -> Iterator[Problem]:
    out = outgoing(scope)
    reached = _reached(scope, out)
    leaving = _leaving(scope, out)
    for element in scope.elements.values():
        if element.watching:
            continue
        if element.id not in reached:
            yield problem(file, "unreachable", element)
        elif not out[element.id] and element.type != "endEvent":
            yield problem(file, "dead-end", element)
        elif element.id not in leaving:
            yield problem(file, "no-exit", element)
        if element.type in SPLITS and len(out[element.id]) > 1:
            yield from _split(file, element, out[element.id])
        elif element.type in ACTIVITIES:
            yield from _activity(file, element, out[element.id])
        else:
            yield from _unconditional(file, element, out[element.id])
        if element.type == "eventBasedGateway":
            yield from _event_gateway(file, scope, element, out[element.id])


def _reached(scope: Diagram, out: Mapping[str, Sequence[Flow]]) -> set[str]:
    reached: set[str] = set()
    todo = [scope.start().id]
    while todo:
        one = todo.pop()
        if one not in reached:
            reached.add(one)
            todo += (flow.target for flow in out[one])
            todo += (e.id for e in scope.elements.values() if e.attached_to == one)
    return reached


def _leaving(scope: Diagram, out: Mapping[str, Sequence[Flow]]) -> set[str]:
    """Return the elements from which a path leads to an end."""
    before: dict[str, set[str]] = {}
    for source, flows in out.items():
        for flow in flows:
            before.setdefault(flow.target, set()).add(source)
    found: set[str] = set()
    todo = [e.id for e in scope.elements.values() if not out[e.id]]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += before.get(one, ())
            host = scope.elements[one].attached_to
            todo += [host] if host in scope.elements else []
    return found


def _split(file: str, element: Element, out: Sequence[Flow]) -> Iterator[Problem]:
    yield from _default(file, element, out)
    if not element.default and not leave_nothing(flow.condition for flow in out):
        yield problem(file, "default-missing", element)
    for flow in out:
        if flow.id == element.default:
            continue
        if not flow.condition:
            yield problem(file, "condition-missing", element, flow.id)
        else:
            yield from expression(file, element, flow.condition)


def _default(file: str, element: Element, out: Sequence[Flow]) -> Iterator[Problem]:
    if element.default and element.default not in {flow.id for flow in out}:
        yield problem(file, "default-unknown", element, element.default)


def _activity(file: str, element: Element, out: Sequence[Flow]) -> Iterator[Problem]:
    """Look at the flows out of an activity: those without a condition are always taken."""
    yield from _default(file, element, out)
    conditional = [f for f in out if f.conditional and f.id != element.default]
    for flow in conditional:
        if not flow.condition:
            yield problem(file, "condition-missing", element, flow.id)
        else:
            yield from expression(file, element, flow.condition)
    alone = conditional and len(conditional) == len(out)
    if alone and not leave_nothing(flow.condition for flow in out):
        yield problem(file, "default-missing", element)


def _unconditional(file: str, element: Element, out: Sequence[Flow]) -> Iterator[Problem]:
    for flow in out:
        if flow.conditional and element.type == "parallelGateway":
            # The standard says that it is ignored, so a reader of it is not surprised.
            yield problem(file, "condition-ignored", element, flow.id, severity="warning")
        elif flow.conditional and element.type not in SPLITS:
            yield problem(file, "condition-ignored", element, flow.id)
        elif flow.condition and flow.id != element.default:
            yield problem(file, "default-missing", element)


def _event_gateway(
    file: str, scope: Diagram, element: Element, out: Sequence[Flow]
) -> Iterator[Problem]:
    events = [scope.elements[flow.target] for flow in out]
    if len(events) < 2 or not all(_fits(scope, event) for event in events):
        yield problem(file, "event-gateway", element)
    named = [(event.event, event.message) for event in events if event.message]
    if len(set(named)) < len(named):
        yield problem(file, "event-twice", element)


def _fits(scope: Diagram, event: Element) -> bool:
    """Tell whether an element may stand behind an event gateway: it is entered from there only."""
    if event.type == "receiveTask":
        attached = any(e.attached_to == event.id for e in scope.elements.values())
        fits = event.repetition is None and not attached
    else:
        caught = event.event in _CAUGHT and event.timer_kind != "timeCycle"
        fits = event.type == "intermediateCatchEvent" and caught
    return fits and sum(flow.target == event.id for flow in scope.sequence) == 1


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

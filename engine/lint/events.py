"""Rules that look at events: what they wait for, what they throw, and who catches it."""

import re
from collections.abc import Iterator

from engine.lint.elements import expression
from engine.lint.places import Places, catches, is_caught
from engine.lint.problem import Problem, problem
from engine.spiff.elements import Diagram, Element
from engine.spiff.timers import is_literal
from forms.expressions import ExpressionError, compile_expression

#: Event definitions that run rightly, by the type of the event.
EVENTS = {
    "startEvent": {"", "message", "signal"},
    "endEvent": {"", "terminate", "message", "signal", "error", "escalation", "cancel"},
    "intermediateCatchEvent": {"timer", "message", "signal", "conditional", "link"},
    "intermediateThrowEvent": {"", "message", "signal", "escalation", "link"},
    "boundaryEvent": {
        *("timer", "message", "signal", "conditional", "error", "escalation", "cancel"),
    },
}
#: What boundary events may be attached to.
ACTIVITIES = frozenset(
    {
        *("task", "userTask", "manualTask", "serviceTask", "scriptTask", "callActivity"),
        *("sendTask", "receiveTask", "subProcess", "transaction"),
    }
)
#: Those of the start event of an event sub-process.
WATCHING = {"message", "signal", "timer", "conditional", "error", "escalation"}
#: How a time looks that is meant as it stands: a duration, a cycle, a date.
_TIME = re.compile(r"[-+]?(P[T\d]|R\d*/|[\d۰-۹]+[-/:*\s])")
#: What an activity with none of these inside never waits for.
_WAITING = frozenset(
    {
        *("userTask", "manualTask", "receiveTask", "serviceTask", "intermediateCatchEvent"),
        *("eventBasedGateway", "callActivity"),
    }
)


def check(file: str, scope: Diagram, places: Places) -> Iterator[Problem]:
    """Find what is wrong with the events of a scope."""
    for element in scope.elements.values():
        if element.type in EVENTS:
            yield from _definition(file, scope, element, places)
            yield from _named(file, element)
            yield from _timer(file, element)
        if element.type in {"sendTask", "receiveTask"} and not element.message:
            yield problem(file, "message", element)
        for reference in element.unresolved:
            yield problem(file, "reference", element, reference)
        if element.type == "boundaryEvent":
            yield from _boundary(file, scope, element, places)
        if element.type in {"endEvent", "intermediateThrowEvent"}:
            yield from _thrown(file, scope, element, places)
    yield from _links(file, scope)
    yield from _watchers(file, scope, places)


def _definition(file: str, scope: Diagram, element: Element, places: Places) -> Iterator[Problem]:
    allowed = EVENTS[element.type]
    if element.type == "startEvent" and scope.parent:
        allowed = WATCHING if places.is_watching(scope) else {""}
    in_transaction = scope.type == "transaction"
    if element.type == "boundaryEvent":
        host = scope.elements.get(element.attached_to)
        in_transaction = host is not None and host.type == "transaction"
    wrong = element.event == "cancel" and not in_transaction
    if element.event not in allowed or wrong:
        yield problem(file, "event-definition", element)


def _named(file: str, element: Element) -> Iterator[Problem]:
    if element.event in {"message", "signal"} and not element.message:
        yield problem(file, element.event, element)
    if element.event == "conditional":
        if not element.condition:
            yield problem(file, "condition", element)
        else:
            yield from expression(file, element, element.condition)


def _timer(file: str, element: Element) -> Iterator[Problem]:
    if element.event != "timer":
        return
    if not element.timer:
        yield problem(file, "timer", element)
        return
    if element.timer_kind == "timeCycle" and element.type == "intermediateCatchEvent":
        yield problem(file, "timer-cycle", element)
    if not is_literal(element.timer, element.timer_kind):
        yield from _timer_expression(file, element)


def _timer_expression(file: str, element: Element) -> Iterator[Problem]:
    """Find an expression that cannot be computed, or whose value is known and no time."""
    text = element.timer
    if _TIME.match(text):
        yield problem(file, "timer-value", element, text[:60])
        return
    found = list(expression(file, element, text))
    yield from found
    if not found and not _may_fit(text, element.timer_kind):
        yield problem(file, "timer-value", element, text[:60])


def _may_fit(text: str, kind: str) -> bool:
    """Tell whether an expression may give a time; one without names gives the same always."""
    compiled = compile_expression(text)
    if compiled.names or compiled.functions:
        return True
    try:
        return _fits(compiled.evaluate({}, {}), kind)
    except ExpressionError:
        return False


def _fits(value: object, kind: str) -> bool:
    return isinstance(value, str) and is_literal(value, kind)


def _boundary(file: str, scope: Diagram, element: Element, places: Places) -> Iterator[Problem]:
    host = scope.elements.get(element.attached_to)
    if host is None or host.type not in ACTIVITIES:
        yield problem(file, "unattached", element)
        return
    if element.event in {"error", "cancel"} and not element.interrupting:
        yield problem(file, "must-interrupt", element)
    inner = places.inside(host)
    inside = [host] if inner is None else list(places.all_in(inner))
    if element.event in {"error", "escalation", "cancel"}:
        if not any(_throws(one) and catches(element, one) for one in inside):
            yield problem(file, "never-thrown", element)
    elif element.event in {"timer", "message"} and not any(_waits(one) for one in inside):
        yield problem(file, "never-waits", element)


def _throws(element: Element) -> bool:
    return element.type in {"endEvent", "intermediateThrowEvent"}


def _waits(element: Element) -> bool:
    return element.type in _WAITING


def _thrown(file: str, scope: Diagram, element: Element, places: Places) -> Iterator[Problem]:
    if element.event in {"error", "escalation", "cancel"} and not (
        _caught_here(scope, element, places)
    ):
        yield problem(
            file,
            "uncaught",
            element,
            severity="warning" if element.event == "escalation" else "error",
        )


def _caught_here(scope: Diagram, element: Element, places: Places) -> bool:
    if places.is_watching(scope):
        # What an event sub-process throws leaves the scope that it watches.
        outer = places.by_key[scope.parent]
        return any(
            any(catches(one, element) for one in places.catchers(around, activity))
            or is_caught(places, around, element, frozenset())
            for around, activity in places.hosts.get(outer.key, ())
        )
    return is_caught(places, scope, element, frozenset())


def _links(file: str, scope: Diagram) -> Iterator[Problem]:
    links = [element for element in scope.elements.values() if element.event == "link"]
    for element in links:
        same = [one for one in links if one.link == element.link]
        catching = sum(one.type == "intermediateCatchEvent" for one in same)
        flows = [f for f in scope.sequence if element.id in {f.source, f.target}]
        throws = element.type == "intermediateThrowEvent"
        loose = [f for f in flows if (f.source if throws else f.target) == element.id]
        if catching != 1 or len(same) == catching or loose:
            yield problem(file, "link", element, element.link)


def _watchers(file: str, scope: Diagram, places: Places) -> Iterator[Problem]:
    for element in places.watched(scope):
        touched = any(element.id in {flow.source, flow.target} for flow in scope.sequence)
        inner = places.by_key.get(element.id)
        starts = [] if inner is None else [e for e in inner.elements.values() if _starts(e)]
        typed = [start for start in starts if start.event]
        attached = places.catchers(scope, element)
        if touched or attached or len(starts) != 1 or not typed or element.repetition:
            yield problem(file, "watching", element)
            continue
        yield from _watcher_start(file, scope, element, typed[0], places)


def _starts(element: Element) -> bool:
    return element.type == "startEvent"


def _watcher_start(
    file: str, scope: Diagram, watcher: Element, start: Element, places: Places
) -> Iterator[Problem]:
    if start.event == "error" and not start.interrupting:
        yield problem(file, "must-interrupt", start)
    around = [e for e in places.all_in(scope) if e.id != watcher.id]
    inner = places.by_key[watcher.id]
    own = {e.id for e in places.all_in(inner)}
    if start.event in {"error", "escalation"} and not any(
        _throws(one) and catches(start, one) for one in around if one.id not in own
    ):
        yield problem(file, "never-thrown", start)
    elif start.event in {"timer", "message"} and not any(
        _waits(one) for one in around if one.id not in own
    ):
        yield problem(file, "never-waits", start)

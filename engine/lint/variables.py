"""Rules that look at values: names that nobody sets, and names that two branches set at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.lint.flows import outgoing
from engine.lint.places import Places
from engine.lint.problem import Known, Problem, problem
from engine.spiff.elements import Diagram, Element
from engine.spiff.loops import COUNTS
from engine.spiff.timers import is_literal
from forms.catalog import Form, parse_form
from forms.expressions import ExpressionError, compile_expression, compile_script

#: Property of a process that names the values which come from elsewhere, as the initial ones.
DECLARED = "variables"


@dataclass(frozen=True)
class Setters:
    """What gives values in a bundle."""

    names: frozenset[str]
    #: False where a handler does not declare what it sets: then a name may come from there.
    complete: bool


def forms_of(bundle: Mapping[str, bytes]) -> dict[str, Form]:
    """Return the forms of a bundle that can be read."""
    found = {}
    for name, content in bundle.items():
        if name.endswith(".json"):
            try:
                form = parse_form(content)
            except ValueError:
                continue
            found[name.removesuffix(".json")] = found[form.key] = form
    return found


def check(places: Places, known: Known, forms: Mapping[str, Form]) -> Iterator[Problem]:
    """Find the names that are read and never set, and those that parallel branches both set."""
    setters = _setters(places, known, forms)
    for file, scope in places.scopes:
        for element in scope.elements.values():
            yield from _element(file, scope, element, known, setters)
        yield from _parallel_writes(file, scope, places, known, forms)


def _setters(places: Places, known: Known, forms: Mapping[str, Form]) -> Setters:
    names: set[str] = set()
    complete = True
    for _file, scope in places.scopes:
        names |= scope.variables | set(scope.data_objects.values())
        names |= set(scope.properties.get(DECLARED, "").replace(",", " ").split())
        for element in scope.elements.values():
            names |= writes(element, known, forms)
            names |= set(element.properties.get("payload", "").replace(",", " ").split())
            if element.type == "serviceTask" and known.outputs(element.handler) is None:
                complete = False
    return Setters(frozenset(names), complete)


def writes(element: Element, known: Known, forms: Mapping[str, Form]) -> set[str]:
    """Return the names that an element sets."""
    found: set[str] = set()
    form = forms.get(element.properties.get("formKey", ""))
    if form is not None:
        found |= form.properties.keys()
    for text in (element.script, *element.around):
        try:
            found |= {name for name, _line in compile_script(text)}
        except ExpressionError:
            continue
    if element.type == "serviceTask":
        found |= known.outputs(element.handler) or frozenset()
    if element.repetition is not None:
        loop = element.repetition
        found |= {n for n in (loop.data_output, loop.input_item, loop.output_item) if n}
    return found


def _texts(scope: Diagram, element: Element) -> Iterator[str]:
    """Yield the expressions of an element and of the flows that leave it."""
    yield from (element.condition, *element.parameters.values())
    if element.timer and not is_literal(element.timer, element.timer_kind):
        yield element.timer
    yield from (element.properties.get(name, "") for name in ("dueAt", "assignee"))
    yield element.properties.get("correlationKey", "")
    if element.repetition is not None:
        yield from (element.repetition.cardinality, element.repetition.condition)
        yield element.repetition.data_input
    yield from (flow.condition for flow in scope.sequence if flow.source == element.id)


def reads(scope: Diagram, element: Element) -> set[str]:
    """Return the names that an element and the flows that leave it read."""
    found: set[str] = set()
    for text in filter(None, _texts(scope, element)):
        try:
            found |= compile_expression(text).names
        except ExpressionError:
            continue
    for text in (element.script, *element.around):
        try:
            lines = compile_script(text)
        except ExpressionError:
            continue
        found |= {name for _name, line in lines for name in line.names}
    return found - COUNTS


def _element(
    file: str, scope: Diagram, element: Element, known: Known, setters: Setters
) -> Iterator[Problem]:
    for name in sorted(reads(scope, element) - setters.names):
        surely = known.strict and setters.complete
        yield problem(file, "variable", element, name, "error" if surely else "warning")


def _parallel_writes(
    file: str, scope: Diagram, places: Places, known: Known, forms: Mapping[str, Form]
) -> Iterator[Problem]:
    """Warn of names that two branches of a parallel or inclusive gateway set."""
    out = outgoing(scope)
    for element in scope.elements.values():
        if element.type not in {"parallelGateway", "inclusiveGateway"} or len(out[element.id]) < 2:
            continue
        branches = [_branch(scope, out, flow.target) for flow in out[element.id]]
        shared = set.intersection(*branches)
        seen: set[str] = set()
        twice: set[str] = set()
        for branch in branches:
            own = {
                name
                for element_id in branch - shared
                for one in _all(scope.elements[element_id], places)
                for name in writes(one, known, forms)
            }
            twice |= seen & own
            seen |= own
        for name in sorted(twice):
            yield problem(file, "parallel-write", element, name, "warning")


def _branch(scope: Diagram, out: Mapping[str, list], start: str) -> set[str]:  # type: ignore[type-arg]
    found: set[str] = set()
    todo = [start]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += (flow.target for flow in out[one])
            todo += (e.id for e in scope.elements.values() if e.attached_to == one)
    return found


def _all(element: Element, places: Places) -> Iterator[Element]:
    yield element
    inner = places.inside(element)
    if inner is not None:
        yield from places.all_in(inner, frozenset({inner.key}))

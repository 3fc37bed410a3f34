"""Guess what a task without a form sets: the variables that what comes after it reads.

The literals that conditions compare a variable with are what its value is drawn from, so that
every branch is taken by some seed.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from engine.spiff.elements import Diagram, Element
from engine.spiff.loops import COUNTS
from engine.spiff.parser import Bundle
from engine.spiff.timers import is_literal
from forms.expressions import Expression, ExpressionError, compile_expression, compile_script

#: A variable, or a key inside one: ``("office", "district")``.
Path = tuple[str, ...]
#: Stands for any value that a condition does not name.
OTHER = "other"
#: What a timer that is computed may be, by its kind; days are not guessed.
_TIMES = {"timeDuration": "PT1H", "timeCycle": "R2/PT1H"}


@dataclass(frozen=True)
class Task:
    """A task without a form, and the case that it stands in."""

    bundle: Bundle
    process_key: str
    element_id: str
    data: Mapping[str, Any]
    #: Variables that keep their values.
    fixed: frozenset[str] = frozenset()


def draw(task: Task, random: Random) -> dict[str, Any]:
    """Return values for what is read after a task.

    Scripts compute their own variables: those are drawn only where something reads them before
    they have a value. What conditions do not read is drawn only where it has no value yet.
    """
    after = list(_after(task.bundle, task.process_key, task.element_id))
    found = _candidates(_conditions(after))
    computed = {name for _scope, e in after for name, _line in _lines(e)}
    kept = task.fixed | COUNTS | (computed & task.data.keys())
    values: dict[str, Any] = {}
    for path, candidates in found.items():
        if path[0] not in kept:
            _put(values, path, random.choice(candidates), task.data)
    for name, value in _needs(after):
        if name not in task.data and name not in COUNTS:
            values.setdefault(name, value)
    return values


def _after(bundle: Bundle, process_key: str, element_id: str) -> Iterator[tuple[Diagram, Element]]:
    """Yield an element and what a token may pass after it, each with its scope."""
    todo = [
        (key, element_id)
        for key, scope in bundle.scopes.items()
        if scope.process_key == process_key and element_id in scope.elements
    ]
    seen = set(todo)
    while todo:
        key, current = todo.pop(0)
        scope = bundle.scopes[key]
        yield scope, scope.elements[current]
        for place in _next(bundle, key, scope.elements[current]):
            if place not in seen:
                seen.add(place)
                todo.append(place)


def _next(bundle: Bundle, key: str, element: Element) -> Iterator[tuple[str, str]]:
    """Yield what follows an element: beside it, inside it, and around its scope."""
    scope = bundle.scopes[key]
    yield from _targets(key, scope, element.id)
    inner = bundle.scopes.get(element.called or element.id)
    if inner is not None:
        yield from ((inner.key, each) for each in inner.elements)
    for outer_key, outer in bundle.scopes.items():
        for around in outer.elements.values():
            if key in {around.called, around.id}:
                yield from _targets(outer_key, outer, around.id)


def _targets(key: str, scope: Diagram, element_id: str) -> Iterator[tuple[str, str]]:
    for flow in scope.sequence:
        if flow.source == element_id and flow.target in scope.elements:
            yield key, flow.target
    for other in scope.elements.values():
        if other.attached_to == element_id:
            yield key, other.id


def _conditions(after: Sequence[tuple[Diagram, Element]]) -> Iterator[Expression]:
    """Yield the conditions that decide after these elements: of flows, events and loops."""
    for scope, element in after:
        texts = [flow.condition for flow in scope.sequence if flow.source == element.id]
        texts.append(element.condition)
        if element.repetition is not None:
            texts.append(element.repetition.condition)
        yield from (read for text in texts if (read := _expression(text)) is not None)


def _expression(text: str) -> Expression | None:
    try:
        return compile_expression(text) if text else None
    except ExpressionError:
        return None


def _lines(element: Element) -> Sequence[tuple[str, Expression]]:
    try:
        return compile_script(element.script) if element.script else ()
    except ExpressionError:
        return ()


def _needs(after: Sequence[tuple[Diagram, Element]]) -> Iterator[tuple[str, Any]]:
    """Yield the variables that elements cannot do without, with values that they can use."""
    known: set[str] = set()
    for _scope, element in after:
        if element.repetition is not None:
            repetition = element.repetition
            yield from ((name, 2) for name in _names(repetition.cardinality))
            if repetition.data_input.isidentifier():
                yield repetition.data_input, [1, 2]
        if element.timer and not is_literal(element.timer, element.timer_kind):
            length = _TIMES.get(element.timer_kind)
            yield from ((name, length) for name in _names(element.timer) if length)
        for text in element.parameters.values():
            yield from ((name, OTHER) for name in _names(text))
        for name, line in _lines(element):
            yield from ((read, 1) for read in sorted(line.names - known))
            known.add(name)


def _names(text: str) -> list[str]:
    read = _expression(text)
    return sorted(read.names) if read else []


def _candidates(conditions: Iterator[Expression]) -> dict[Path, list[Any]]:
    """Return for each variable the values that would tell the conditions apart."""
    found: dict[Path, list[Any]] = {}
    for condition in conditions:
        for path, values in _tests(condition.tree, condition.functions):
            known = found.setdefault(path, [])
            known += [v for v in values if not any(v is k or _same(v, k) for k in known)]
    return found


def _same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and bool(left == right)


def _tests(node: ast.expr, functions: frozenset[str]) -> Iterator[tuple[Path, list[Any]]]:
    match node:
        case ast.BoolOp():
            for part in node.values:
                yield from _tests(part, functions)
        case ast.UnaryOp(op=ast.Not()):
            yield from _tests(node.operand, functions)
        case ast.Compare():
            yield from _comparison(node, functions)
        case ast.Name() | ast.Attribute() | ast.Subscript() if path := _path(node):
            yield path, [True, False]
        case _:
            yield from _numbers(node, functions)


def _comparison(node: ast.Compare, functions: frozenset[str]) -> Iterator[tuple[Path, list[Any]]]:
    sides = [node.left, *node.comparators]
    for left, right, test in zip(sides, sides[1:], node.ops, strict=False):
        inside = isinstance(test, ast.In | ast.NotIn)
        for side, other in ((left, right), (right, left)):
            path = _path(side)
            literals = list(_literals(other))
            if path and inside and side is right:
                yield path, [literals, []]
            elif path:
                yield path, _around(literals)
            elif _is_length(side) and (inner := _path(side.args[0])):  # type: ignore[attr-defined]
                counts = {max(0, n) for n in _around(literals) if isinstance(n, int)}
                yield inner, [list(range(count)) for count in sorted(counts)[:3]]
            else:
                yield from _numbers(side, functions)


def _is_length(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "len" and bool(node.args)


def _literals(node: ast.expr) -> Iterator[Any]:
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        yield -node.operand.value  # type: ignore[operator]
    elif isinstance(node, ast.List | ast.Tuple):
        for item in node.elts:
            yield from _literals(item)


def _around(literals: Sequence[Any]) -> list[Any]:
    """Return the literals and values beside them; numbers where there is none."""
    values: list[Any] = []
    for literal in literals:
        if isinstance(literal, bool):
            values += [literal, not literal]
        elif isinstance(literal, int | float):
            values += [literal, literal - 1, literal + 1]
        else:
            values += [literal, OTHER]
    return values or [0, 1, 10, 100]


def _numbers(node: ast.expr, functions: frozenset[str]) -> Iterator[tuple[Path, list[Any]]]:
    """Yield numbers for the variables that are computed with."""
    path = _path(node)
    if path and path[0] not in functions:
        yield path, [0, 1, 10, 100]
        return
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.expr):
            yield from _numbers(part, functions)


def _path(node: ast.expr) -> Path:
    """Return the variable or key that a node reads; () where it is anything else."""
    match node:
        case ast.Name():
            return (node.id,)
        case ast.Attribute():
            inner = _path(node.value)
            return (*inner, node.attr) if inner else ()
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            inner = _path(node.value)
            return (*inner, key) if inner else ()
    return ()


def _put(values: dict[str, Any], path: Path, value: Any, data: Mapping[str, Any]) -> None:
    """Set a variable, or a key inside one whose other keys stay."""
    place, known = values, data
    for key in path[:-1]:
        known = known.get(key) if isinstance(known.get(key), Mapping) else {}  # type: ignore[assignment]
        if not isinstance(place.get(key), dict):
            place[key] = dict(known)
        place = place[key]
    place[path[-1]] = value

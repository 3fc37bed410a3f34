"""The one language for conditions, timers, scripts and form rules: a safe subset of Python.

An expression is parsed once, every node is checked against a list of what is allowed, and a
small interpreter walks it. Nothing reaches Python's ``eval``; ``name.key`` looks up a key of a
mapping and never an attribute.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from forms.days import TEHRAN, end_of_day, jalali_year_later, months_before

__all__ = [
    "PURE_FUNCTIONS",
    "TEHRAN",
    "Expression",
    "ExpressionError",
    "UnknownName",
    "check_size",
    "compile_expression",
    "compile_script",
    "months_before",
]

#: Bounds that keep one expression from eating the machine.
MOST_CHARACTERS, MOST_NUMBER, MOST_TEXT, MOST_DEPTH = 2_000, 10**12, 10_000, 40
#: Bounds of a script's text, and of the values that it may keep: items of lists at any depth.
MOST_SCRIPT, MOST_ITEMS = 20_000, 50_000
#: Items of each list where every item of one is looked for in the other.
MOST_COMPARED = 2_000
_DIGITS = {ord(d): str(n % 10) for n, d in enumerate("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩")}
_STRINGS = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


class ExpressionError(ValueError):
    """An expression that is not allowed, or that cannot be computed with the values at hand."""

    def __init__(self, message_fa: str, message_en: str) -> None:
        super().__init__(message_en)
        self.message_fa = message_fa
        self.message_en = message_en


class UnknownName(ExpressionError):
    """A variable that has no value yet."""


def _not_allowed(what: str) -> ExpressionError:
    return ExpressionError(f"«{what}» در عبارت مجاز نیست.", f"“{what}” is not allowed here.")


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExpressionError("حساب فقط با عدد ممکن است.", "Only numbers can be computed with.")
    if abs(value) > MOST_NUMBER:
        raise ExpressionError("عدد بیش از اندازه بزرگ است.", "A number is too large.")
    return value


def _add(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MOST_TEXT:
            raise ExpressionError("متن بیش از اندازه بلند است.", "A text is too long.")
        return left + right
    return _number(_number(left) + _number(right))


def _arithmetic(compute: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def apply(left: Any, right: Any) -> Any:
        try:
            return _number(compute(_number(left), _number(right)))
        except ZeroDivisionError as error:
            raise ExpressionError("تقسیم بر صفر ممکن نیست.", "Division by zero.") from error

    return apply


_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: _add,
    ast.Sub: _arithmetic(operator.sub),
    ast.Mult: _arithmetic(operator.mul),
    ast.Div: _arithmetic(operator.truediv),
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_ALLOWED = (
    ast.Expression,
    ast.Constant,
    ast.Name,
    ast.Load,
    ast.List,
    ast.Tuple,
    ast.Attribute,
    ast.Subscript,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.USub,
    ast.BinOp,
    ast.Compare,
    ast.IfExp,
    ast.Call,
    *_BINARY,
    *_COMPARE,
)


#: What values that do not fit make Python raise.
_FAILURES = (
    TypeError,
    ValueError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
)


@dataclass(frozen=True)
class Expression:
    """A checked expression."""

    text: str
    tree: ast.expr
    #: Variables that it reads.
    names: frozenset[str]
    #: Functions that it calls.
    functions: frozenset[str]

    def evaluate(
        self, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]
    ) -> Any:
        """Compute the value.

        Raises:
            ExpressionError: for an unknown name or values that do not fit.

        """
        try:
            return _value(self.tree, names, functions)
        except ExpressionError:
            raise
        except _FAILURES as error:
            raise ExpressionError(
                f"عبارت «{self.text}» با این مقدارها قابل محاسبه نیست.",
                f"“{self.text}” cannot be computed with these values: {error}",
            ) from error


def _name(name: str, names: Mapping[str, Any]) -> Any:
    if name not in names:
        raise UnknownName(
            f"متغیر «{name}» هنوز مقداری ندارد.", f"The variable “{name}” has no value yet."
        )
    return names[name]


def _value(node: ast.expr, names: Mapping[str, Any], functions: Mapping[str, Any]) -> Any:  # noqa: C901, PLR0911
    def value(inner: ast.expr) -> Any:
        return _value(inner, names, functions)

    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return _name(node.id, names)
        case ast.List() | ast.Tuple():
            return [value(item) for item in node.elts]
        case ast.Attribute():
            return _key(value(node.value), node.attr)
        case ast.Subscript():
            return _key(value(node.value), value(node.slice))
        case ast.UnaryOp(op=ast.Not()):
            return not value(node.operand)
        case ast.UnaryOp():
            return -_number(value(node.operand))
        case ast.BinOp():
            return _BINARY[type(node.op)](value(node.left), value(node.right))
        case ast.BoolOp():
            return _logic(node, value)
        case ast.Compare():
            return _comparison(node, value)
        case ast.IfExp():
            return value(node.body) if value(node.test) else value(node.orelse)
        case ast.Call(func=ast.Name(id=name)):
            return functions[name](*(value(argument) for argument in node.args))
    raise _not_allowed(type(node).__name__)


def _key(container: Any, key: Any) -> Any:
    if isinstance(container, Mapping):
        return _name(str(key), container)
    if isinstance(container, list) and isinstance(key, int):
        return container[key]
    raise ExpressionError(f"«{key}» در اینجا نیست.", f"There is no “{key}” here.")


def _logic(node: ast.BoolOp, value: Callable[[ast.expr], Any]) -> Any:
    stop_at = isinstance(node.op, ast.Or)
    result: Any = None
    for part in node.values:
        result = value(part)
        if bool(result) is stop_at:
            return result
    return result


def _comparison(node: ast.Compare, value: Callable[[ast.expr], Any]) -> bool:
    left = value(node.left)
    for comparison, part in zip(node.ops, node.comparators, strict=True):
        right = value(part)
        if not _COMPARE[type(comparison)](left, right):
            return False
        left = right
    return True


def _check(node: ast.AST, depth: int = 0) -> None:
    if not isinstance(node, _ALLOWED) or depth > MOST_DEPTH:
        raise _not_allowed(type(node).__name__)
    if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
        raise _not_allowed(node.attr)
    if isinstance(node, ast.Name) and node.id.startswith("__"):
        raise _not_allowed(node.id)
    if isinstance(node, ast.Call) and (not isinstance(node.func, ast.Name) or node.keywords):
        raise _not_allowed(ast.unparse(node))
    if isinstance(node, ast.Constant):
        _check_constant(node.value)
    for child in ast.iter_child_nodes(node):
        _check(child, depth + 1)


def _check_constant(value: Any) -> None:
    if isinstance(value, bool | str | None):
        return
    if not isinstance(value, int | float):
        raise _not_allowed(repr(value))
    _number(value)


def _normal(text: str) -> str:
    """Return the text with ASCII digits outside of quotes."""
    parts = _STRINGS.split(text.strip())
    return "".join(p if n % 2 else p.translate(_DIGITS) for n, p in enumerate(parts))


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Parse and check an expression.

    Raises:
        ExpressionError: when it is no expression or uses what is not allowed.

    """
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError("عبارت بیش از اندازه بلند است.", "The expression is too long.")
    try:
        tree = ast.parse(_normal(text), mode="eval")
        _check(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError(
            f"عبارت «{text[:80]}» خواندنی نیست.", f"“{text[:80]}” is not an expression."
        ) from error
    calls = {
        n.func.id
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    return Expression(text, tree.body, frozenset(names - calls), frozenset(calls))


def _too_large() -> ExpressionError:
    return ExpressionError("مقدار بیش از اندازه بزرگ است.", "A value is too large.")


def check_size(value: Any) -> None:
    """Refuse a value that has grown beyond what a case may keep.

    Lists inside one another share their items in memory, so that a few lines could make a value
    that no disk can hold.

    Raises:
        ExpressionError: beyond ``MOST_ITEMS`` items or ``MOST_DEPTH`` levels.

    """
    count, level = 0, [value]
    for _depth in range(MOST_DEPTH):
        below: list[Any] = []
        for each in level:
            items = each.values() if isinstance(each, dict) else each
            if isinstance(each, list | tuple | dict):
                count += len(items)
                if count > MOST_ITEMS:
                    raise _too_large()
                below += items
        if not below:
            return
        level = below
    raise _too_large()


@lru_cache(maxsize=1024)
def compile_script(text: str) -> tuple[tuple[str, Expression], ...]:
    """Parse and check a script: one ``name = expression`` a line.

    Raises:
        ExpressionError: naming the line that is anything else.

    """
    if len(text) > MOST_SCRIPT:
        raise ExpressionError("اسکریپت بیش از اندازه بلند است.", "The script is too long.")
    lines = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, equals, expression = line.partition("=")
        if not equals or not name.strip().isidentifier() or expression.startswith("="):
            raise ExpressionError(
                f"هر سطر باید «نام = عبارت» باشد: «{line[:80]}»",
                f"Each line must be “name = expression”: “{line[:80]}”",
            )
        lines.append((name.strip(), compile_expression(expression)))
    return tuple(lines)


def field(rows: list[Mapping[str, Any]], name: str) -> list[Any]:
    """Return one column of a table."""
    return [row.get(name) for row in rows]


def latest(values: list[Any]) -> str:
    """Return the greatest text of a list; "" where there is none. ISO days sort as they follow."""
    return max((value for value in values if isinstance(value, str)), default="")


def rows(values: list[Any], name: str) -> list[dict[str, Any]]:
    """Return one table row for each value, under one column's name."""
    return [{name: value} for value in values]


def rounded(number: float, digits: int = 0) -> float:
    """Return a number rounded to so many decimal places, at most twelve."""
    if not -12 <= digits <= 12:
        raise ValueError("that many digits cannot be rounded to")
    value: float = _number(number)
    return round(value, digits) if digits else round(value)


def contains_all(container: list[Any], wanted: list[Any]) -> bool:
    """Tell whether every wanted value is in a list."""
    if max(len(container), len(wanted)) > MOST_COMPARED:
        raise ValueError("the lists are too long")
    return all(value in container for value in wanted)


#: Functions that need nothing but their arguments.
PURE_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "len": len,
    "min": min,
    "max": max,
    "sum": sum,
    "abs": abs,
    "round": rounded,
    "all": all,
    "any": any,
    "end_of_day": end_of_day,
    "months_before": months_before,
    "jalali_year_later": jalali_year_later,
    "field": field,
    "latest": latest,
    "rows": rows,
    "contains_all": contains_all,
}

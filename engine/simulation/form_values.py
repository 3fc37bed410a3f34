"""Fill a form as a person might: values that fit its schema, its lists and its rules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from engine.simulation.samples import BY_FORMAT, text
from forms.catalog import Form
from forms.expressions import compile_expression
from forms.formats import CHECK
from forms.layout import initial
from forms.validation import Functions, Options, errors, is_required, is_shown

#: Fresh starts, and repairs of each, before a form counts as one that cannot be filled.
STARTS, REPAIRS = 8, 60
#: Rows of a table or values of a list where the schema names no fewer.
MOST_ITEMS = 4
#: How far generated days lie from today and from days that the case knows.
_NEAR = (0, 0, 0, 1, 2, 7, 30, 365, -1, -2, -7, -30)


@dataclass(frozen=True)
class Blank:
    """A form to fill, and what its values may be drawn from."""

    form: Form
    #: The case's values.
    context: Mapping[str, Any]
    options: Options
    functions: Functions
    today: date
    random: Random
    #: Attaches a paper to the case and returns its id.
    attach: Callable[[], str]
    #: Values that are not drawn.
    given: Mapping[str, Any] = field(default_factory=dict)
    #: How often a box is ticked.
    ticked: float = 0.75

    def chance(self, probability: float) -> bool:
        """Tell whether something happens that happens this often."""
        return self.random.random() < probability


def fill(blank: Blank) -> dict[str, Any] | None:
    """Return values that the form takes; None where none were found."""
    for _ in range(STARTS):
        data = _completed(blank, {})
        for _ in range(REPAIRS):
            found = errors(blank.form, data, blank.context, blank.options, blank.functions)
            if not found:
                return data
            wrong = {error.path.partition(".")[0] for error in found}
            data = _repaired(blank, data, wrong)
    return None


def _completed(blank: Blank, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with all that the form shows and asks for, and some that it does not."""
    form = blank.form
    known = {**data, **blank.given}
    filled = {name: value for name, value in known.items() if is_shown(form, name, known)}
    defaults = initial(form, blank.context, blank.functions)
    for _ in range(3):  # a field may be shown because of one that comes after it
        for name in form.fields:
            if name in filled or not is_shown(form, name, filled):
                continue
            if name in defaults and blank.chance(0.7):
                filled[name] = _gone_over(blank, form, name, defaults[name])
            elif is_required(form, name, filled) or blank.chance(0.4):
                value = _field(blank, form.properties[name], form.widget(name), filled)
                if value is not None:
                    filled[name] = value
    return filled


def _gone_over(blank: Blank, form: Form, name: str, default: Any) -> Any:
    """Return what the form proposes; in rows of a table the rest is filled in."""
    items = form.properties[name].get("items", {})
    if _type(items) != "object" or not isinstance(default, list):
        return default
    drawn = replace(blank, ticked=blank.random.choice((0.75, 1.0)))
    rows = [row for row in default if isinstance(row, Mapping)]
    return [{**_object(drawn, items, form.widget(name), {}), **row} for row in rows]


def _repaired(blank: Blank, data: Mapping[str, Any], wrong: set[str]) -> dict[str, Any]:
    """Draw again what is wrong, or what the broken rules compare it with.

    What a person decides mostly stays, so that decisions with many conditions come as often as
    the others.
    """
    form = blank.form
    suspects = set(wrong)
    for rule in form.rules:
        if rule.field in wrong:
            suspects |= compile_expression(rule.condition).names & form.properties.keys()
    if not blank.chance(0.05):
        suspects = {name for name in suspects if "enum" not in form.properties.get(name, {})}
    again = {name for name in sorted(suspects) if blank.chance(0.6)} or wrong
    return _completed(blank, {name: v for name, v in data.items() if name not in again})


def _field(
    blank: Blank, schema: Mapping[str, Any], ui: Mapping[str, Any], siblings: Mapping[str, Any]
) -> Any:
    if "const" in schema:
        return schema["const"]
    kind = _type(schema)
    if "options" in ui or "enum" in schema:
        choices = _choices(blank, schema, ui)
        return blank.random.choice(choices) if choices else None
    draw = _BY_TYPE.get(kind)
    return draw(blank, schema, ui, siblings) if draw else None


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "string")
    if isinstance(kind, list):
        return str(next((one for one in kind if one != "null"), "null"))
    return str(kind)


def _choices(blank: Blank, schema: Mapping[str, Any], ui: Mapping[str, Any]) -> list[Any]:
    if "options" in ui:
        values = [row["value"] for row in blank.options.get(ui["options"], ())]
    else:
        values = list(schema["enum"])
    return values if _type(schema) != "array" else [_some(blank, schema, values)] * bool(values)


def _some(blank: Blank, schema: Mapping[str, Any], values: Sequence[Any]) -> list[Any]:
    """Return some of the values, each once, often all of them."""
    most = min(len(values), int(schema.get("maxItems", len(values))))
    least = min(most, max(1, int(schema.get("minItems", 1))))
    count = most if blank.chance(0.5) else blank.random.randint(least, most)
    chosen = set(blank.random.sample(range(len(values)), count))
    return [value for n, value in enumerate(values) if n in chosen]


def _string(
    blank: Blank, schema: Mapping[str, Any], _ui: Mapping[str, Any], siblings: Mapping[str, Any]
) -> str:
    form_of = str(schema.get("format", ""))
    if form_of == "file-id":
        return blank.attach()
    if form_of == "date":
        return _day(blank, siblings)
    known = [v for v in _known(blank, siblings, str) if form_of in CHECK and CHECK[form_of](v)]
    if known and blank.chance(0.4):
        return str(blank.random.choice(known))
    return BY_FORMAT[form_of](blank.random) if form_of in BY_FORMAT else text(blank.random, schema)


def _known(blank: Blank, siblings: Mapping[str, Any], kind: type) -> Iterator[Any]:
    """Yield the values of a type that the case or this form holds already."""
    for value in (*blank.context.values(), *siblings.values()):
        if type(value) is kind:
            yield value


def _day(blank: Blank, siblings: Mapping[str, Any]) -> str:
    days = [v[:10] for v in _known(blank, siblings, str) if CHECK["date"](v[:10])]
    near = blank.today.isoformat() if blank.chance(0.4) or not days else blank.random.choice(days)
    shift = timedelta(days=blank.random.choice(_NEAR))
    return (date.fromisoformat(near) + shift).isoformat()


def _bounds(schema: Mapping[str, Any]) -> tuple[float, float]:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is None:
        low = 0 if high is None or high > 0 else high - 100
    return low, low + 100 if high is None else high


def _integer(
    blank: Blank, schema: Mapping[str, Any], _ui: Mapping[str, Any], siblings: Mapping[str, Any]
) -> int:
    low, high = _bounds(schema)
    known = [value for value in _known(blank, siblings, int) if low <= value <= high]
    if known and blank.chance(0.4):
        return int(blank.random.choice(known))
    step = max(1, int(schema.get("multipleOf", 1)))
    first, last = -(-int(low) // step), int(high) // step
    return step * blank.random.randint(first, max(first, last))


def _number(
    blank: Blank, schema: Mapping[str, Any], ui: Mapping[str, Any], siblings: Mapping[str, Any]
) -> float:
    if "multipleOf" in schema or blank.chance(0.5):
        return _integer(blank, schema, ui, siblings)
    return round(blank.random.uniform(*_bounds(schema)), 2)


def _boolean(blank: Blank, *_rest: Any) -> bool:
    return blank.chance(blank.ticked)


def _array(
    blank: Blank, schema: Mapping[str, Any], ui: Mapping[str, Any], siblings: Mapping[str, Any]
) -> list[Any] | None:
    items = schema.get("items", {})
    if "enum" in items:
        return _some(blank, schema, items["enum"])
    least = int(schema.get("minItems", 0)) or int(blank.chance(0.8))
    most = max(least, min(int(schema.get("maxItems", MOST_ITEMS)), least + MOST_ITEMS))
    count = blank.random.randint(least, most)
    drawn = replace(blank, ticked=blank.random.choice((0.75, 1.0)))
    rows = [_field(drawn, items, ui, siblings) for _ in range(count)]
    return [row for row in rows if row is not None]


def _object(
    blank: Blank, schema: Mapping[str, Any], ui: Mapping[str, Any], siblings: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a row of a table."""
    row: dict[str, Any] = {}
    columns, required = ui.get("columns", {}), schema.get("required", ())
    for name, column in schema.get("properties", {}).items():
        ticked = _type(column) == "boolean" and blank.ticked == 1
        if name in required or ticked or blank.chance(0.6):
            value = _field(blank, column, columns.get(name, {}), {**siblings, **row})
            if value is not None:
                row[name] = value
    return row


_BY_TYPE: Mapping[str, Callable[..., Any]] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "array": _array,
    "object": _object,
}

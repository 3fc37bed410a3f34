"""Turn what a browser posts into the JSON values that a form's schema speaks of.

What cannot be decoded stays as it was typed, so that validation names it and the page shows it
again. Names that the form does not declare are ignored.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from forms.catalog import Form
from forms.formats import NORMALISE
from forms.jalali import parse_jalali
from forms.text import clean, to_ascii_digits

#: Rows of a table that are read; more are dropped.
MOST_ROWS = 100
#: Characters of a text whose schema names no limit.
MOST_TEXT = 10_000
TRUE = frozenset({"true", "on", "1", "yes"})

Posted = Mapping[str, Sequence[str]]


def decode(form: Form, posted: Posted) -> dict[str, Any]:
    """Return the values of the declared fields that were filled in."""
    values: dict[str, Any] = {}
    for name, schema in form.properties.items():
        value = _field(name, schema, form.widget(name), posted)
        if value is not None:
            values[name] = value
    return values


def _field(path: str, schema: Mapping[str, Any], ui: Mapping[str, Any], posted: Posted) -> Any:
    kind = schema.get("type")
    if kind == "array" and schema.get("items", {}).get("type") == "object":
        return _table(path, schema["items"], ui, posted)
    if kind == "array":
        cleaned = [clean(text) for text in posted.get(path, ())][: MOST_ROWS * 10]
        return [text for text in cleaned if text] or None
    texts = posted.get(path, ())
    if kind == "boolean":
        return bool(texts) and texts[-1] in TRUE  # an unticked box posts nothing
    return _scalar(texts[-1], schema) if texts else None


def _scalar(text: str, schema: Mapping[str, Any]) -> Any:
    text = clean(text)
    if not text:
        return None
    if schema.get("type") == "integer":
        return _integer(text)
    form_of = schema.get("format", "")
    if form_of == "date":
        return _date(text)
    if form_of in NORMALISE:
        return NORMALISE[form_of](text)
    return text[: max(MOST_TEXT, schema.get("maxLength", 0) + 1)]


def _integer(text: str) -> Any:
    digits = to_ascii_digits(text).replace("٬", "").replace(",", "")
    whole = digits.isascii() and digits.removeprefix("-").isdecimal() and len(digits) <= 15
    return int(digits) if whole else text


def _date(text: str) -> str:
    try:
        return parse_jalali(text).isoformat()
    except ValueError:
        return text


def _rows(path: str, posted: Posted) -> list[str]:
    """Return the row numbers that were posted, in order."""
    prefix = f"{path}."
    numbers = {
        number
        for name in posted
        if name.startswith(prefix)
        and (number := name[len(prefix) :].partition(".")[0]).isascii()
        and number.isdigit()
        and len(number) < 6
    }
    return sorted(numbers, key=int)[:MOST_ROWS]


def _table(path: str, items: Mapping[str, Any], ui: Mapping[str, Any], posted: Posted) -> Any:
    columns = ui.get("columns", {})
    rows = []
    for number in _rows(path, posted):
        row = {
            name: value
            for name, schema in items.get("properties", {}).items()
            if (value := _field(f"{path}.{number}.{name}", schema, columns.get(name, {}), posted))
            is not None
        }
        if any(value is not False for value in row.values()):
            rows.append(row)
    return rows or None

"""Lay a form out for a template: sections of fields with labels, values, choices and errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forms.catalog import Form
from forms.expressions import ExpressionError, compile_expression
from forms.jalali import format_jalali
from forms.text import to_persian_digits
from forms.validation import FieldError, Functions, Options, is_required

#: Formats whose values are written from left to right whatever the page's direction.
LTR_FORMATS = frozenset(
    [
        "national-id",
        "legal-id",
        "mobile",
        "landline",
        "postal-code",
        "office-code",
        "letter-no",
        "ipv4-public",
        "document-code",
        "date",
    ]
)


@dataclass(frozen=True)
class Choice:
    """One option of a list."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class FieldView:
    """One field as a template shows it."""

    name: str
    #: Name under which the browser posts it.
    path: str
    #: HTML id.
    id: str
    #: text, textarea, number, select, radio, checkbox, checkboxes, date, file, files or table.
    widget: str
    label: str
    help: str
    required: bool
    #: As it is shown in an input; for files the ids.
    value: Any
    error: str
    choices: tuple[Choice, ...] = ()
    #: Of a table: the fields of each row.
    rows: tuple[tuple["FieldView", ...], ...] = ()
    #: Of a table: a row whose paths hold ``__row__``.
    row_template: tuple["FieldView", ...] = ()
    #: min, max, maxlength and the like.
    attributes: Mapping[str, Any] = field(default_factory=dict)
    show_when: Mapping[str, Any] = field(default_factory=dict)
    dir: str = "auto"


@dataclass(frozen=True)
class SectionView:
    """A titled group of fields."""

    title: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True)
class _Page:
    """What all fields of one rendering share."""

    form: Form
    data: Mapping[str, Any]
    errors: Mapping[str, str]
    language: str
    options: Options


def initial(form: Form, context: Mapping[str, Any], functions: Functions) -> dict[str, Any]:
    """Return the values with which an untouched form begins."""
    values: dict[str, Any] = {}
    for name in form.fields:
        default = form.widget(name).get("default")
        if isinstance(default, Mapping):
            default = _computed(str(default["expression"]), context, functions)
        if default is not None:
            values[name] = default
    return values


def _computed(text: str, context: Mapping[str, Any], functions: Functions) -> Any:
    """Return a computed default; None where the case has not the values for it."""
    try:
        value = compile_expression(text).evaluate({**context, "case": context}, functions)
    except ExpressionError:
        return None
    return value[:10] if isinstance(value, str) and "T" in value[10:11] else value


def sections(
    form: Form,
    data: Mapping[str, Any],
    errors: Sequence[FieldError],
    language: str,
    options: Options,
) -> list[SectionView]:
    """Return the sections of a form with the values and errors to show."""
    messages = {error.path: error.message(language) for error in errors}
    page = _Page(form, data, messages, language, options)
    return [
        SectionView(
            section.get("title", {}).get(language, ""),
            tuple(_view(page, name) for name in section["fields"]),
        )
        for section in form.ui["sections"]
    ]


def _view(page: _Page, name: str) -> FieldView:
    schema, ui = page.form.properties[name], page.form.widget(name)
    required = is_required(page.form, name, page.data)
    view = _field(page, name, name, schema, ui, page.data.get(name), required=required)
    if ui.get("widget") != "table":
        return view
    rows = page.data.get(name)
    rows = rows if isinstance(rows, list) and rows else [{}]
    return FieldView(
        **{
            **view.__dict__,
            "value": "",
            "rows": tuple(_row(page, name, str(n), schema, ui, row) for n, row in enumerate(rows)),
            "row_template": _row(page, name, "__row__", schema, ui, {}),
        }
    )


def _row(
    page: _Page,
    table: str,
    number: str,
    schema: Mapping[str, Any],
    ui: Mapping[str, Any],
    values: Any,
) -> tuple[FieldView, ...]:
    items = schema["items"]
    values = values if isinstance(values, Mapping) else {}
    return tuple(
        _field(
            page,
            column,
            f"{table}.{number}.{column}",
            items["properties"][column],
            column_ui,
            values.get(column),
            required=column in items.get("required", []),
        )
        for column, column_ui in ui["columns"].items()
    )


def _field(
    page: _Page,
    name: str,
    path: str,
    schema: Mapping[str, Any],
    ui: Mapping[str, Any],
    value: Any,
    *,
    required: bool,
) -> FieldView:
    language = page.language
    ltr = ui.get("ltr") or schema.get("format") in LTR_FORMATS
    return FieldView(
        name=name,
        path=path,
        id="field-" + path.replace(".", "-"),
        widget=ui.get("widget", "text"),
        label=ui.get("label", {}).get(language, name),
        help=ui.get("help", {}).get(language, ""),
        required=required,
        value=_shown_value(value, schema, language),
        error=page.errors.get(path, ""),
        choices=_choices(page, ui, value),
        attributes=_attributes(schema),
        show_when=ui.get("show_when", {}),
        dir="ltr" if ltr else "auto",
    )


def _shown_value(value: Any, schema: Mapping[str, Any], language: str) -> Any:
    if value is None:
        return ""
    if schema.get("format") == "date" and isinstance(value, str):
        try:
            return format_jalali(date.fromisoformat(value[:10]), language)
        except ValueError:
            return value
    if isinstance(value, int) and not isinstance(value, bool):
        return to_persian_digits(str(value)) if language == "fa" else str(value)
    return value


def _choices(page: _Page, ui: Mapping[str, Any], value: Any) -> tuple[Choice, ...]:
    rows = page.options.get(ui["options"], ()) if "options" in ui else ui.get("choices", ())
    selected = value if isinstance(value, list) else [value]
    return tuple(Choice(row["value"], row[page.language], row["value"] in selected) for row in rows)


def _attributes(schema: Mapping[str, Any]) -> dict[str, Any]:
    names = {"maxLength": "maxlength", "minLength": "minlength", "minimum": "min", "maximum": "max"}
    return {html: schema[key] for key, html in names.items() if key in schema}

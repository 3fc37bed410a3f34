"""Check a form's values against its schema, its lists of choices and its rules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.catalog import Form, Rule
from forms.expressions import ExpressionError, compile_expression
from forms.messages import NOT_A_CHOICE, REQUIRED, sentence

Options = Mapping[str, Sequence[Mapping[str, Any]]]
Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field, in both languages."""

    #: Field name, or "table.row.column" with rows from 0.
    path: str
    message_fa: str
    message_en: str

    def message(self, language: str) -> str:
        """Return the sentence in the reader's language."""
        return self.message_fa if language == "fa" else self.message_en


def is_shown(form: Form, name: str, data: Mapping[str, Any]) -> bool:
    """Tell whether a field is part of the form with the other values as they are."""
    condition = form.widget(name).get("show_when")
    return not condition or data.get(condition["field"]) in condition["values"]


def shown(form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without those of hidden fields."""
    return {name: value for name, value in data.items() if is_shown(form, name, data)}


def is_required(form: Form, name: str, data: Mapping[str, Any]) -> bool:
    """Tell whether a shown field must be filled."""
    condition = form.widget(name).get("required_when")
    return name in form.required or bool(
        condition and data.get(condition["field"]) in condition["values"]
    )


def errors(
    form: Form,
    data: Mapping[str, Any],
    context: Mapping[str, Any],
    options: Options,
    functions: Functions,
) -> list[FieldError]:
    """Return what is wrong, at most one error a field, in the order of the form.

    Args:
        form: The form.
        data: The values as decoded.
        context: The case's values, which rules may read.
        options: The choices of the lists that the form names.
        functions: Functions that rules may call besides the pure ones.

    """
    found: dict[str, FieldError] = {}
    checks = (_missing(form, data), _broken(form, data), _unlisted(form, data, options))
    for error in (error for check in checks for error in check):
        found.setdefault(error.path, error)
    for error in _failed(form, form.rules, data, context, functions):
        found.setdefault(error.path, error)
    order = {name: n for n, name in enumerate(form.fields)}
    return sorted(found.values(), key=lambda e: order.get(e.path.partition(".")[0], len(order)))


def warnings(
    form: Form, data: Mapping[str, Any], context: Mapping[str, Any], functions: Functions
) -> list[FieldError]:
    """Return what a person should look at again; it does not refuse."""
    return list(_failed(form, form.warnings, data, context, functions))


def _missing(form: Form, data: Mapping[str, Any]) -> Iterator[FieldError]:
    for name in form.fields:
        if is_shown(form, name, data) and is_required(form, name, data) and name not in data:
            yield FieldError(name, *REQUIRED)


def _limit(schema: Any, path: Sequence[Any]) -> Any:
    for part in path:
        schema = schema[part]
    return schema


def _broken(form: Form, data: Mapping[str, Any]) -> Iterator[FieldError]:
    for error in form.validator.iter_errors(dict(data)):
        keyword = str(error.schema_path[-1])
        schema = _limit(form.schema, error.schema_path[:-1])
        path = [str(part) for part in error.instance_path]
        if keyword == "required":
            path.append(str(error.kind.property))
        if keyword == "additionalProperties":
            path += [str(name) for name in error.kind.unexpected[:1]]
        yield FieldError(
            ".".join(path), *sentence(keyword, schema[keyword], str(schema.get("format", "")))
        )


def _unlisted(form: Form, data: Mapping[str, Any], options: Options) -> Iterator[FieldError]:
    for name, value in data.items():
        ui = form.widget(name)
        if "options" in ui:
            yield from _unlisted_value(name, value, options.get(ui["options"], ()))
        for column, column_ui in ui.get("columns", {}).items():
            if "options" not in column_ui or not isinstance(value, list):
                continue
            choices = options.get(column_ui["options"], ())
            for number, row in enumerate(value):
                if isinstance(row, Mapping) and column in row:
                    yield from _unlisted_value(f"{name}.{number}.{column}", row[column], choices)


def _unlisted_value(
    path: str, value: Any, choices: Sequence[Mapping[str, Any]]
) -> Iterator[FieldError]:
    allowed = {choice["value"] for choice in choices}
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, str) or one not in allowed:
            yield FieldError(path, *NOT_A_CHOICE)
            return


def _empty_value(schema: Mapping[str, Any]) -> Any:
    return {"string": "", "array": [], "boolean": False}.get(str(schema.get("type")))


def _failed(
    form: Form,
    rules: Sequence[Rule],
    data: Mapping[str, Any],
    context: Mapping[str, Any],
    functions: Functions,
) -> Iterator[FieldError]:
    own = {name: _empty_value(schema) for name, schema in form.properties.items()}
    names = {**context, "case": context, **own, **data}
    for rule in rules:
        expression = compile_expression(rule.condition)
        read = expression.names & own.keys()
        if not is_shown(form, rule.field, data) or (not rule.empty and read - data.keys()):
            continue
        try:
            holds = expression.evaluate(names, functions)
        except ExpressionError:
            holds = False  # what cannot be checked is not accepted
        if not holds:
            yield FieldError(rule.field, rule.fa, rule.en)


def file_ids(form: Form, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the ids of the files that the values name, by path."""
    found: dict[str, str] = {}
    for name, value in data.items():
        _collect_files(name, form.properties.get(name, {}), value, found)
    return found


def _collect_files(path: str, schema: Mapping[str, Any], value: Any, found: dict[str, str]) -> None:
    if schema.get("format") == "file-id" and isinstance(value, str):
        found[path] = value
    if isinstance(value, list):
        for number, item in enumerate(value):
            _collect_files(f"{path}.{number}", schema.get("items", {}), item, found)
    if isinstance(value, Mapping):
        for name, item in value.items():
            _collect_files(
                f"{path}.{name}", schema.get("properties", {}).get(name, {}), item, found
            )

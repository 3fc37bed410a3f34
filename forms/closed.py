"""Refuse forms that would let anything in, or that nobody could read or run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forms.catalog import Form
from forms.expressions import ExpressionError, compile_expression

#: Names that the engine or SpiffWorkflow give a meaning of their own.
RESERVED = frozenset({"typename", "data_objects", "case"})
LANGUAGES = ("fa", "en")


@dataclass(frozen=True)
class FormProblem:
    """A reason to refuse a form."""

    field: str
    message_fa: str
    message_en: str


def problems(form: Form) -> list[FormProblem]:
    """Return every reason to refuse a form."""
    return [
        *_open_schemas(form.schema, ""),
        *_names(form),
        *_labels(form),
        *_expressions(form),
        *_choices(form),
    ]


def _open_schemas(schema: Any, path: str) -> Iterator[FormProblem]:
    if isinstance(schema, list):
        for part in schema:
            yield from _open_schemas(part, path)
    if not isinstance(schema, Mapping):
        return
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        yield FormProblem(
            path,
            "این بخش هر نامی را می‌پذیرد؛ additionalProperties باید false باشد.",
            "This part takes any name; additionalProperties must be false.",
        )
    for key, part in schema.items():
        yield from _open_schemas(part, f"{path}.{key}".strip("."))


def _names(form: Form) -> Iterator[FormProblem]:
    for name in sorted(RESERVED & form.properties.keys()):
        yield FormProblem(name, "این نام رزرو شده است.", "This name is reserved.")
    for name in sorted(set(form.properties) ^ set(form.fields)):
        yield FormProblem(
            name,
            "این فیلد یا در طرح‌واره نیست یا در هیچ بخشی نشان داده نمی‌شود.",
            "This field is either not in the schema or in no section.",
        )


def _bilingual(text: Any) -> bool:
    return isinstance(text, Mapping) and all(text.get(language) for language in LANGUAGES)


def _labels(form: Form) -> Iterator[FormProblem]:
    missing = ("نام فارسی یا انگلیسی ندارد.", "The Persian or English name is missing.")
    if not _bilingual(form.title):
        yield FormProblem("", *missing)
    for name, ui in form.ui["fields"].items():
        if not _bilingual(ui.get("label")):
            yield FormProblem(name, *missing)
        for column, column_ui in ui.get("columns", {}).items():
            if not _bilingual(column_ui.get("label")):
                yield FormProblem(f"{name}.{column}", *missing)


def _expressions(form: Form) -> Iterator[FormProblem]:
    texts = [(rule.field, rule.condition) for rule in (*form.rules, *form.warnings)]
    for name, ui in form.ui["fields"].items():
        default = ui.get("default")
        if isinstance(default, Mapping):
            texts.append((name, str(default.get("expression", ""))))
    for name, text in texts:
        try:
            compile_expression(text)
        except ExpressionError as error:
            yield FormProblem(name, error.message_fa, error.message_en)


def _choices(form: Form) -> Iterator[FormProblem]:
    for name, schema in form.properties.items():
        allowed = schema.get("enum") or schema.get("items", {}).get("enum")
        offered = [choice["value"] for choice in form.widget(name).get("choices", ())]
        if (allowed or offered) and list(allowed or ()) != offered:
            yield FormProblem(
                name,
                "گزینه‌های نشان‌داده‌شده با مقدارهای پذیرفته یکی نیست.",
                "The choices shown are not the values accepted.",
            )

"""Fill in a form as a person does: by its labels, with Persian digits, row by row."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from playwright.sync_api import Locator, Page, expect

from forms.catalog import Form, builtin_forms, parse_form
from forms.jalali import format_jalali
from forms.text import to_persian_digits
from tests.workflows.journey import PDF

PAPER = {"name": "سند امضاشده.pdf", "mimeType": "application/pdf", "buffer": PDF}
ADD, SEND = "افزودن ردیف", "ثبت و ارسال"
OPTIONAL = r"( \((اختیاری|optional)\))?"


@cache
def form(key: str) -> Form:
    """Return a form of the procedure."""
    return parse_form(builtin_forms()[key])


def by_label(scope: Page | Locator, text: str) -> Locator:
    """Find the field with a label, optional or not."""
    return scope.get_by_label(re.compile(rf"^\s*{re.escape(text)}{OPTIONAL}\s*$"))


def group(scope: Page | Locator, text: str) -> Locator:
    """Find the group of boxes, or the table, with a legend."""
    name = re.compile(rf"^\s*{re.escape(text)}{OPTIONAL}\s*$")
    return scope.get_by_role("group", name=name)


def fill(page: Page, form_key: str, values: Mapping[str, Any]) -> None:
    """Fill in the fields for which there is a value, in the order of the form."""
    known = form(form_key)
    panel = page.locator("form[data-guard]")
    for name in known.fields:
        if name in values:
            field(panel, known.widget(name), known.properties[name], values[name])


def field(scope: Locator, ui: Mapping[str, Any], schema: Mapping[str, Any], value: Any) -> None:
    """Fill in one field."""
    label = ui["label"]["fa"]
    match ui["widget"]:
        case "table":
            _rows(group(scope, label), ui, schema, value)
        case "radio":
            chosen = [each["fa"] for each in ui["choices"] if each["value"] == value]
            group(scope, label).get_by_label(chosen[0], exact=True).check()
        case "checkboxes":
            for box in group(scope, label).get_by_role("checkbox").all():
                box.set_checked(box.get_attribute("value") in value)
        case "checkbox":
            by_label(scope, label).set_checked(value)
        case "select":
            by_label(scope, label).select_option(value)
        case "file" | "files":
            by_label(scope, label).set_input_files(PAPER)  # type: ignore[arg-type]
        case _:
            by_label(scope, label).fill(typed(schema, value))


def typed(schema: Mapping[str, Any], value: Any) -> str:
    """Return what a person types for a value: Jalali dates and numbers with Persian digits."""
    if schema.get("format") == "date":
        return format_jalali(date.fromisoformat(value), "fa")
    if schema.get("type") == "integer" or "format" in schema:
        return to_persian_digits(str(value))
    return str(value)


def _rows(table: Locator, ui: Mapping[str, Any], schema: Mapping[str, Any], rows: Any) -> None:
    drawn = table.locator("[data-row]")
    for number, row in enumerate(rows):
        if number >= drawn.count():
            table.get_by_role("button", name=ADD).click()
        expect(drawn.nth(number)).to_be_visible()
        for name, value in row.items():
            column = schema["items"]["properties"][name]
            field(drawn.nth(number), ui["columns"][name], column, value)


def send(page: Page, button: str = SEND) -> None:
    """Send the form and see that it was taken."""
    page.get_by_role("button", name=button).last.click()
    expect(page.locator(".k-flash.is-success")).to_be_visible()

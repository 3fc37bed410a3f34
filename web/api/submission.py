"""Values that a program sends for a form, made as the pages make them."""

from collections.abc import Mapping
from typing import Any

from engine import forms_of
from engine.models import ProcessInstance
from engine.transaction import Transaction
from forms.catalog import Form
from forms.messages import OTHER
from forms.text import clean
from forms.validation import FieldError, shown
from web.api.problems import RequestInvalid
from web.api.schemas import MOST, UUID, Schema, closed

#: A table's cell lies this deep; what lies deeper is no form's.
_DEPTH = 4
#: What a person who fills nothing in leaves behind.
_NOTHING: tuple[Any, ...] = ("", [], {})

#: Body of a completed task or a sent message.
BODY: Schema = closed(
    {
        "revision": {"type": "integer", "minimum": 0, "maximum": MOST},
        "values": {"type": "object"},
        "scan": UUID,
    },
    required=("revision", "values"),
)


def form_of(tx: Transaction, form: Form, instance: ProcessInstance) -> dict[str, Any]:
    """Return a form as a program needs it to fill it in."""
    return {
        "key": form.key,
        "title": form.title,
        "intro": form.intro,
        "schema": form.schema,
        "ui": form.ui,
        "options": forms_of.options_for(tx, form, instance),
    }


def received(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are stored: texts cleaned, empty and hidden ones left out.

    Raises:
        RequestInvalid: when they lie deeper than any form's.

    """
    return shown(form, _cleaned(values))


def _cleaned(value: Any, depth: int = 0) -> Any:
    if depth > _DEPTH:
        raise RequestInvalid([FieldError("values", *OTHER)])
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        pairs = ((name, _cleaned(each, depth + 1)) for name, each in value.items())
        return {name: each for name, each in pairs if each not in _NOTHING}
    if isinstance(value, list):
        return [each for part in value if (each := _cleaned(part, depth + 1)) not in _NOTHING]
    return value

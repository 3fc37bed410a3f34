"""Forms as pages show them: to be filled in, or read only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine import forms_of
from engine.functions import functions_for
from engine.models import ProcessInstance, StoredFile
from engine.transaction import Transaction
from forms.catalog import Form
from forms.layout import FieldView, SectionView, initial, sections
from forms.validation import FieldError, is_shown, warnings
from web.i18n import language


@dataclass(frozen=True)
class FormView:
    """A form that is to be filled in."""

    form: Form
    sections: Sequence[SectionView]
    errors: Sequence[FieldError]
    #: What is worth a second look and refuses nothing.
    warnings: Sequence[str]
    #: Stored files that its values name, by id.
    files: Mapping[str, StoredFile]

    @property
    def has_files(self) -> bool:
        """Whether the form takes files."""
        return any("file" in each.widget for section in self.sections for each in section.fields)


def blank(tx: Transaction, form: Form, instance: ProcessInstance) -> dict[str, Any]:
    """Return the values with which an untouched form begins."""
    return initial(form, instance.data, functions_for(tx))


def editable(
    tx: Transaction,
    form: Form,
    instance: ProcessInstance,
    data: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
) -> FormView:
    """Lay a form out with values and what is wrong with them."""
    options = forms_of.options_for(tx, form, instance)
    points = warnings(form, data, instance.data, functions_for(tx))
    return FormView(
        form,
        sections(form, data, errors, language(), options),
        errors,
        [point.message(language()) for point in points],
        attached(tx, instance, _texts(data)),
    )


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) and len(value) == 36 else []


def attached(
    tx: Transaction, instance: ProcessInstance, ids: Iterable[str]
) -> dict[str, StoredFile]:
    """Return the case's own files among these ids; of others not even the name is told."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = tx.session.scalars(
        select(StoredFile).where(StoredFile.id.in_(wanted), StoredFile.instance_id == instance.id)
    )
    return {row.id: row for row in rows}


@dataclass(frozen=True)
class Fact:
    """One submitted value: a text, a list of texts, files, or rows of facts."""

    label: str
    value: Any
    kind: str
    dir: str


class Reader:
    """Reads submitted values back, asking for each list of choices once."""

    def __init__(self, tx: Transaction, instance: ProcessInstance) -> None:
        self._tx = tx
        self._instance = instance
        self._options: dict[str, Any] = {}

    def facts(self, form: Form, data: Mapping[str, Any]) -> list[Fact]:
        """Return the values that were filled in, with their labels."""
        for source in form.option_sources - self._options.keys():
            self._options[source] = self._tx.engine.options(self._tx, source, self._instance)
        visible = {name for name in form.fields if name in data and is_shown(form, name, data)}
        files = attached(self._tx, self._instance, _texts(data))
        views = [
            view
            for section in sections(form, data, (), language(), self._options)
            for view in section.fields
            if view.name in visible
        ]
        return [fact for view in views if (fact := _fact(view, files)).value not in ("", [], None)]

    def outcome(self, form: Form, data: Mapping[str, Any]) -> str:
        """Return the words of the choice that decided where the case went; "" without one."""
        choices = form.widget("outcome").get("choices", ()) if "outcome" in data else ()
        return next((row[language()] for row in choices if row["value"] == data["outcome"]), "")


def _fact(view: FieldView, files: Mapping[str, StoredFile]) -> Fact:
    value: Any = view.value
    if view.widget == "table":
        value = [[_fact(cell, files) for cell in row if cell.value != ""] for row in view.rows]
    elif "file" in view.widget:
        ids = value if isinstance(value, list) else [value]
        value = [files[each] for each in ids if each in files]
    elif view.choices:
        value = [choice.label for choice in view.choices if choice.selected] or view.value
    kind = "file" if "file" in view.widget else view.widget
    return Fact(view.label, value, kind, view.dir)

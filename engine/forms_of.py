"""The forms of tasks and messages, always from the deployment that the case started on."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.deployments import published
from engine.errors import FormInvalid, NotFound
from engine.functions import functions_for
from engine.models import MessageSubscription, ProcessInstance, StoredFile, UserTask
from engine.transaction import Choice, Transaction
from forms.catalog import Form
from forms.messages import FORMATS
from forms.validation import FieldError, errors, file_ids

#: Takes any values: the form of tasks that name none, which only simulations run.
OPEN = Form("", {}, {}, {"type": "object"}, {"sections": [], "fields": {}}, (), ())


def form_for(
    tx: Transaction, instance: ProcessInstance, task: UserTask | MessageSubscription
) -> Form:
    """Return the form of a task or message.

    Raises:
        NotFound: when the deployment holds no such form.

    """
    form = published(tx, instance.definition_id).forms.get(task.form_key)
    if form is None and not tx.engine.strict:
        return OPEN
    if form is None:
        raise NotFound
    return form


def options_for(
    tx: Transaction, form: Form, instance: ProcessInstance | None
) -> dict[str, list[Choice]]:
    """Return the choices of the lists that a form names."""
    return {source: tx.engine.options(tx, source, instance) for source in form.option_sources}


def check(tx: Transaction, form: Form, data: Mapping[str, Any], instance: ProcessInstance) -> None:
    """Refuse values that break the form's schema or rules.

    Raises:
        FormInvalid: naming each field.

    """
    options, functions = options_for(tx, form, instance), functions_for(tx)
    found = errors(form, data, instance.data, options, functions)
    found = found or _foreign_files(tx, form, data, instance)
    if found:
        raise FormInvalid(found, data)


def _foreign_files(
    tx: Transaction, form: Form, data: Mapping[str, Any], instance: ProcessInstance
) -> list[FieldError]:
    """Refuse files that were not attached to this case."""
    named = file_ids(form, data)
    if not named:
        return []
    query = select(StoredFile.id).where(
        StoredFile.id.in_(named.values()), StoredFile.instance_id == instance.id
    )
    known = set(tx.session.scalars(query))
    again = FORMATS["file-id"]
    return [FieldError(path, *again) for path, file_id in named.items() if file_id not in known]

"""The forms of tasks and messages, always from the deployment that the case started on."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.deployments import published
from engine.errors import FormInvalid, NotFound
from engine.functions import functions_for
from engine.models import MessageSubscription, ProcessInstance, UserTask
from engine.transaction import Choice, Transaction
from forms.catalog import Form
from forms.validation import errors


def form_for(
    tx: Transaction, instance: ProcessInstance, task: UserTask | MessageSubscription
) -> Form:
    """Return the form of a task or message.

    Raises:
        NotFound: when the deployment holds no such form.

    """
    form = published(tx, instance.definition_id).forms.get(task.form_key)
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
    found: Sequence[Any] = errors(
        form, data, instance.data, options_for(tx, form, instance), functions_for(tx)
    )
    if found:
        raise FormInvalid(found, data)

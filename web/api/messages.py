"""Messages that a case waits for, as an objection: which, with what form, and the sending."""

from typing import Any

from werkzeug.datastructures import FileStorage

from engine import candidates, instances
from engine.forms_of import form_for
from engine.models import MessageSubscription, ProcessInstance
from engine.tokens import Scope
from engine.transaction import Transaction
from web import case_views
from web.api.components import fields
from web.api.contract import endpoint
from web.api.files import attach
from web.api.schemas import a, listed
from web.api.submission import BODY, form_of, received
from web.api.tasks import step_result
from web.pages import reading, step
from workflows import cases


@endpoint(
    "GET",
    "/instances/{instance_id}/messages",
    fa="پیام‌هایی که می‌توان به پرونده فرستاد، با فرمشان",
    en="The messages that may be sent to a case, with their forms",
    scope=Scope.read,
    answer=listed("Message"),
)
def index(instance_id: str) -> dict[str, Any]:
    """List the messages that the person may send."""
    with reading() as tx:
        instance = cases.get(tx, instance_id)
        rows = case_views.messages(tx, instance)
        return {"items": [_message(tx, row, instance) for row in rows]}


def _message(
    tx: Transaction, row: MessageSubscription, instance: ProcessInstance
) -> dict[str, Any]:
    return fields(
        row,
        "Message",
        on_behalf_of=candidates.subscription_standing(tx, row, instance).on_behalf_of,
        revision=instance.revision,
        form=form_of(tx, form_for(tx, instance, row), instance),
    )


def _sendable(tx: Transaction, message_id: str) -> tuple[MessageSubscription, ProcessInstance]:
    """Return a message that the person may send, and its case.

    Raises:
        NotWaiting, NotCandidate: when it is not.

    """
    row = instances.subscription(tx, message_id)
    instance = instances.get(tx, row.instance_id)
    candidates.subscription_standing(tx, row, instance)
    return row, instance


@endpoint(
    "POST",
    "/messages/{message_id}",
    fa="فرستادن پیام با مقدارهای فرم آن؛ پرونده پیش می‌رود",
    en="Send a message with its form's values; the case goes on",
    scope=Scope.work,
    body=BODY,
    answer=a("StepResult"),
)
def send(message_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Send a message."""
    with step() as tx:
        row, instance = _sendable(tx, message_id)
        values = received(form_for(tx, instance, row), body["values"])
        scan = body.get("scan", "")
        done = instances.send(tx, message_id, values, revision=body["revision"], scan=scan)
        return step_result(tx, instance.id, done.opened)


@endpoint(
    "POST",
    "/messages/{message_id}/files",
    fa="فرستادن یک پرونده برای فرم یک پیام؛ شناسه‌اش مقدار فیلد می‌شود",
    en="Send a file for a message's form; its id becomes the field's value",
    scope=Scope.work,
    upload=("file", 1),
    status=201,
    answer=a("StoredFile"),
)
def upload(message_id: str, uploads: list[FileStorage]) -> dict[str, Any]:
    """Attach a file to a message that is not sent yet."""
    with step() as tx:
        row, _instance = _sendable(tx, message_id)
        return attach(tx, row, uploads[0])

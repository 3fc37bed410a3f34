"""A message that a case waits for, as an objection: its form and the sending."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from engine import candidates, instances
from engine.errors import FormInvalid, NotWaiting, Refusal, ScanMissing
from engine.forms_of import form_for
from engine.models import MessageSubscription, ProcessInstance
from engine.transaction import Transaction
from forms.validation import FieldError, shown
from web.access import SIGNED_IN, allow
from web.case_views import overview
from web.form_views import attached, blank, editable
from web.i18n import _, language
from web.pages import reading, show, step
from web.submission import SCAN, Submission, has_uploads, receive

blueprint = Blueprint("messages", __name__, url_prefix="/messages")


def _row(tx: Transaction, message_id: str) -> tuple[MessageSubscription, ProcessInstance]:
    row = instances.subscription(tx, message_id)
    instance = instances.get(tx, row.instance_id)
    candidates.subscription_standing(tx, row, instance)
    return row, instance


@blueprint.get("/<message_id>")
@allow(SIGNED_IN)
def view(message_id: str) -> ResponseReturnValue:
    """Show the form of a message."""
    with reading() as tx:
        row, instance = _row(tx, message_id)
        return _page(tx, row, instance, blank(tx, form_for(tx, instance, row), instance))


def _page(
    tx: Transaction,
    row: MessageSubscription,
    instance: ProcessInstance,
    data: Mapping[str, Any],
    status: int = 200,
    **more: Any,
) -> ResponseReturnValue:
    form = form_for(tx, instance, row)
    return show(
        tx,
        "tasks/message.html",
        status,
        message=row,
        form=form,
        post_held=candidates.subscription_standing(tx, row, instance),
        view=editable(tx, form, instance, data, more.pop("errors", ())),
        **overview(tx, instance),
        **more,
    )


@blueprint.post("/<message_id>")
@allow(SIGNED_IN)
def send(message_id: str) -> ResponseReturnValue:
    """Send the message; the case goes on."""
    with (step if has_uploads() else reading)() as tx:
        row, instance = _row(tx, message_id)
        form = form_for(tx, instance, row)
        sent = receive(tx, form, instance, row.id)
    if sent.is_draft or sent.errors:
        return _again(message_id, sent, 422 if sent.errors else 200, errors=sent.errors)
    try:
        with step() as tx:
            values = shown(sent.form, sent.data)
            instances.send(tx, message_id, values, revision=sent.revision, scan=sent.scan)
    except NotWaiting:
        raise
    except FormInvalid as refusal:
        return _again(message_id, sent, 422, refusal, errors=refusal.errors)
    except ScanMissing as refusal:
        point = FieldError(SCAN, refusal.message_fa, refusal.message_en)
        return _again(message_id, sent, 422, refusal, errors=[point])
    except Refusal as refusal:
        return _again(message_id, sent, refusal.status, refusal)
    flash(_("It was sent, and the case goes on."), "success")
    return redirect(url_for("cases.view", instance_id=instance.id), 303)


def _again(
    message_id: str, sent: Submission, status: int, refusal: Refusal | None = None, **more: Any
) -> ResponseReturnValue:
    with reading() as tx:
        row, instance = _row(tx, message_id)
        message = refusal.message(language()) if refusal else ""
        scan = attached(tx, instance, [sent.scan]).get(sent.scan)
        return _page(tx, row, instance, sent.data, status, refusal=message, scan=scan, **more)

"""Short words to a person's posts: reminders, escalations, results."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import notifications
from web.access import SIGNED_IN, allow
from web.pages import reading, show, step

blueprint = Blueprint("notifications", __name__, url_prefix="/notices")


@blueprint.get("")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    """List the newest notices."""
    with reading() as tx:
        return show(tx, "notifications/index.html", rows=notifications.mine(tx))


@blueprint.post("/<int:number>/read")
@allow(SIGNED_IN)
def read(number: int) -> ResponseReturnValue:
    """Mark a notice as read and go to what it is about, or stay."""
    with step() as tx:
        row = notifications.mark_read(tx, number)
    if "open" in request.form:
        return redirect(url_for("cases.view", instance_id=row.instance_id), 303)
    return redirect(url_for("notifications.index"), 303)

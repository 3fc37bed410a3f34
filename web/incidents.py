"""Steps that failed and wait for a person."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import incidents
from engine.errors import Invalid
from engine.states import IncidentState
from forms.text import clean
from web.access import allow, only
from web.i18n import _
from web.pages import reading, show, step

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")
_MENDERS = only("sysadmin", "service_desk_owner")


@blueprint.get("")
@allow(_MENDERS)
def index() -> ResponseReturnValue:
    """List open incidents, and those that were dealt with."""
    with reading() as tx:
        return show(
            tx,
            "incidents/index.html",
            open=incidents.listed(tx),
            resolved=incidents.listed(tx, IncidentState.resolved),
        )


@blueprint.post("/<int:number>/retry")
@allow(_MENDERS)
def retry(number: int) -> ResponseReturnValue:
    """Run the failed step again; the reason goes into the event log."""
    reason = clean(request.form.get("reason", ""))[:500]
    if not reason:
        raise Invalid("بنویسید چه چیزی درست شد.", "Write what was repaired.")
    with step() as tx:
        incidents.retry(tx, number, reason)
    flash(_("The step ran; the case goes on."), "success")
    return redirect(url_for("incidents.index"), 303)

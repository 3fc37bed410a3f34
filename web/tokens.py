"""Access tokens of one's own, and the API that they open."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import tokens
from engine.errors import Invalid
from engine.tokens import Scope
from web.access import SIGNED_IN, allow
from web.api.contract import operations
from web.i18n import _, language
from web.pages import reading, show, step

blueprint = Blueprint("tokens", __name__)
#: Days of validity that the page offers.
TERMS = (30, 90, 180, tokens.MOST_DAYS)


def _scopes() -> dict[str, str]:
    return {
        Scope.read: _("Look at tasks, cases and files"),
        Scope.work: _("Do tasks, send messages and files"),
        Scope.start: _("Start cases"),
        Scope.admin: _("Retry incidents, check diagrams"),
    }


@blueprint.get("/tokens")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    """List the person's own tokens."""
    return _page()


def _page(message: str = "", text: str = "", status: int = 200) -> ResponseReturnValue:
    with reading() as tx:
        rows = [(row, tokens.valid(tx, row)) for row in tokens.mine(tx)]
        return show(
            tx,
            "tokens/index.html",
            status,
            rows=rows,
            scopes=_scopes(),
            terms=TERMS,
            message=message,
            text=text,
        )


@blueprint.post("/tokens")
@allow(SIGNED_IN)
def create() -> ResponseReturnValue:
    """Make a token and show it this once: neither an address nor a cookie ever holds it."""
    days = request.form.get("days", "")
    try:
        with step() as tx:
            _row, text = tokens.create(
                tx,
                request.form.get("name", ""),
                request.form.getlist("scopes"),
                int(days) if days.isdecimal() and len(days) < 4 else 0,
            )
    except Invalid as refusal:
        return _page(message=refusal.message(language()), status=refusal.status)
    return _page(text=text)


@blueprint.post("/tokens/<int:number>/revoke")
@allow(SIGNED_IN)
def revoke(number: int) -> ResponseReturnValue:
    """Stop a program at once."""
    with step() as tx:
        tokens.revoke(tx, number)
    flash(_("The token is revoked; the program can do nothing more."), "success")
    return redirect(url_for("tokens.index"), 303)


@blueprint.get("/api/docs")
@allow(SIGNED_IN)
def docs() -> ResponseReturnValue:
    """Show what the API can do, one line an operation."""
    with reading() as tx:
        return show(tx, "tokens/api.html", endpoints=operations(), scopes=_scopes())

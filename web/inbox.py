"""The inbox: what is mine, what my posts may claim, what is late."""

from typing import cast

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import deployments, inbox
from engine.inbox import InboxFilter, View
from web.access import SIGNED_IN, allow
from web.due import due
from web.pages import reading, show
from workflows import districts

blueprint = Blueprint("inbox", __name__)

VIEWS = ("all", "mine", "open", "behalf")
LATENESS = ("", "late", "today", "week")


def _wanted() -> InboxFilter:
    """Read the filter; what is not known counts as not given."""
    view = request.args.get("view", "all")
    lateness = request.args.get("lateness", "")
    return InboxFilter(
        view=cast("View", view) if view in VIEWS else "all",
        process=request.args.get("process", ""),
        district=request.args.get("district", ""),
        lateness=lateness if lateness in LATENESS else "",  # type: ignore[arg-type]
        text=request.args.get("q", "")[:100],
        after=request.args.get("after", ""),
    )


@blueprint.get("/inbox")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    """Show open tasks, the earliest deadline first."""
    wanted = _wanted()
    with reading() as tx:
        page = inbox.page(tx, wanted)
        return show(
            tx,
            "inbox/index.html",
            wanted=wanted,
            rows=[(task, due(tx, task.due_at)) for task in page.rows],
            next=page.next,
            processes={each.key: each for each in deployments.definitions(tx)},
            districts=districts.active(tx),
        )

"""Download files of cases; each reading is in the case's event log."""

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from engine import files
from engine.errors import NotFound
from engine.events import EventType
from engine.history import record
from engine.step import locked
from web.access import SIGNED_IN, allow
from web.pages import step
from workflows import cases
from workflows.access import may_see_file

blueprint = Blueprint("files", __name__, url_prefix="/files")


@blueprint.get("/<file_id>")
@allow(SIGNED_IN)
def download(file_id: str) -> ResponseReturnValue:
    """Send a file to a person who may read the form in which it came."""
    with step() as tx:
        row, place = files.open_file(tx, file_id)
        instance = cases.get(tx, row.instance_id)
        if not may_see_file(tx.actor, instance, row):
            raise NotFound
        locked(tx, instance.id)
        data = {"file": row.id, "name": row.name, "sha256": row.sha256}
        record(tx, instance, EventType.file_read, form_key=row.form_key, data=data)
    response = send_file(
        place,
        mimetype=row.content_type,
        as_attachment=True,
        download_name=row.name,
        conditional=False,  # whole or not at all: each reading is one entry of the event log
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"  # a paper of a case stays on no shared machine
    return response

"""Files of cases: sent with a task or message, read by who may read its form."""

from typing import Any

from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from engine import files
from engine.models import MessageSubscription, UserTask
from engine.step import locked
from engine.tokens import Scope
from engine.transaction import Transaction
from web.api.components import fields
from web.api.contract import endpoint
from web.files import download


def attach(
    tx: Transaction, owner: UserTask | MessageSubscription, upload: FileStorage
) -> dict[str, Any]:
    """Store a file as belonging to the form of a task or message."""
    row = files.store(
        tx,
        stream=upload.stream,  # type: ignore[arg-type]
        name=upload.filename or "",
        instance=locked(tx, owner.instance_id),
        task_id=owner.id,
        form_key=owner.form_key,
    )
    return fields(row, "StoredFile")


@endpoint(
    "GET",
    "/files/{file_id}",
    fa="دریافت یک پرونده؛ خواندن آن در تاریخچه می‌ماند",
    en="Download a file; the reading stays in the history",
    scope=Scope.read,
    answer=tuple(sorted(files.CONTENT_TYPES)),
)
def content(file_id: str) -> ResponseReturnValue:
    """Send a file as its page does."""
    return download(file_id)

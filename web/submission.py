"""What a browser sends for a form: values, uploads, rows added or taken away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from engine import files
from engine.errors import FileRefused
from engine.models import ProcessInstance
from engine.transaction import Transaction
from forms.catalog import Form
from forms.decoding import decode
from forms.validation import FieldError

#: Name of the upload that proves an office's step recorded by somebody else.
SCAN = "_scan"
#: Names of the buttons that are no submission.
SAVE_DRAFT, ADD_ROW, REMOVE_ROW = "_save_draft", "_add_row", "_remove_row"


@dataclass
class Submission:
    """One form as it came in."""

    form: Form
    data: dict[str, Any]
    #: Revision of the case that the page showed; -1 where it was not a number.
    revision: int
    #: Id of the stored scan; "" where there is none.
    scan: str
    #: Uploads that were not taken.
    errors: list[FieldError] = field(default_factory=list)

    @property
    def is_draft(self) -> bool:
        """Whether it is only to be kept, or to be shown again with other rows."""
        return any(name in request.form for name in (SAVE_DRAFT, ADD_ROW, REMOVE_ROW))


def has_uploads() -> bool:
    """Tell whether files came with the request."""
    return any(upload.filename for upload in request.files.values())


def receive(tx: Transaction, form: Form, instance: ProcessInstance, owner: str) -> Submission:
    """Read the form; store its uploads as belonging to a task or message of the case."""
    posted = {name: request.form.getlist(name) for name in request.form}
    _drop_files(posted)
    errors = _store(tx, form, instance, owner, posted) if has_uploads() else []
    _drop_row(posted, request.form.get(REMOVE_ROW, ""))
    data = decode(form, posted)
    _add_row(form, data, request.form.get(ADD_ROW, ""))
    revision = request.form.get("_revision", "")
    scan = posted.get(SCAN, [""])[-1]
    is_number = revision.isdecimal() and len(revision) < 10
    return Submission(form, data, int(revision) if is_number else -1, scan, errors)


def _drop_files(posted: dict[str, list[str]]) -> None:
    """Leave out the stored files whose box «remove» was ticked."""
    dropped = set(posted.pop("_drop", ()))
    for name, values in posted.items():
        posted[name] = [value for value in values if value not in dropped]


def _store(
    tx: Transaction,
    form: Form,
    instance: ProcessInstance,
    owner: str,
    posted: dict[str, list[str]],
) -> list[FieldError]:
    errors = []
    for path, upload in request.files.items(multi=True):
        if not upload.filename or not (path == SCAN or _is_file_field(form, path)):
            continue
        try:
            posted.setdefault(path, []).append(_store_one(tx, form, instance, owner, upload))
        except FileRefused as refusal:
            errors.append(FieldError(path, refusal.message_fa, refusal.message_en))
    return errors


def _store_one(
    tx: Transaction, form: Form, instance: ProcessInstance, owner: str, upload: FileStorage
) -> str:
    return files.store(
        tx,
        stream=upload.stream,  # type: ignore[arg-type]
        name=upload.filename or "",
        instance=instance,
        task_id=owner,
        form_key=form.key,
    ).id


def _is_file_field(form: Form, path: str) -> bool:
    name, _, rest = path.partition(".")
    ui: Mapping[str, Any] = form.widget(name)
    if rest:
        ui = ui.get("columns", {}).get(rest.partition(".")[2], {})
    return ui.get("widget") in {"file", "files"}


def _drop_row(posted: dict[str, list[str]], row: str) -> None:
    if row:
        for name in [name for name in posted if name.startswith(f"{row}.")]:
            del posted[name]


def _add_row(form: Form, data: dict[str, Any], table: str) -> None:
    if form.widget(table).get("widget") == "table":
        data[table] = [*(data.get(table) or [{}]), {}]

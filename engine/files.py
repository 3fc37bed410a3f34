"""Uploaded files: typed by content, stored under their hash outside the web root."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import filetype

from engine.errors import FileRefused, NotFound, ScanMissing
from engine.events import EventType
from engine.history import record
from engine.models import ProcessInstance, StoredFile
from engine.step import locked
from engine.transaction import Transaction
from forms.text import clean

#: Bytes of one file.
MOST_BYTES = 10 * 1024 * 1024
#: What is taken, judged by the first bytes, never by name or by what the browser says.
CONTENT_TYPES = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp"})


def _read(stream: BinaryIO) -> bytes:
    content = stream.read(MOST_BYTES + 1)
    if not content or len(content) > MOST_BYTES:
        raise FileRefused
    return content


def _content_type(content: bytes) -> str:
    kind = filetype.guess(content[:8192])
    if kind is None or kind.mime not in CONTENT_TYPES:
        raise FileRefused
    return str(kind.mime)


def _place(root: Path, sha256: str) -> Path:
    return root / sha256[:2] / sha256


def _write(root: Path, sha256: str, content: bytes) -> None:
    """Put the bytes in place whole or not at all; the same content is kept once."""
    place = _place(root, sha256)
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as part:
        part.write(content)
        part.flush()
        os.fsync(part.fileno())
    Path(part.name).replace(place)


def store(
    tx: Transaction,
    *,
    stream: BinaryIO,
    name: str,
    instance: ProcessInstance,
    task_id: str,
    form_key: str,
) -> StoredFile:
    """Store an upload that belongs to a form of a case.

    Raises:
        FileRefused: when it is empty, too large, or no PDF or image.

    """
    content = _read(stream)
    content_type = _content_type(content)
    sha256 = hashlib.sha256(content).hexdigest()
    _write(tx.engine.files, sha256, content)
    instance = locked(tx, instance.id)  # its history is written, which two must not do at once
    row = StoredFile(
        id=str(uuid4()),
        sha256=sha256,
        name=(clean(Path(name.replace("\\", "/")).name) or "file")[:200],
        content_type=content_type,
        size=len(content),
        instance_id=instance.id,
        task_id=task_id,
        form_key=form_key,
        uploaded_by=tx.actor.username,
        uploaded_at=tx.now,
    )
    tx.session.add(row)
    data = {"file": row.id, "name": row.name, "sha256": sha256, "size": row.size}
    record(tx, instance, EventType.file_stored, task_id=task_id, form_key=form_key, data=data)
    return row


def open_file(tx: Transaction, file_id: str) -> tuple[StoredFile, Path]:
    """Return a file's row and place; whether the actor may see it is the caller's question.

    Raises:
        NotFound: when there is no such file.

    """
    row = tx.session.get(StoredFile, file_id)
    if row is None or not (place := _place(tx.engine.files, row.sha256)).exists():
        raise NotFound
    return row, place


def require_scan(tx: Transaction, on_behalf_of: str, scan: str, instance_id: str) -> None:
    """Ask for the office's paper where somebody records an office's step for it.

    Raises:
        ScanMissing: when there is none, or it belongs to another case.

    """
    role = tx.engine.roles.get(on_behalf_of)
    if role is None or role.scope != "office":
        return
    row = tx.session.get(StoredFile, scan) if scan else None
    if row is None or row.instance_id != instance_id:
        raise ScanMissing

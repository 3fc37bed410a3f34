"""The append-only event log: each stream's entries form a SHA-256 chain."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import insert, select

from engine.models import EventLogEntry, ProcessInstance
from engine.models.history import EventStream

if TYPE_CHECKING:
    from engine.events import EventType
    from engine.transaction import Transaction

#: The stream of everything that belongs to no case.
SYSTEM_STREAM = "system"
_COLUMNS = tuple(column.key for column in EventLogEntry.__table__.columns)
_HASHED = tuple(name for name in _COLUMNS if name != "hash")


def record(
    tx: "Transaction", instance: ProcessInstance, kind: "EventType", **fields: Any
) -> EventLogEntry:
    """Add an entry to a case's history; it is written with the step.

    Fields are columns of ``EventLogEntry``. Values in ``data`` are copied as they are now.
    """
    return _append(tx, instance, instance.id, kind, fields)


def record_system(tx: "Transaction", kind: "EventType", data: dict[str, Any]) -> EventLogEntry:
    """Add an entry that belongs to no case."""
    return _append(tx, None, SYSTEM_STREAM, kind, {"data": data})


def _append(
    tx: "Transaction",
    instance: ProcessInstance | None,
    stream: str,
    kind: "EventType",
    fields: dict[str, Any],
) -> EventLogEntry:
    fields["data"] = orjson.loads(orjson.dumps(fields.get("data") or {}))
    by = fields.pop("by", tx.actor)
    entry = EventLogEntry(
        stream=stream,
        type=kind.value,
        at=tx.now,
        actor=by.username,
        actor_name_fa=by.name_fa,
        actor_name_en=by.name_en,
        **fields,
    )
    tx.log.append((instance, entry))
    return entry


def _plain(entry: EventLogEntry) -> dict[str, Any]:
    row = {name: getattr(entry, name) for name in _COLUMNS}
    return {name: "" if value is None else value for name, value in row.items()}


def digest(row: dict[str, Any], previous: str) -> str:
    """Return the hash of an entry that follows another."""
    fields = {
        name: row[name].isoformat() if isinstance(row[name], datetime) else row[name]
        for name in _HASHED
    }
    content = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(previous.encode() + content).hexdigest()


def _chain(
    head: ProcessInstance | EventStream, entries: Iterable[EventLogEntry]
) -> list[dict[str, Any]]:
    rows = []
    for entry in entries:
        entry.number = head.log_length + 1
        row = _plain(entry)
        row["hash"] = digest(row, head.log_head)
        head.log_length, head.log_head = entry.number, row["hash"]
        rows.append(row)
    return rows


def _system_head(tx: "Transaction") -> EventStream:
    query = select(EventStream).where(EventStream.name == SYSTEM_STREAM).with_for_update()
    head = tx.session.scalars(query).one_or_none()
    if head is None:
        head = EventStream(name=SYSTEM_STREAM, log_length=0, log_head="")
        tx.session.add(head)
    return head


def write(tx: "Transaction") -> None:
    """Chain and insert the step's entries in one statement; the transaction calls it."""
    if not tx.log:
        return
    streams: dict[str, tuple[ProcessInstance | None, list[EventLogEntry]]] = {}
    for instance, entry in tx.log:
        streams.setdefault(entry.stream, (instance, []))[1].append(entry)
    rows: list[dict[str, Any]] = []
    for instance, entries in streams.values():
        rows += _chain(instance or _system_head(tx), entries)
    tx.log.clear()
    tx.session.flush()  # a new instance's row comes before its history
    tx.session.execute(insert(EventLogEntry), rows)


def entries(
    tx: "Transaction", stream: str, *, after: int = 0, limit: int = 2_000
) -> list[EventLogEntry]:
    """Return a stream's entries in order."""
    query = select(EventLogEntry).where(
        EventLogEntry.stream == stream, EventLogEntry.number > after
    )
    return list(tx.session.scalars(query.order_by(EventLogEntry.number).limit(limit)))


def verify(tx: "Transaction", stream: str) -> int | None:
    """Return the number of the first entry that was changed, removed or moved; None when sound."""
    previous, expected, after = "", 1, 0
    while batch := entries(tx, stream, after=after):
        for entry in batch:
            row = _plain(entry)
            if entry.number != expected or entry.hash != digest(row, previous):
                return expected
            previous, expected, after = entry.hash, expected + 1, entry.number
    head = _head(tx, stream)
    return None if head == (expected - 1, previous) else expected


def _head(tx: "Transaction", stream: str) -> tuple[int, str]:
    head: ProcessInstance | EventStream | None
    if stream == SYSTEM_STREAM:
        head = tx.session.get(EventStream, stream)
    else:
        head = tx.session.get(ProcessInstance, stream)
    return (head.log_length, head.log_head) if head else (0, "")

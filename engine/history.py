"""The append-only event log: each stream's entries form a SHA-256 chain."""

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import orjson
from sqlalchemy import Table, insert, select

from engine.models import EventLogEntry, ProcessInstance
from engine.models.history import EventStream

if TYPE_CHECKING:
    from engine.events import EventType
    from engine.transaction import Transaction

#: The stream of everything that belongs to no case.
SYSTEM_STREAM = "system"
#: An entry as a plain row: a step writes several, and mapped objects would cost as much again.
Row = dict[str, Any]
_COLUMNS = tuple(column.key for column in EventLogEntry.__table__.columns)
_HASHED = tuple(name for name in _COLUMNS if name != "hash")
_BLANK: Row = dict.fromkeys(_COLUMNS, "")
_INSERT = insert(cast("Table", EventLogEntry.__table__))


def record(tx: "Transaction", instance: ProcessInstance, kind: "EventType", **fields: Any) -> None:
    """Add an entry to a case's history; it is written with the step.

    Fields are columns of ``EventLogEntry``. Values in ``data`` are copied as they are now.
    """
    _append(tx, instance, instance.id, kind, fields)


def record_system(tx: "Transaction", kind: "EventType", data: dict[str, Any]) -> None:
    """Add an entry that belongs to no case."""
    _append(tx, None, SYSTEM_STREAM, kind, {"data": data})


def _append(
    tx: "Transaction",
    instance: ProcessInstance | None,
    stream: str,
    kind: "EventType",
    fields: Row,
) -> None:
    by = fields.pop("by", tx.actor)
    row = {
        **_BLANK,
        **{name: "" if value is None else value for name, value in fields.items()},
        "stream": stream,
        "type": kind.value,
        "at": tx.now,
        "actor": by.username,
        "actor_name_fa": by.name_fa,
        "actor_name_en": by.name_en,
        "data": orjson.loads(orjson.dumps(fields.get("data") or {})),
    }
    tx.log.append((instance, row))


def digest(row: Row, previous: str) -> str:
    """Return the hash of an entry that follows another."""
    fields = {name: row[name] for name in _HASHED}
    fields["at"] = row["at"].isoformat()
    content = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(previous.encode() + content).hexdigest()


def _chain(head: ProcessInstance | EventStream, rows: Iterable[Row]) -> None:
    for row in rows:
        row["number"] = head.log_length + 1
        row["hash"] = digest(row, head.log_head)
        head.log_length, head.log_head = row["number"], row["hash"]


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
    streams: dict[str, tuple[ProcessInstance | None, list[Row]]] = {}
    for instance, row in tx.log:
        streams.setdefault(row["stream"], (instance, []))[1].append(row)
    for instance, rows in streams.values():
        _chain(instance or _system_head(tx), rows)
    written = [row for _, rows in streams.values() for row in rows]
    tx.log.clear()
    tx.session.flush()  # a new instance's row comes before its history
    tx.session.connection().execute(_INSERT, written)


def entries(
    tx: "Transaction", stream: str, *, after: int = 0, limit: int = 2_000
) -> list[EventLogEntry]:
    """Return a stream's entries in order."""
    query = select(EventLogEntry).where(
        EventLogEntry.stream == stream, EventLogEntry.number > after
    )
    return list(tx.session.scalars(query.order_by(EventLogEntry.number).limit(limit)))


def latest(tx: "Transaction", stream: str, limit: int = 2_000) -> list[EventLogEntry]:
    """Return a stream's newest entries in order."""
    query = select(EventLogEntry).where(EventLogEntry.stream == stream)
    newest = tx.session.scalars(query.order_by(EventLogEntry.number.desc()).limit(limit)).all()
    return list(reversed(newest))


def verify(tx: "Transaction", stream: str) -> int | None:
    """Return the number of the first entry that was changed, removed or moved; None when sound."""
    previous, expected, after = "", 1, 0
    while batch := entries(tx, stream, after=after):
        for entry in batch:
            row = {name: getattr(entry, name) for name in _COLUMNS}
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

"""The append-only event log."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class EventLogEntry(Base):
    """One thing that happened; never changed, never deleted (triggers refuse it)."""

    __tablename__ = "event_log"
    __table_args__ = (
        Index(None, "actor", "at"),
        Index(None, "type", "at"),
    )

    #: Id of the process instance, or "system".
    stream: Mapped[str] = mapped_column(String(36), primary_key=True)
    #: Place in the stream, from 1 without gaps.
    number: Mapped[int] = mapped_column(primary_key=True)
    #: A value of ``engine.events.EventType``.
    type: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    #: Log-in name of who did it; "" where the engine did.
    actor: Mapped[str] = mapped_column(String(80), default="")
    actor_name_fa: Mapped[str] = mapped_column(String(120), default="")
    actor_name_en: Mapped[str] = mapped_column(String(120), default="")
    #: Role and scope in which the actor acted at that time.
    role: Mapped[str] = mapped_column(String(60), default="")
    scope: Mapped[str] = mapped_column(String(40), default="")
    #: Role in whose place the actor acted.
    on_behalf_of: Mapped[str] = mapped_column(String(60), default="")
    process_key: Mapped[str] = mapped_column(String(80), default="")
    element_id: Mapped[str] = mapped_column(String(80), default="")
    name_fa: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    task_id: Mapped[str] = mapped_column(String(120), default="")
    form_key: Mapped[str] = mapped_column(String(120), default="")
    #: The submitted values as they were, or the details of the event.
    data: Mapped[dict[str, Any]]
    #: Digest of the deployment in force for the instance.
    deployment: Mapped[str] = mapped_column(String(64), default="")
    #: SHA-256 over the entry and the hash before it.
    hash: Mapped[str] = mapped_column(String(64))


class EventStream(Base):
    """The head of a chain that belongs to no case; a lock on it orders its writers."""

    __tablename__ = "event_stream"

    name: Mapped[str] = mapped_column(String(36), primary_key=True)
    log_length: Mapped[int] = mapped_column(default=0)
    log_head: Mapped[str] = mapped_column(String(64), default="")

"""What jobs need in the database: who works, and the messages that cases send one another."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class Worker(Base):
    """A process that runs jobs; one that stays silent is taken for dead."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    seen_at: Mapped[datetime]


class Message(Base):
    """A message or signal thrown by a case, written in the step that threw it (outbox)."""

    __tablename__ = "message"
    __table_args__ = (Index(None, "state", "name", "key"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    #: message: one receiver, kept until there is one; signal: everybody who waits now.
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(80))
    #: Correlation key: the receiver waits for the same name and key.
    key: Mapped[str] = mapped_column(String(80), default="")
    #: The values that the diagram lists as its payload, nothing else.
    payload: Mapped[dict[str, Any]]
    sender: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    #: pending, delivered or expired.
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    #: Id of the instance that took it; "" for a signal, which many take.
    receiver: Mapped[str] = mapped_column(String(36), default="")

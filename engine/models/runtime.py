"""What is running: process instances, user tasks, drafts, messages waited for, incidents."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base

_BY_DUE = ("due_at", "id")


def _open(name: str, *columns: str, free: bool = True) -> Index:
    """Index the open tasks that nobody holds, or those that somebody does; closed ones cost none."""
    held = text(f"state = 'open' AND assignee IS {'NULL' if free else 'NOT NULL'}")
    name = f"ix_user_task_{name}"
    return Index(name, *columns, sqlite_where=held, postgresql_where=held)


class ProcessInstance(Base):
    """One running or ended case."""

    __tablename__ = "process_instance"
    __table_args__ = (
        Index(None, "state", "next_due_at"),
        Index(None, "district", "started_at"),
        Index(None, "office", "started_at"),
        Index(None, "key", "state"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey("process_definition.id"))
    #: Key of the process definition.
    key: Mapped[str] = mapped_column(String(80))
    #: What people call the case by: the office code.
    business_key: Mapped[str] = mapped_column(String(80), default="")
    #: What the case is about, in words: the office's name.
    subject: Mapped[str] = mapped_column(String(200), default="")
    #: Search key of subject and business key (``forms.text.search_key``).
    search_key: Mapped[str] = mapped_column(String(300), default="")
    #: Routing facts; never read from form data.
    district: Mapped[str] = mapped_column(String(40), default="")
    office: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(20))
    #: Grows by one with every step; a step that saw an older one is refused.
    revision: Mapped[int] = mapped_column(default=1)
    #: The compacted SpiffWorkflow object, without its spec.
    workflow: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    #: The values of the case as they stand now.
    data: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    next_due_at: Mapped[datetime | None]
    confidential: Mapped[bool] = mapped_column(default=False)
    started_by: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: Id of the end event that closed the case.
    end_event: Mapped[str] = mapped_column(String(80), default="")
    #: Number and hash of the last event-log entry: the head of the chain.
    log_length: Mapped[int] = mapped_column(default=0)
    log_head: Mapped[str] = mapped_column(String(64), default="")


class UserTask(Base):
    """One row of the inbox."""

    __tablename__ = "user_task"
    __table_args__ = (
        # One index for each kind of branch of the inbox, in the order in which pages show it.
        # The first also holds what filters look at, so that they read no row that does not fit.
        _open("post", "role", "scope", *_BY_DUE, "process_key", "district", "search_key"),
        _open("district", "role", "district", *_BY_DUE),
        _open("role", "role", *_BY_DUE),
        _open("holder", "assignee", *_BY_DUE, free=False),
        Index(None, "instance_id", "state"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    #: Key of the process whose diagram holds the task (a called process has its own).
    process_key: Mapped[str] = mapped_column(String(80))
    #: BPMN id.
    key: Mapped[str] = mapped_column(String(80))
    name_fa: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    form_key: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(60))
    #: Scope of the role for this task: "", a district code or an office code.
    scope: Mapped[str] = mapped_column(String(40), default="")
    district: Mapped[str] = mapped_column(String(40), default="")
    office: Mapped[str] = mapped_column(String(40), default="")
    business_key: Mapped[str] = mapped_column(String(80), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    search_key: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[str] = mapped_column(String(20))
    #: Log-in name of the person who holds it.
    assignee: Mapped[str | None] = mapped_column(String(80))
    priority: Mapped[int] = mapped_column(default=50)
    #: BPMN id of a step whose actor may not do this one (four eyes).
    not_completed_by: Mapped[str] = mapped_column(String(80), default="")
    confidential: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    #: End of the last working day; far future where the step has no deadline, so that rows sort.
    due_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    completed_by: Mapped[str | None] = mapped_column(String(80))
    #: Role whose step a proxy recorded.
    on_behalf_of: Mapped[str] = mapped_column(String(60), default="")
    outcome: Mapped[str] = mapped_column(String(40), default="")


class Draft(Base):
    """What a person typed into a task's form and has not submitted."""

    __tablename__ = "draft"

    task_id: Mapped[str] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    username: Mapped[str] = mapped_column(String(80), primary_key=True)
    data: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class MessageSubscription(Base):
    """A message or signal that a process instance waits for, and who may send it."""

    __tablename__ = "message_subscription"
    __table_args__ = (Index(None, "instance_id"), Index(None, "name", "key"))

    #: Id of the waiting task.
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    process_key: Mapped[str] = mapped_column(String(80))
    element_id: Mapped[str] = mapped_column(String(80))
    #: message or signal.
    kind: Mapped[str] = mapped_column(String(10), default="message")
    name: Mapped[str] = mapped_column(String(80))
    #: Correlation key: of what other cases send, only what bears it is taken.
    key: Mapped[str] = mapped_column(String(80), default="")
    name_fa: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    form_key: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[str] = mapped_column(String(60))
    scope: Mapped[str] = mapped_column(String(40), default="")


class Incident(Base):
    """Something that went wrong in a step and needs a person."""

    __tablename__ = "incident"
    __table_args__ = (Index(None, "state", "opened_at"), Index(None, "instance_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    element_id: Mapped[str] = mapped_column(String(80), default="")
    #: Task, or message, whose job failed; "" where a whole step did, which stops the case.
    task_id: Mapped[str] = mapped_column(String(36), default="")
    kind: Mapped[str] = mapped_column(String(40))
    message: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text, default="")


class Notification(Base):
    """A short word to a post or a person: a reminder, an escalation, a case that ended."""

    __tablename__ = "notification"
    __table_args__ = (Index(None, "role", "scope", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    task_id: Mapped[str | None] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(60))
    scope: Mapped[str] = mapped_column(String(40), default="")
    text_fa: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    read_by: Mapped[list[Any]] = mapped_column(default=list)


class StoredFile(Base):
    """An uploaded file; its bytes lie under its hash outside the web root."""

    __tablename__ = "stored_file"
    __table_args__ = (Index(None, "instance_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    #: The name that the sender gave it, cleaned; shown, never used as a path.
    name: Mapped[str] = mapped_column(String(200))
    content_type: Mapped[str] = mapped_column(String(80))
    #: Bytes.
    size: Mapped[int]
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    #: Task or message in whose form it was sent; who may read that form may read the file.
    task_id: Mapped[str] = mapped_column(String(120))
    form_key: Mapped[str] = mapped_column(String(120))
    uploaded_by: Mapped[str] = mapped_column(String(80))
    uploaded_at: Mapped[datetime]

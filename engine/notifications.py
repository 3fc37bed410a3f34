"""Short words to posts: reminders, escalations, results."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, false, or_, select

from engine.errors import NotFound
from engine.events import EventType
from engine.history import record
from engine.identity import SYSTEM
from engine.models import Notification, ProcessInstance
from engine.transaction import Transaction

#: Newest notifications that the page and the badge look at.
MOST = 100


def send(
    tx: Transaction,
    instance: ProcessInstance,
    *,
    role: str,
    scope: str,
    kind: str,
    text_fa: str,
    text_en: str,
    task_id: str | None = None,
) -> Notification:
    """Tell the holders of a post something about a case."""
    row = Notification(
        instance_id=instance.id,
        task_id=task_id,
        kind=kind,
        role=role,
        scope=scope,
        text_fa=text_fa,
        text_en=text_en,
        created_at=tx.now,
        read_by=[],
    )
    tx.session.add(row)
    data = {"kind": kind, "to_role": role, "to_scope": scope, "fa": text_fa, "en": text_en}
    kind_of_event = EventType.notification_sent
    record(tx, instance, kind_of_event, by=SYSTEM, task_id=task_id or "", data=data)
    return row


def _mine(tx: Transaction) -> ColumnElement[bool]:
    posts = (
        and_(Notification.role == role, Notification.scope == scope)
        for role, scope in tx.actor.assignments
    )
    return or_(false(), *posts)


def mine(tx: Transaction) -> Sequence[Notification]:
    """Return the newest notifications to the actor's posts."""
    query = select(Notification).where(_mine(tx)).order_by(Notification.id.desc()).limit(MOST)
    return tx.session.scalars(query).all()


def unread_count(tx: Transaction) -> int:
    """Count those that the actor has not read."""
    query = select(Notification.read_by).where(_mine(tx))
    rows = tx.session.scalars(query.order_by(Notification.id.desc()).limit(MOST))
    return sum(tx.actor.username not in read_by for read_by in rows)


def mark_read(tx: Transaction, notification_id: int) -> Notification:
    """Mark one as read by the actor.

    Raises:
        NotFound: when it is not to one of the actor's posts.

    """
    query = select(Notification).where(Notification.id == notification_id, _mine(tx))
    row = tx.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    row.read_by = sorted({*row.read_by, tx.actor.username})
    return row

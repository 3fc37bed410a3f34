"""Short words to posts: reminders, escalations, results."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Select, bindparam, select, union

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


@lru_cache(maxsize=100)
def _newest(posts: int) -> Select[int]:
    """Select the ids of the newest notifications to some posts; made once for each number of posts.

    Each post is a branch of its own over its index, so the table may grow as it likes.
    """
    branches = [
        select(Notification.id)
        .where(
            Notification.role == bindparam(f"role_{n}"),
            Notification.scope == bindparam(f"scope_{n}"),
        )
        .order_by(Notification.id.desc())
        .limit(MOST)
        .subquery()
        for n in range(posts)
    ]
    ids = union(*(select(each.c.id) for each in branches)).subquery()
    return select(ids.c.id).order_by(ids.c.id.desc()).limit(MOST)


def _posts(tx: Transaction) -> dict[str, str]:
    posts = enumerate(tx.actor.assignments)
    return {
        f"{name}_{n}": value
        for n, post in posts
        for name, value in zip(("role", "scope"), post, strict=True)
    }


def mine(tx: Transaction) -> Sequence[Notification]:
    """Return the newest notifications to the actor's posts."""
    if not tx.actor.assignments:
        return []
    ids = _newest(len(tx.actor.assignments))
    query = select(Notification).where(Notification.id.in_(ids))
    return tx.session.scalars(query.order_by(Notification.id.desc()), _posts(tx)).all()


def unread_count(tx: Transaction) -> int:
    """Count those that the actor has not read."""
    if not tx.actor.assignments:
        return 0
    ids = _newest(len(tx.actor.assignments))
    query = select(Notification.read_by).where(Notification.id.in_(ids))
    rows = tx.session.scalars(query, _posts(tx))
    return sum(tx.actor.username not in read_by for read_by in rows)


def mark_read(tx: Transaction, notification_id: int) -> Notification:
    """Mark one as read by the actor.

    Raises:
        NotFound: when it is not to one of the actor's posts.

    """
    row = tx.session.get(Notification, notification_id)
    if row is None or not tx.actor.has(row.role, row.scope):
        raise NotFound
    row.read_by = sorted({*row.read_by, tx.actor.username})
    return row

"""What a step throws to other cases, written in its own transaction; ``messages`` delivers it."""

from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import select

from engine.events import EventType
from engine.history import record
from engine.identity import SYSTEM
from engine.models import Message, MessageSubscription, ProcessInstance
from engine.queue import Job
from engine.spiff.runtime import Thrown
from engine.transaction import Transaction


def throw(tx: Transaction, instance: ProcessInstance, thrown: Thrown, deployment: str) -> None:
    """Keep a message or signal until it is delivered, and enqueue its delivery."""
    message = Message(
        id=str(uuid4()),
        kind=thrown.kind,
        name=thrown.name,
        key=instance.business_key if thrown.key is None else thrown.key,
        payload=dict(thrown.payload),
        sender=instance.id,
        state="pending",
        created_at=tx.now,
        receiver="",
    )
    tx.session.add(message)
    record(
        tx,
        instance,
        EventType.message_sent,
        by=SYSTEM,
        process_key=thrown.process_key,
        element_id=thrown.element.id,
        name_fa=thrown.element.name_fa,
        name_en=thrown.element.name_en,
        data={
            "id": message.id,
            "kind": message.kind,
            "name": message.name,
            "key": message.key,
            "values": message.payload,
        },
        deployment=deployment,
    )
    tx.put(Job("message", f"message:{message.id}", {"id": message.id}))


def look_for(tx: Transaction, opened: Iterable[MessageSubscription]) -> None:
    """Enqueue the delivery of messages that were sent before their receiver waited for them."""
    wanted = {(row.name, row.key): row.id for row in opened if row.kind == "message"}
    if not wanted:
        return
    query = select(Message).where(
        Message.state == "pending",
        Message.kind == "message",
        Message.name.in_({name for name, _key in wanted}),
        Message.key.in_({key for _name, key in wanted}),
    )
    for message in tx.session.scalars(query.order_by(Message.created_at)):
        receiver = wanted.pop((message.name, message.key), None)
        if receiver is not None:
            tx.put(Job("message", f"message:{message.id}:{receiver}", {"id": message.id}))

"""Deliver the messages and signals that cases send one another (see ``outbox``)."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from engine import instances
from engine.deployments import definitions, published
from engine.events import EventType
from engine.execution import guarded
from engine.history import record
from engine.identity import SYSTEM
from engine.models import Message, MessageSubscription, ProcessInstance
from engine.queue import Job
from engine.states import InstanceState
from engine.step import locked, take_up
from engine.transaction import Engine, Transaction


def deliver(engine: Engine, message_id: str) -> bool:
    """Bring a message to the case that has waited longest, or a signal to all that wait.

    A message that nobody waits for begins the process whose start event bears its name; where
    there is none it stays pending. A signal that nobody waits for is gone (BPMN 10.5.4).
    """
    with engine.transaction() as tx:
        message = _pending(tx, message_id)
        if message is None:
            return False
        return _broadcast(tx, message) if message.kind == "signal" else _send(tx, message)


def deliver_to(engine: Engine, message_id: str, subscription_id: str) -> bool:
    """Bring a signal to one case; False when it does not wait any more."""
    with engine.transaction() as tx:
        return _hand_over(tx, tx.session.get_one(Message, message_id), subscription_id)


def _pending(tx: Transaction, message_id: str) -> Message | None:
    query = select(Message).where(Message.id == message_id, Message.state == "pending")
    return tx.session.scalars(query.with_for_update()).one_or_none()


def _send(tx: Transaction, message: Message) -> bool:
    receiver = _receiver(tx, message)
    if receiver is not None:
        return _hand_over(tx, message, receiver)
    key = next(_begun_by(tx, message), None)
    if key is None:
        return False
    started = instances.start(tx, key, message.payload)
    _close(tx, message, started.id)
    return True


def _receiver(tx: Transaction, message: Message) -> str | None:
    query = (
        select(MessageSubscription.id)
        .join(ProcessInstance, ProcessInstance.id == MessageSubscription.instance_id)
        .where(
            MessageSubscription.kind == "message",
            MessageSubscription.name == message.name,
            MessageSubscription.key == message.key,
            ProcessInstance.state == InstanceState.running,
        )
        .order_by(ProcessInstance.started_at, MessageSubscription.id)
    )
    return tx.session.scalars(query.limit(1)).first()


def _broadcast(tx: Transaction, message: Message) -> bool:
    query = select(MessageSubscription.id).where(
        MessageSubscription.kind == "signal",
        MessageSubscription.name == message.name,
        # In its own case it was heard by all who waited when it was thrown.
        MessageSubscription.instance_id != message.sender,
    )
    for row_id in tx.session.scalars(query):
        to = {"id": message.id, "to": row_id}
        tx.put(Job("signal", f"signal:{message.id}:{row_id}", to))
    for key in _begun_by(tx, message):
        instances.start(tx, key, message.payload)
    _close(tx, message, "")
    return True


def _begun_by(tx: Transaction, message: Message) -> Any:
    """Yield the processes whose latest version begins with this message or signal."""
    for definition in definitions(tx):
        start = published(tx, definition.id).bundle.diagrams[definition.key].start()
        if (start.event, start.message) == (message.kind, message.name):
            yield definition.key


def _close(tx: Transaction, message: Message, receiver: str) -> None:
    message.state, message.delivered_at, message.receiver = "delivered", tx.now, receiver


def _hand_over(tx: Transaction, message: Message, subscription_id: str) -> bool:
    """Give a message to a case; False when it has moved on before it could be locked."""
    row = tx.session.get(MessageSubscription, subscription_id)
    if row is None:
        return False
    instance = locked(tx, row.instance_id)
    row = tx.session.get(MessageSubscription, subscription_id, populate_existing=True)
    if row is None or instance.state != InstanceState.running:
        return False
    step = take_up(tx, instance)
    record(
        tx,
        instance,
        EventType.message_received,
        by=SYSTEM,
        process_key=row.process_key,
        element_id=row.element_id,
        name_fa=row.name_fa,
        name_en=row.name_en,
        task_id=row.id,
        data={"values": message.payload, "sender": message.sender},
        deployment=step.published.digest,
    )
    guarded(step, step.workflow.deliver, row.id, dict(message.payload))
    if message.kind == "message":
        _close(tx, message, instance.id)
    return True


def expire(tx: Transaction, before: datetime) -> int:
    """Give up the messages that found no receiver since an instant; return how many."""
    query = (
        update(Message)
        .where(Message.state == "pending", Message.created_at < before)
        .values(state="expired")
        .returning(Message.id)
    )
    return len(tx.session.scalars(query).all())

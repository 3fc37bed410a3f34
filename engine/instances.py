"""Start cases, look at them, send them messages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from engine.candidates import require_role, standing, subscription_standing
from engine.deployments import definitions, latest, published
from engine.errors import Forbidden, NotFound, NotWaiting
from engine.events import EventType
from engine.execution import Completion, guarded
from engine.files import require_scan
from engine.forms_of import check, form_for
from engine.history import record
from engine.identity import SYSTEM
from engine.models import MessageSubscription, ProcessDefinition, ProcessInstance, UserTask
from engine.spiff.runtime import NotReady
from engine.states import InstanceState, UserTaskState
from engine.step import begin, locked, take_up
from engine.transaction import Transaction


def _starters(definition: ProcessDefinition) -> set[str]:
    return {role.strip() for role in definition.starters.split(",") if role.strip()}


def startable(tx: Transaction) -> list[ProcessDefinition]:
    """Return the process definitions that the actor may start."""
    return [d for d in definitions(tx) if _starters(d) & tx.actor.roles]


def start(
    tx: Transaction, key: str, values: Mapping[str, Any] = MappingProxyType({})
) -> ProcessInstance:
    """Start a case of the latest version, with the values that it begins with.

    Raises:
        NotFound: for an unknown process.
        Forbidden: when the actor holds none of the starting roles.

    """
    definition = latest(tx, key)
    role = "" if tx.actor is SYSTEM else require_role(tx, _starters(definition))
    instance = ProcessInstance(
        id=str(uuid4()),
        definition_id=definition.id,
        key=key,
        state=InstanceState.running.value,
        revision=0,
        started_by=tx.actor.username,
        started_at=tx.now,
        log_length=0,
        log_head="",
        business_key="",
        subject="",
        search_key="",
        district="",
        office="",
        end_event="",
        confidential=False,
        data=dict(values),
        workflow=b"",
    )
    tx.session.add(instance)
    tx.session.flush()  # rows of its tasks and messages refer to it
    record(
        tx,
        instance,
        EventType.process_instance_started,
        role=role,
        process_key=key,
        name_fa=definition.name_fa,
        name_en=definition.name_en,
        deployment=published(tx, definition.id).digest,
    )
    step = begin(tx, instance, values)
    guarded(step, _deliver_start, step)
    return instance


def _deliver_start(step: Any) -> None:
    """Deliver the message that a start event waits for: starting the case is its arrival."""
    step.workflow.advance()
    start_event = step.published.bundle.diagrams[step.instance.key].start()
    for message in step.workflow.waiting_messages():
        if message.element.id == start_event.id:
            step.workflow.deliver(message.id, {})


def get(tx: Transaction, instance_id: str) -> ProcessInstance:
    """Return a case; whether the actor may see it is the caller's question.

    Raises:
        NotFound: when there is none.

    """
    instance = tx.session.get(ProcessInstance, instance_id)
    if instance is None:
        raise NotFound
    return instance


def tasks_of(
    tx: Transaction, instance_id: str, state: str = UserTaskState.open.value
) -> list[UserTask]:
    """Return the user tasks of a case in a state, oldest first; "" for all states."""
    query = select(UserTask).where(UserTask.instance_id == instance_id)
    if state:
        query = query.where(UserTask.state == state)
    return list(tx.session.scalars(query.order_by(UserTask.created_at, UserTask.id)))


def data_of(tx: Transaction, instance: ProcessInstance) -> dict[str, Any]:
    """Return the values of a case as they stand now."""
    query = select(ProcessInstance.data).where(ProcessInstance.id == instance.id)
    return dict(tx.session.scalar(query) or {})


def subscriptions(tx: Transaction, instance: ProcessInstance) -> list[MessageSubscription]:
    """Return the messages that the actor may send to a case."""
    query = select(MessageSubscription).where(MessageSubscription.instance_id == instance.id)
    return [
        row
        for row in tx.session.scalars(query)
        if row.kind == "message"
        and standing(tx, row.role, row.scope, instance.district) is not None
    ]


def subscription(tx: Transaction, subscription_id: str) -> MessageSubscription:
    """Return a message that a case waits for.

    Raises:
        NotWaiting: when it was sent already or its time has passed.

    """
    row = tx.session.get(MessageSubscription, subscription_id)
    if row is None:
        raise NotWaiting
    return row


def send(
    tx: Transaction, subscription_id: str, data: dict[str, Any], *, revision: int, scan: str = ""
) -> Completion:
    """Send a message with its form's values to a case that waits for it.

    Raises:
        NotWaiting, StaleRevision: when the case has moved on.
        NotCandidate: when the actor holds no post for it.
        FormInvalid, ScanMissing: when the values are not complete.

    """
    row = subscription(tx, subscription_id)
    instance = locked(tx, row.instance_id, revision)
    post = subscription_standing(tx, row, instance)
    require_scan(tx, post.on_behalf_of, scan, instance.id)
    if row.form_key:
        check(tx, form_for(tx, instance, row), data, instance)
    elif data and tx.engine.strict:
        raise Forbidden
    step = take_up(tx, instance)
    record(
        tx,
        instance,
        EventType.message_received,
        role=post.role,
        scope=post.scope,
        on_behalf_of=post.on_behalf_of,
        process_key=row.process_key,
        element_id=row.element_id,
        name_fa=row.name_fa,
        name_en=row.name_en,
        task_id=row.id,
        form_key=row.form_key,
        data={"values": data, "scan": scan},
        deployment=step.published.digest,
    )
    try:
        return guarded(step, step.workflow.deliver, subscription_id, data)
    except NotReady as error:
        raise NotWaiting from error

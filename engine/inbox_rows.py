"""Keep the inbox and the messages waited for in line with the workflow after a step."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from engine.calendar import NO_DUE, end_of_day
from engine.candidates import scope_for
from engine.deployments import published
from engine.events import EventType
from engine.functions import functions_for
from engine.history import record
from engine.identity import SYSTEM, Role
from engine.models import MessageSubscription, ProcessInstance, UserTask
from engine.outbox import look_for
from engine.spiff.runtime import OpenTask, WaitingMessage
from engine.states import UserTaskState
from engine.step import Step
from engine.transaction import Transaction
from forms.expressions import compile_expression
from forms.text import search_key

#: Role of a task that lies in no lane, as in diagrams of other makers; nobody holds it.
NOBODY = Role("", "", "")


def settle_tasks(step: Step) -> list[UserTask]:
    """Open and withdraw inbox rows so that they are the tasks that wait; return the new ones."""
    rows = {row.id: row for row in _known_open(step)}
    waiting = {task.id: task for task in step.workflow.open_tasks()}
    for task_id, row in rows.items():  # in order, so that the history tells the same each time
        if task_id not in waiting:
            _cancel(step, row)
    opened = [_row(step, task) for key, task in waiting.items() if key not in rows]
    step.tx.session.add_all(opened)
    return opened


def _known_open(step: Step) -> list[UserTask]:
    """Return the rows that were open when the step began, read once a step."""
    if step.rows is None:
        query = select(UserTask).where(
            UserTask.instance_id == step.instance.id, UserTask.state == UserTaskState.open
        )
        step.rows = list(step.tx.session.scalars(query))
    return step.rows


def _cancel(step: Step, row: UserTask) -> None:
    if row.completed_at is not None:
        return
    row.state = UserTaskState.cancelled
    row.completed_at = step.tx.now
    record_task(step.tx, step.instance, EventType.user_task_cancelled, row, by=SYSTEM)


def record_task(
    tx: Transaction, instance: ProcessInstance, kind: EventType, row: UserTask, **fields: Any
) -> None:
    """Write an event of a user task into the history."""
    record(
        tx,
        instance,
        kind,
        process_key=row.process_key,
        element_id=row.key,
        name_fa=row.name_fa,
        name_en=row.name_en,
        task_id=row.id,
        form_key=row.form_key,
        deployment=published(tx, instance.definition_id).digest,
        **fields,
    )


def _role_of(step: Step, lane: str) -> Role:
    """Return the role that a lane names; the gate lets no other lane pass."""
    return next((role for role in step.tx.engine.roles.values() if role.fa == lane), NOBODY)


def _row(step: Step, task: OpenTask) -> UserTask:
    tx, instance, element = step.tx, step.instance, task.element
    role = _role_of(step, element.lane)
    row = UserTask(
        id=task.id,
        instance_id=instance.id,
        process_key=task.process_key,
        key=element.id,
        name_fa=element.name_fa,
        name_en=element.name_en,
        form_key=element.properties.get("formKey", ""),
        role=role.key,
        scope=scope_for(role, instance),
        state=UserTaskState.open.value,
        assignee=_assignee(step, task),
        priority=int(element.properties.get("priority", "50")),
        not_completed_by=element.properties.get("notCompletedBy", ""),
        confidential=instance.confidential,
        created_at=tx.now,
        due_at=_due(step, task),
    )
    copy_facts(instance, row)
    posted = {"role": row.role, "scope": row.scope, "due_at": row.due_at.isoformat()}
    data = {"from": task.came_from, "assignee": row.assignee, **posted}
    record_task(tx, instance, EventType.user_task_opened, row, by=SYSTEM, data=data)
    return row


def copy_facts(instance: ProcessInstance, row: UserTask) -> None:
    """Copy the case's facts into an inbox row, so that the inbox reads one table."""
    row.district, row.office = instance.district, instance.office
    row.business_key, row.subject = instance.business_key, instance.subject
    words = (row.name_fa, row.name_en, instance.subject, instance.business_key)
    row.search_key = search_key(" ".join(words))[:400]


def _evaluate(step: Step, text: str, data: Mapping[str, Any]) -> Any:
    return compile_expression(text).evaluate(data, functions_for(step.tx))


def _assignee(step: Step, task: OpenTask) -> str | None:
    expression = task.element.properties.get("assignee")
    return str(_evaluate(step, expression, task.data) or "") or None if expression else None


def _due(step: Step, task: OpenTask) -> datetime:
    properties = task.element.properties
    if "dueAt" in properties:
        value = str(_evaluate(step, properties["dueAt"], task.data))
        return (
            datetime.fromisoformat(value) if "T" in value else end_of_day(date.fromisoformat(value))
        )
    if "dueIn" in properties:
        return step.tx.calendar.due(step.tx.now, int(properties["dueIn"]))
    return NO_DUE


def settle_subscriptions(step: Step) -> None:
    """Keep the rows of the messages and signals that are waited for."""
    waiting = {message.id: message for message in step.workflow.waiting_messages()}
    if gone := step.waited - waiting.keys():
        ended = delete(MessageSubscription).where(MessageSubscription.id.in_(gone))
        step.tx.session.execute(ended)
    rows = [
        _subscription(step, message) for key, message in waiting.items() if key not in step.waited
    ]
    step.tx.session.add_all(rows)
    look_for(step.tx, rows)


def _subscription(step: Step, message: WaitingMessage) -> MessageSubscription:
    element, instance = message.element, step.instance
    role = _role_of(step, element.lane)
    return MessageSubscription(
        id=message.id,
        instance_id=instance.id,
        process_key=message.process_key,
        element_id=element.id,
        kind=message.kind,
        name=message.name,
        key=instance.business_key if message.key is None else message.key,
        name_fa=element.name_fa,
        name_en=element.name_en,
        form_key=element.properties.get("formKey", ""),
        role=role.key,
        scope=scope_for(role, instance),
    )

"""Take up an instance for one step, and settle tables and workflow after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from engine.calendar import NO_DUE, end_of_day
from engine.candidates import scope_for
from engine.deployments import Published, published
from engine.errors import Invalid, NotFound, StaleRevision, StepLimit
from engine.events import EventType
from engine.functions import functions_for
from engine.history import record
from engine.identity import SYSTEM, Role
from engine.models import MessageSubscription, ProcessInstance, UserTask
from engine.service_tasks import HandlerContext
from engine.spiff.runtime import OpenTask, Passed, TooManySteps, WaitingMessage, Workflow
from engine.spiff.scripts import StepScripts
from engine.states import InstanceState, UserTaskState
from engine.transaction import Transaction
from forms.expressions import ExpressionError, compile_expression
from forms.text import search_key


@dataclass(frozen=True)
class Completion:
    """What a step led to."""

    instance_id: str
    #: The user tasks that it opened.
    opened: list[UserTask]
    ended: bool


@dataclass
class Step:
    """An instance taken up for one step."""

    tx: Transaction
    instance: ProcessInstance
    published: Published
    #: Process of the handler that runs now, for its history entries.
    process_key: str = ""
    end_event: str = ""
    #: Ids of the messages that were waited for when the step began.
    waited: frozenset[str] = frozenset()
    #: Inbox rows of the case that were open when the step began; None until they are read.
    rows: list[UserTask] | None = None
    workflow: Workflow = field(init=False)

    def scripts(self) -> StepScripts:
        """Return the script engine of this step."""
        return StepScripts(functions_for(self.tx), self._run_handler)

    def on_passed(self, passed: Passed) -> None:
        """Write into the history that a token passed an element."""
        element = passed.element
        kind = EventType.timer_fired if element.timer else EventType.element_completed
        if element.type == "endEvent" and passed.process_key == self.instance.key:
            self.end_event = element.id
        record(
            self.tx,
            self.instance,
            kind,
            by=SYSTEM,
            process_key=passed.process_key,
            element_id=element.id,
            name_fa=element.name_fa,
            name_en=element.name_en,
            task_id=passed.task_id,
            data={"from": passed.came_from, "type": element.type},
            deployment=self.published.digest,
        )

    def _run_handler(
        self, name: str, element_id: str, parameters: Mapping[str, Any], data: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        context = HandlerContext(self.tx, self.instance, data, self.instance.key, element_id)
        values = self.tx.engine.handlers[name](context, parameters) or {}
        record(
            self.tx,
            self.instance,
            EventType.service_task_completed,
            by=SYSTEM,
            element_id=element_id,
            data={"handler": name, "parameters": dict(parameters), "values": dict(values)},
            deployment=self.published.digest,
        )
        return values


def begin(tx: Transaction, instance: ProcessInstance) -> Step:
    """Make the first step of a new instance; its first elements run in ``settle``."""
    step = Step(tx, instance, published(tx, instance.definition_id))
    bundle = step.published.bundle
    step.workflow = Workflow.start(bundle, instance.key, step.scripts(), tx.now, step.on_passed)
    return step


def locked(tx: Transaction, instance_id: str, revision: int | None = None) -> ProcessInstance:
    """Lock an instance and compare its revision with the one that the page showed.

    Raises:
        NotFound: when there is no such instance.
        StaleRevision: when somebody else made a step meanwhile.

    """
    query = select(ProcessInstance).where(ProcessInstance.id == instance_id).with_for_update()
    loading = undefer(ProcessInstance.workflow), undefer(ProcessInstance.data)
    query = query.options(*loading).execution_options(populate_existing=True)
    instance = tx.session.scalars(query).one_or_none()
    if instance is None:
        raise NotFound
    if revision is not None and instance.revision != revision:
        raise StaleRevision
    return instance


def take_up(tx: Transaction, instance: ProcessInstance) -> Step:
    """Load the workflow of a locked, running instance."""
    if instance.state != InstanceState.running:
        raise StaleRevision
    step = Step(tx, instance, published(tx, instance.definition_id))
    bundle, scripts = step.published.bundle, step.scripts()
    step.workflow = Workflow.load(instance.workflow, bundle, scripts, tx.now, step.on_passed)
    step.waited = frozenset(message.id for message in step.workflow.waiting_messages())
    return step


def settle(step: Step) -> Completion:
    """Advance to rest and write what has changed: inbox, messages, state, history."""
    step.workflow.advance()
    opened = _settle_tasks(step)
    _settle_subscriptions(step)
    instance, workflow = step.instance, step.workflow
    instance.revision = (instance.revision or 0) + 1
    instance.next_due_at = workflow.next_due()
    instance.data = workflow.values()
    if workflow.completed:
        _end(step)
    instance.workflow = workflow.dump()
    return Completion(instance.id, opened, ended=instance.state == InstanceState.completed)


def guarded(step: Step, act: Any, *arguments: Any) -> Completion:
    """Do one act of a workflow and settle; translate what the diagram cannot do.

    Raises:
        StepLimit: when the diagram runs on for too long.
        Invalid: when an expression of the diagram cannot be computed.

    """
    try:
        act(*arguments)
        return settle(step)
    except TooManySteps as error:
        raise StepLimit from error
    except ExpressionError as error:
        raise Invalid(error.message_fa, error.message_en) from error


def _end(step: Step) -> None:
    instance = step.instance
    instance.state = InstanceState.completed
    instance.ended_at = step.tx.now
    instance.end_event = step.end_event
    diagram = step.published.bundle.diagrams[instance.key]
    element = diagram.elements.get(step.end_event)
    record(
        step.tx,
        instance,
        EventType.process_instance_completed,
        by=SYSTEM,
        process_key=instance.key,
        element_id=step.end_event,
        name_fa=element.name_fa if element else "",
        name_en=element.name_en if element else "",
        data={"end_event": step.end_event},
        deployment=step.published.digest,
    )


def _settle_tasks(step: Step) -> list[UserTask]:
    rows = {row.id: row for row in _known_open(step)}
    waiting = {task.id: task for task in step.workflow.open_tasks()}
    for task_id in rows.keys() - waiting.keys():
        _cancel(step, rows[task_id])
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
    return next(role for role in step.tx.engine.roles.values() if role.fa == lane)


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


def _settle_subscriptions(step: Step) -> None:
    waiting = {message.id: message for message in step.workflow.waiting_messages()}
    if gone := step.waited - waiting.keys():
        ended = delete(MessageSubscription).where(MessageSubscription.id.in_(gone))
        step.tx.session.execute(ended)
    rows = [
        _subscription(step, message) for key, message in waiting.items() if key not in step.waited
    ]
    step.tx.session.add_all(rows)


def _subscription(step: Step, message: WaitingMessage) -> MessageSubscription:
    element, instance = message.element, step.instance
    role = _role_of(step, element.lane)
    return MessageSubscription(
        id=message.id,
        instance_id=instance.id,
        process_key=message.process_key,
        element_id=element.id,
        name=message.name,
        name_fa=element.name_fa,
        name_en=element.name_en,
        form_key=element.properties.get("formKey", ""),
        role=role.key,
        scope=scope_for(role, instance),
    )

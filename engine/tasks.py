"""The verbs on a user task: claim, unclaim, assign, draft, complete."""

from typing import Any

from sqlalchemy import bindparam, delete, select

from engine.candidates import Standing, standing, task_standing
from engine.errors import (
    AlreadyClaimed,
    Forbidden,
    FourEyes,
    NotFound,
    StaleRevision,
    TaskClosed,
)
from engine.events import EventType
from engine.execution import Completion, guarded
from engine.files import require_scan
from engine.forms_of import check, form_for
from engine.identity import actor_by_name, holders
from engine.inbox_rows import record_task
from engine.models import Draft, ProcessInstance, User, UserTask
from engine.spiff.runtime import NotReady
from engine.states import UserTaskState
from engine.step import Step, locked, take_up
from engine.transaction import Transaction

# Statements of every step are made once: to make one takes longer than to run it.
_WITH_CASE = (
    select(UserTask, ProcessInstance)
    .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    .where(UserTask.id == bindparam("task"))
)
_OF_CASE = select(UserTask.instance_id).where(UserTask.id == bindparam("task")).scalar_subquery()
_SIBLINGS = select(UserTask).where(
    UserTask.instance_id == _OF_CASE, UserTask.state == UserTaskState.open
)
#: What colleagues had typed stays: their page of the closed task shows it to them.
_DROP_DRAFT = delete(Draft.__table__).where(  # type: ignore[arg-type]
    Draft.task_id == bindparam("task"), Draft.username == bindparam("by")
)


def get(tx: Transaction, task_id: str) -> UserTask:
    """Return a user task that is routed to the actor, open or not.

    Raises:
        NotFound: when there is none.
        NotCandidate: when the actor's posts do not cover it.

    """
    task = tx.session.get(UserTask, task_id)
    if task is None:
        raise NotFound
    task_standing(tx, task)
    return task


def with_case(tx: Transaction, task_id: str) -> tuple[UserTask, ProcessInstance]:
    """Return a user task as ``get`` does, and its case, in one statement."""
    row = tx.session.execute(_WITH_CASE, {"task": task_id}).one_or_none()
    if row is None:
        raise NotFound
    task, instance = row
    task_standing(tx, task)
    return task, instance


def _open(tx: Transaction, task_id: str) -> tuple[UserTask, ProcessInstance, Standing]:
    """Lock the case of a task that the actor may do and that is still open."""
    task = tx.session.get(UserTask, task_id)
    if task is None:
        raise NotFound
    instance = locked(tx, task.instance_id)
    tx.session.refresh(task)
    post = task_standing(tx, task)
    if task.state != UserTaskState.open:
        raise TaskClosed
    return task, instance, post


def _held_by_other(tx: Transaction, task: UserTask) -> bool:
    return task.assignee is not None and task.assignee != tx.actor.username


def _record(
    tx: Transaction,
    instance: ProcessInstance,
    kind: EventType,
    task: UserTask,
    post: Standing,
    data: dict[str, Any] | None = None,
) -> None:
    record_task(
        tx,
        instance,
        kind,
        task,
        role=post.role,
        scope=post.scope,
        on_behalf_of=post.on_behalf_of,
        data=data or {},
    )


def claim(tx: Transaction, task_id: str) -> UserTask:
    """Take a task into one's hands.

    Raises:
        AlreadyClaimed: when a colleague holds it.

    """
    task, instance, post = _open(tx, task_id)
    if _held_by_other(tx, task):
        raise AlreadyClaimed
    if task.assignee is None:
        task.assignee = tx.actor.username
        _record(tx, instance, EventType.user_task_claimed, task, post)
    return task


def unclaim(tx: Transaction, task_id: str) -> UserTask:
    """Put a task back for the colleagues of the same post."""
    task, instance, post = _open(tx, task_id)
    if _held_by_other(tx, task):
        raise AlreadyClaimed
    if task.assignee is not None:
        task.assignee = None
        _record(tx, instance, EventType.user_task_unclaimed, task, post)
    return task


def assignable(tx: Transaction, task: UserTask) -> list[User]:
    """Return the people to whom a task may be handed: the holders of its post."""
    return holders(tx, task.role, task.scope)


def may_assign(tx: Transaction, task: UserTask) -> bool:
    """Tell whether the actor may hand the task on: a holder of its post or of the one above."""
    if tx.actor.has(task.role, task.scope):
        return True
    role = tx.engine.roles[task.role]
    above = tx.engine.roles.get(role.supervisor)
    return above is not None and tx.actor.has(
        above.key, task.district if above.scope == "district" else ""
    )


def assign(tx: Transaction, task_id: str, username: str) -> UserTask:
    """Hand a task to a person who holds its post.

    Raises:
        Forbidden: when the actor may not, or the person does not hold the post.
        AlreadyClaimed: when a colleague of the same rank holds it.

    """
    task = tx.session.get(UserTask, task_id)
    if task is None:
        raise NotFound
    instance = locked(tx, task.instance_id)
    tx.session.refresh(task)
    if task.state != UserTaskState.open:
        raise TaskClosed
    person = actor_by_name(tx, username)
    if not may_assign(tx, task) or person is None or not person.has(task.role, task.scope):
        raise Forbidden
    if _held_by_other(tx, task) and tx.actor.has(task.role, task.scope):
        raise AlreadyClaimed
    post = standing(tx, task.role, task.scope, task.district) or _supervising(tx, task)
    data = {"from": task.assignee, "to": username, "to_fa": person.name_fa, "to_en": person.name_en}
    task.assignee = username
    _record(tx, instance, EventType.user_task_assigned, task, post, data)
    return task


def _supervising(tx: Transaction, task: UserTask) -> Standing:
    above = tx.engine.roles[tx.engine.roles[task.role].supervisor]
    return Standing(above.key, task.district if above.scope == "district" else "")


def save_draft(tx: Transaction, task_id: str, data: dict[str, Any]) -> Draft:
    """Keep what the actor has typed so far; it is nobody else's to see."""
    task = get(tx, task_id)
    if task.state != UserTaskState.open:
        raise TaskClosed
    row = draft(tx, task_id)
    if row is None:
        row = Draft(task_id=task_id, username=tx.actor.username, data=data, saved_at=tx.now)
        tx.session.add(row)
    row.data, row.saved_at = data, tx.now
    return row


def draft(tx: Transaction, task_id: str) -> Draft | None:
    """Return what the actor had typed before."""
    return tx.session.get(Draft, (task_id, tx.actor.username))


def _check_four_eyes(tx: Transaction, task: UserTask) -> None:
    if not task.not_completed_by:
        return
    query = select(UserTask.completed_by).where(
        UserTask.instance_id == task.instance_id,
        UserTask.key == task.not_completed_by,
        UserTask.state == UserTaskState.completed,
    )
    if tx.actor.username in set(tx.session.scalars(query)):
        raise FourEyes


def complete(
    tx: Transaction, task_id: str, data: dict[str, Any], *, revision: int, scan: str = ""
) -> Completion:
    """Submit a task's form; the case goes on in the same transaction.

    Args:
        tx: The step.
        task_id: Id of the user task.
        data: The form's values as decoded; undeclared names are refused.
        revision: Revision of the case that the page showed.
        scan: Id of the stored scan, needed to record an office's step on its behalf.

    Raises:
        NotFound, NotCandidate, FourEyes: when it is not the actor's to do.
        TaskClosed, AlreadyClaimed, StaleRevision: when the world moved on.
        FormInvalid, ScanMissing: when the values are not complete.

    """
    rows = _with_siblings(tx, task_id)
    task = rows[task_id]
    instance = locked(tx, task.instance_id)
    post = task_standing(tx, task)
    if task.state != UserTaskState.open:
        raise TaskClosed
    if _held_by_other(tx, task):
        raise AlreadyClaimed
    if instance.revision != revision:
        raise StaleRevision
    _check_four_eyes(tx, task)
    require_scan(tx, post.on_behalf_of, scan, instance.id)
    check(tx, form_for(tx, instance, task), data, instance)
    step = take_up(tx, instance)
    step.rows = list(rows.values())
    return _complete(step, task, post, data, scan)


def _with_siblings(tx: Transaction, task_id: str) -> dict[str, UserTask]:
    """Return a task and the open tasks of its case by id, in one statement.

    They are read before the case is locked; a step in between changes the revision, and the
    comparison after the lock refuses.
    """
    rows = {row.id: row for row in tx.session.scalars(_SIBLINGS, {"task": task_id})}
    if task_id not in rows:  # closed: the caller says so, with the right words
        task = tx.session.get(UserTask, task_id)
        if task is None:
            raise NotFound
        rows[task_id] = task
    return rows


def _complete(
    step: Step, task: UserTask, post: Standing, data: dict[str, Any], scan: str
) -> Completion:
    tx, instance = step.tx, step.instance
    task.state = UserTaskState.completed.value
    task.completed_at, task.completed_by = tx.now, tx.actor.username
    task.on_behalf_of, task.outcome = post.on_behalf_of, str(data.get("outcome", ""))[:40]
    tx.session.connection().execute(_DROP_DRAFT, {"task": task.id, "by": tx.actor.username})
    values = {"values": data, "scan": scan} if scan else {"values": data}
    _record(tx, instance, EventType.user_task_completed, task, post, values)
    try:
        return guarded(step, step.workflow.complete, task.id, data)
    except NotReady as error:
        raise TaskClosed from error

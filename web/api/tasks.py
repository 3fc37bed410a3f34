"""User tasks: the inbox, one task with its form, and the verbs on it."""

from collections.abc import Callable
from typing import Any

from werkzeug.datastructures import FileStorage

from engine import candidates, inbox, instances, tasks
from engine.calendar import NO_DUE
from engine.errors import TaskClosed
from engine.forms_of import form_for
from engine.inbox import InboxFilter
from engine.models import ProcessInstance, UserTask
from engine.states import UserTaskState
from engine.tokens import Scope
from engine.transaction import Transaction
from web.api.components import fields
from web.api.contract import endpoint
from web.api.files import attach
from web.api.schemas import KEY, a, closed, one_of, page, text
from web.api.submission import BODY, form_of, received
from web.form_views import blank
from web.inbox import LATENESS, VIEWS
from web.pages import reading, step

#: Where the next page begins: deadline and id of the last task of the page before.
_CURSOR = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z~[0-9a-f-]{36}$",
}


def task_fields(row: UserTask, schema: str = "Task", **more: Any) -> dict[str, Any]:
    """Return a task as the API gives it; without a deadline ``due_at`` is null."""
    due_at = row.due_at if row.due_at < NO_DUE else None
    return fields(row, schema, due_at=due_at, **more)


@endpoint(
    "GET",
    "/tasks",
    fa="کارهای باز کارتابل، نزدیک‌ترین مهلت نخست",
    en="The open tasks of the inbox, the earliest deadline first",
    scope=Scope.read,
    query={
        "view": one_of(*VIEWS, default="all"),
        "process": KEY,
        "district": text(40),
        "lateness": one_of(*LATENESS, default=""),
        "q": text(100),
        "after": _CURSOR,
        "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 25},
    },
    answer=page("Task"),
)
def index(*, q: str | None, **wanted: Any) -> dict[str, Any]:
    """List what the inbox shows."""
    after = (wanted.pop("after") or "").replace("Z~", "+00:00~")
    given = {name: value for name, value in wanted.items() if value is not None}
    with reading() as tx:
        found = inbox.page(tx, InboxFilter(text=q or "", after=after, **given))
        following = found.next.replace("+00:00~", "Z~") or None
        return {"items": [task_fields(row) for row in found.rows], "next": following}


@endpoint(
    "GET",
    "/tasks/{task_id}",
    fa="یک کار با فرم، پیش‌نویس و کسانی که می‌توان به آن‌ها سپرد",
    en="One task with its form, the draft, and the people to whom it may be handed",
    scope=Scope.read,
    answer=a("TaskDetail"),
)
def show(task_id: str) -> dict[str, Any]:
    """Tell all that is needed to do a task."""
    with reading() as tx:
        task = tasks.get(tx, task_id)
        return _detail(tx, task, instances.get(tx, task.instance_id))


def _detail(tx: Transaction, task: UserTask, instance: ProcessInstance) -> dict[str, Any]:
    form = form_for(tx, instance, task)
    draft = tasks.draft(tx, task.id)
    is_open = task.state == UserTaskState.open
    people = tasks.assignable(tx, task) if is_open and tasks.may_assign(tx, task) else []
    return task_fields(
        task,
        "TaskDetail",
        revision=instance.revision,
        on_behalf_of=candidates.task_standing(tx, task).on_behalf_of,
        form=form_of(tx, form, instance),
        values=draft.data if draft else blank(tx, form, instance),
        draft_saved_at=draft.saved_at if draft else None,
        assignable=[
            {"username": user.username, "name_fa": user.name_fa, "name_en": user.name_en}
            for user in people
        ],
    )


def _act(verb: Callable[..., UserTask], task_id: str, *arguments: str) -> dict[str, Any]:
    with step() as tx:
        return task_fields(verb(tx, task_id, *arguments))


@endpoint(
    "POST",
    "/tasks/{task_id}/claim",
    fa="برداشتن کار",
    en="Take a task into one's hands",
    scope=Scope.work,
    answer=a("Task"),
)
def claim(task_id: str) -> dict[str, Any]:
    """Claim a task."""
    return _act(tasks.claim, task_id)


@endpoint(
    "POST",
    "/tasks/{task_id}/unclaim",
    fa="رها کردن کار",
    en="Put a task back for the colleagues of the same post",
    scope=Scope.work,
    answer=a("Task"),
)
def unclaim(task_id: str) -> dict[str, Any]:
    """Release a task."""
    return _act(tasks.unclaim, task_id)


@endpoint(
    "POST",
    "/tasks/{task_id}/assign",
    fa="سپردن کار به کسی که همان سمت را دارد",
    en="Hand a task to a person who holds its post",
    scope=Scope.work,
    body=closed({"username": text(80, 1)}),
    answer=a("Task"),
)
def assign(task_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Hand a task over."""
    return _act(tasks.assign, task_id, body["username"])


@endpoint(
    "POST",
    "/tasks/{task_id}/complete",
    fa="انجام کار با مقدارهای فرم و همان شمارهٔ بازنگری که کار نشان داد",
    en="Complete a task with its form's values, at the revision that the task showed",
    scope=Scope.work,
    body=BODY,
    answer=a("StepResult"),
)
def complete(task_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Submit a task's form."""
    with step() as tx:
        task = tasks.get(tx, task_id)
        form = form_for(tx, instances.get(tx, task.instance_id), task)
        values, scan = received(form, body["values"]), body.get("scan", "")
        done = tasks.complete(tx, task_id, values, revision=body["revision"], scan=scan)
        return step_result(tx, done.instance_id, done.opened)


def step_result(tx: Transaction, instance_id: str, opened: list[UserTask]) -> dict[str, Any]:
    """Tell where a case stands after a step, with those new tasks that the actor may do."""
    instance = instances.get(tx, instance_id)
    mine = [
        task
        for task in opened
        if candidates.standing(tx, task.role, task.scope, task.district) is not None
    ]
    return {
        "instance_id": instance.id,
        "state": instance.state,
        "revision": instance.revision,
        "opened": [task_fields(task) for task in mine],
    }


@endpoint(
    "POST",
    "/tasks/{task_id}/files",
    fa="فرستادن یک پرونده برای فرم یک کار؛ شناسه‌اش مقدار فیلد می‌شود",
    en="Send a file for a task's form; its id becomes the field's value",
    scope=Scope.work,
    upload=("file", 1),
    status=201,
    answer=a("StoredFile"),
)
def upload(task_id: str, uploads: list[FileStorage]) -> dict[str, Any]:
    """Attach a file to an open task."""
    with step() as tx:
        task = tasks.get(tx, task_id)
        if task.state != UserTaskState.open:
            raise TaskClosed
        return attach(tx, task, uploads[0])

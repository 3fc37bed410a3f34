"""One user task: its page, and the verbs on it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import candidates, tasks
from engine.errors import Conflict, FormInvalid, Refusal, ScanMissing, TaskClosed
from engine.execution import Completion
from engine.forms_of import form_for
from engine.models import ProcessInstance, UserTask
from engine.states import UserTaskState
from engine.transaction import Transaction
from forms.validation import FieldError, shown
from web.access import SIGNED_IN, allow, local_path
from web.case_views import overview
from web.due import due
from web.form_views import Reader, attached, blank, editable
from web.i18n import _, language
from web.pages import reading, show, step
from web.submission import ADD_ROW, REMOVE_ROW, SAVE_DRAFT, SCAN, Submission, has_uploads, receive

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")


@blueprint.get("/<task_id>")
@allow(SIGNED_IN)
def view(task_id: str) -> ResponseReturnValue:
    """Show a task with its form, its case, the history and the diagram."""
    with reading() as tx:
        task, instance = tasks.with_case(tx, task_id)
        kept = tasks.draft(tx, task_id)
        data = kept.data if kept else blank(tx, form_for(tx, instance, task), instance)
        return _page(tx, task, instance, data, draft=kept)


def _page(
    tx: Transaction,
    task: UserTask,
    instance: ProcessInstance,
    data: Mapping[str, Any],
    status: int = 200,
    **more: Any,
) -> ResponseReturnValue:
    form = form_for(tx, instance, task)
    is_open = task.state == UserTaskState.open
    errors = more.pop("errors", ())
    return show(
        tx,
        "tasks/show.html" if is_open else "tasks/closed.html",
        status,
        task=task,
        form=form,
        deadline=due(tx, task.due_at),
        post_held=candidates.task_standing(tx, task),
        colleagues=tasks.assignable(tx, task) if is_open and tasks.may_assign(tx, task) else [],
        view=editable(tx, form, instance, data, errors),
        typed=Reader(tx, instance).facts(form, data) if not is_open else [],
        **overview(tx, instance),
        **more,
    )


@blueprint.post("/<task_id>")
@allow(SIGNED_IN)
def submit(task_id: str) -> ResponseReturnValue:
    """Complete the task, keep a draft, or add and remove rows."""
    task, sent = _receive(task_id)
    if SAVE_DRAFT in request.form and not sent.errors:
        return _save_draft(task_id, sent)
    if ADD_ROW in request.form or REMOVE_ROW in request.form or sent.errors:
        return _again(task_id, sent, 422 if sent.errors else 200, errors=sent.errors)
    return _complete(task, sent)


def _save_draft(task_id: str, sent: Submission) -> ResponseReturnValue:
    try:
        with step() as tx:
            tasks.save_draft(tx, task_id, sent.data)
    except Conflict as refusal:
        return _again(task_id, sent, refusal.status, refusal)
    flash(_("The draft is kept; only you see it."), "success")
    return redirect(url_for("tasks.view", task_id=task_id), 303)


def _receive(task_id: str) -> tuple[UserTask, Submission]:
    """Read what came; only uploads need a transaction of their own, so that none is lost."""
    with (step if has_uploads() else reading)() as tx:
        task, instance = tasks.with_case(tx, task_id)
        return task, receive(tx, form_for(tx, instance, task), instance, task.id)


def _complete(task: UserTask, sent: Submission) -> ResponseReturnValue:
    try:
        with step() as tx:
            values = shown(sent.form, sent.data)
            done = tasks.complete(tx, task.id, values, revision=sent.revision, scan=sent.scan)
            after = _next_of_mine(tx, done)
    except FormInvalid as refusal:
        return _again(task.id, sent, 422, refusal, errors=refusal.errors)
    except ScanMissing as refusal:
        point = FieldError(SCAN, refusal.message_fa, refusal.message_en)
        return _again(task.id, sent, 422, refusal, errors=[point])
    except Refusal as refusal:
        return _again(task.id, sent, refusal.status, refusal)
    flash(_("“%(name)s” is done.", name=_name(task)), "success")
    return redirect(after, 303)


def _name(task: UserTask) -> str:
    return task.name_fa if language() == "fa" else task.name_en


def _next_of_mine(tx: Transaction, done: Completion) -> str:
    """Return the case's next task where it is the same person's, else the inbox."""
    for task in done.opened:
        if tx.actor.has(task.role, task.scope) and task.assignee in (None, tx.actor.username):
            return url_for("tasks.view", task_id=task.id)
    return url_for("inbox.index")


def _again(
    task_id: str, sent: Submission, status: int, refusal: Refusal | None = None, **more: Any
) -> ResponseReturnValue:
    """Show the form with everything that was typed, and why it was not taken."""
    with reading() as tx:
        task, instance = tasks.with_case(tx, task_id)
        if task.state != UserTaskState.open and refusal is None:  # only rows were to change
            refusal, status = TaskClosed(), TaskClosed.status
        message = refusal.message(language()) if refusal else ""
        scan = attached(tx, instance, [sent.scan]).get(sent.scan)
        return _page(tx, task, instance, sent.data, status, refusal=message, scan=scan, **more)


@blueprint.post("/<task_id>/draft")
@allow(SIGNED_IN)
def keep_draft(task_id: str) -> ResponseReturnValue:
    """Keep what was typed so far; the page sends it by itself."""
    _task, sent = _receive(task_id)
    with step() as tx:
        tasks.save_draft(tx, task_id, sent.data)
    return "", 204


def _act(verb: Callable[..., Any], task_id: str, said: str, *args: str) -> ResponseReturnValue:
    try:
        with step() as tx:
            verb(tx, task_id, *args)
    except Conflict as refusal:
        flash(refusal.message(language()), "warning")
    else:
        flash(said, "success")
    target = request.form.get("next", "")
    return redirect(local_path(target) if target else url_for("tasks.view", task_id=task_id), 303)


@blueprint.post("/<task_id>/claim")
@allow(SIGNED_IN)
def claim(task_id: str) -> ResponseReturnValue:
    """Take the task into one's hands."""
    return _act(tasks.claim, task_id, _("The task is in your hands now."))


@blueprint.post("/<task_id>/unclaim")
@allow(SIGNED_IN)
def unclaim(task_id: str) -> ResponseReturnValue:
    """Put the task back."""
    return _act(tasks.unclaim, task_id, _("The task is free for your colleagues again."))


@blueprint.post("/<task_id>/assign")
@allow(SIGNED_IN)
def assign(task_id: str) -> ResponseReturnValue:
    """Hand the task to a colleague of the same post."""
    username = request.form.get("username", "")
    return _act(tasks.assign, task_id, _("The task was handed over."), username)

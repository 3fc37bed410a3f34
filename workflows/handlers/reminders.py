"""Handlers of the reminder and escalation timers."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from engine.calendar import NO_DUE, local_date
from engine.candidates import scope_for
from engine.models import UserTask
from engine.notifications import send
from engine.service_tasks import HandlerContext
from engine.states import UserTaskState
from forms.jalali import format_jalali
from forms.text import to_persian_digits
from workflows.roles import ROLES

Parameters = Mapping[str, Any]


def remind(context: HandlerContext, parameters: Parameters) -> None:
    """Remind the post that holds an open step; of an office also who may record it for it."""
    for task in _open(context, str(parameters["task"])):
        words = {
            "text_fa": f"یادآوری: «{task.name_fa}» {_case_fa(task)} هنوز انجام نشده است.",
            "text_en": f"Reminder: “{task.name_en}” {_case_en(task)} is not done yet.",
        }
        for role, scope in _posts(context, task):
            _tell(context, task, "reminder", role, scope, words)


def escalate(context: HandlerContext, parameters: Parameters) -> None:
    """Tell the post above that a step is late."""
    for task in _open(context, str(parameters["task"])):
        role = str(parameters.get("to") or ROLES[task.role].supervisor)
        title = ROLES[task.role]
        words = {
            "text_fa": f"تأخیر: «{task.name_fa}» {_case_fa(task)} نزد {title.fa} مانده است.",
            "text_en": f"Late: “{task.name_en}” {_case_en(task)} is still with: {title.en}.",
        }
        scope = scope_for(ROLES[role], context.instance)
        _tell(context, task, "escalation", role, scope, words)


def _open(context: HandlerContext, key: str) -> list[UserTask]:
    query = select(UserTask).where(
        UserTask.instance_id == context.instance.id,
        UserTask.state == UserTaskState.open.value,
        UserTask.key == key,
    )
    return list(context.tx.session.scalars(query))


def _posts(context: HandlerContext, task: UserTask) -> Iterator[tuple[str, str]]:
    role = ROLES[task.role]
    if role.login:
        yield task.role, task.scope
    if role.represented_by:
        proxy = role.represented_by[0]
        yield proxy, scope_for(ROLES[proxy], context.instance)


def _tell(
    context: HandlerContext,
    task: UserTask,
    kind: str,
    role: str,
    scope: str,
    words: Mapping[str, str],
) -> None:
    deadline_fa = deadline_en = ""
    if task.due_at.year < NO_DUE.year:
        day = local_date(task.due_at)
        deadline_fa = f" مهلت آن {format_jalali(day, 'fa')} است."
        deadline_en = f" It is due on {format_jalali(day, 'en')}."
    send(
        context.tx,
        context.instance,
        role=role,
        scope=scope,
        kind=kind,
        text_fa=words["text_fa"] + deadline_fa,
        text_en=words["text_en"] + deadline_en,
        task_id=task.id,
    )


def _case_fa(task: UserTask) -> str:
    return f"برای دفتر «{task.subject}» ({to_persian_digits(task.business_key)})"


def _case_en(task: UserTask) -> str:
    return f"for office “{task.subject}” ({task.business_key})"

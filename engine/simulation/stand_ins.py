"""Stand in for handlers: those that no installation registered, and those with effects outside."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import func, select

from engine.events import EventType
from engine.models import EventLogEntry
from engine.service_tasks import Handler, HandlerContext, Inside, Outside
from engine.simulation.answers import Answers
from engine.spiff.elements import Diagram


def stand_ins(
    registered: Mapping[str, Handler], scopes: Iterable[Diagram], answers: Answers
) -> dict[str, Handler]:
    """Return the handlers of a simulation.

    A handler that is not registered is simulated where every service task that names it has an
    answer. A simulation writes no letters: what has effects outside only brings its answer.
    """
    handlers: dict[str, Handler] = {
        name: _answering(answers) if isinstance(handler, Outside) else handler
        for name, handler in registered.items()
    }
    named: dict[str, list[str]] = {}
    for scope in scopes:
        for element in scope.elements.values():
            if element.type == "serviceTask":
                named.setdefault(element.handler, []).append(element.id)
    for name, element_ids in named.items():
        if name not in handlers and all(map(answers.has, element_ids)):
            handlers[name] = _answering(answers)
    return handlers


def _answering(answers: Answers) -> Inside:
    def answer(context: HandlerContext, _parameters: Mapping[str, Any]) -> dict[str, Any]:
        return answers.result(context.element_id, _earlier(context))

    return answer


def _earlier(context: HandlerContext) -> int:
    """Count how often a service task was done before in its case, in this step as well."""
    kind, stream = EventType.service_task_completed.value, context.instance.id
    query = select(func.count()).where(
        EventLogEntry.stream == stream,
        EventLogEntry.type == kind,
        EventLogEntry.element_id == context.element_id,
    )
    before = context.tx.session.scalar(query) or 0
    now = [row for _instance, row in context.tx.log if row["stream"] == stream]
    return before + sum((r["type"], r["element_id"]) == (kind, context.element_id) for r in now)

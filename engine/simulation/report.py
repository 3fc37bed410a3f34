"""What a simulation tells: verdict, trace, what is open, what is waited for, values, problems."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from engine.lint import Problem
from engine.models import UserTask
from engine.simulation.case import Passage, SimulatedCase
from engine.spiff.elements import Element
from engine.spiff.parser import Bundle
from engine.spiff.runtime import Workflow

#: Entries of a trace that are told; a run that goes in circles repeats itself.
MOST_ENTRIES = 20_000


def blank(verdict: str, problems: Iterable[Problem]) -> dict[str, Any]:
    """Return the report of a simulation that did not begin."""
    return {
        "verdict": verdict,
        "trace": [],
        "open_tasks": [],
        "waiting_for": {"timers": [], "messages": [], "signals": []},
        "data": {},
        "problems": [problem.as_dict() for problem in problems],
    }


def report(
    verdict: str,
    problems: Iterable[Problem],
    case: SimulatedCase,
    bundle: Bundle,
    workflows: Iterable[Workflow],
) -> dict[str, Any]:
    """Return what became of a case; ``workflows`` are those whose timers are told."""
    told = blank(verdict, problems)
    told["trace"] = [
        _entry(number, passage, bundle)
        for number, passage in enumerate(case.passages[:MOST_ENTRIES], start=1)
    ]
    told["open_tasks"] = [_task(task, bundle) for task in case.standing.tasks]
    told["waiting_for"] = _waiting(case, workflows)
    told["data"] = case.standing.data
    return told


def element_of(bundle: Bundle, process_key: str, element_id: str) -> Element | None:
    """Return an element by id; the process is "" where the log does not say it."""
    for scope in bundle.scopes.values():
        if element_id in scope.elements and process_key in {"", scope.process_key}:
            return scope.elements[element_id]
    return None


def _entry(number: int, passage: Passage, bundle: Bundle) -> dict[str, Any]:
    element = element_of(bundle, passage.process_key, passage.element_id)
    return {
        "seq": number,
        "event": passage.event,
        "element_id": passage.element_id,
        "element_type": element.type if element else "",
        "name": passage.name or (element.name_fa if element else ""),
        "at": _shown(passage.at),
    }


def _shown(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _task(task: UserTask, bundle: Bundle) -> dict[str, str]:
    element = element_of(bundle, task.process_key, task.key)
    lane = element.lane if element else ""
    return {"id": task.key, "name": task.name_fa, "lane": lane, "form": task.form_key}


def _waiting(
    case: SimulatedCase, workflows: Iterable[Workflow]
) -> Mapping[str, list[dict[str, str]]]:
    timers = sorted(
        (_shown(timer.due), timer.element.id, timer.element.name_fa)
        for workflow in workflows
        for timer in workflow.timers()
    )
    rows = case.standing.subscriptions
    return {
        "timers": [{"id": id_, "name": name, "due": due} for due, id_, name in timers],
        **{
            f"{kind}s": [{"id": r.element_id, "name": r.name} for r in rows if r.kind == kind]
            for kind in ("message", "signal")
        },
    }

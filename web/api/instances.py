"""Cases: find, start, look at, their history and open tasks."""

from typing import Any

from engine import history, instances
from engine.deployments import published
from engine.events import EventType
from engine.models import EventLogEntry, ProcessDefinition, ProcessInstance
from engine.states import InstanceState
from engine.tokens import Scope
from engine.transaction import Transaction
from web.api.caller import speech
from web.api.components import fields
from web.api.contract import endpoint
from web.api.schemas import KEY, MOST, UUID, a, closed, listed, one_of, page, text
from web.api.tasks import step_result, task_fields
from web.case_views import Moment, open_tasks, timeline
from web.pages import reading, step
from workflows import cases
from workflows.access import may_see_form
from workflows.cases import CaseFilter

_SUBMITTED = (EventType.user_task_completed, EventType.message_received)
_LIMIT = {"type": "integer", "minimum": 1, "maximum": 100, "default": 25}


@endpoint(
    "GET",
    "/instances",
    fa="پرونده‌هایی که شخص می‌بیند، تازه‌ترین نخست",
    en="The cases that the person may see, the newest first",
    scope=Scope.read,
    query={
        "q": text(100),
        "process": KEY,
        "district": text(40),
        "state": one_of(*InstanceState),
        "after": UUID,
        "limit": _LIMIT,
    },
    answer=page("Instance"),
)
def index(*, q: str | None, limit: int, **wanted: str | None) -> dict[str, Any]:
    """List cases."""
    given = {name: value for name, value in wanted.items() if value is not None}
    with reading() as tx:
        found = cases.search(tx, CaseFilter(text=q or "", limit=limit, **given))
        items = [fields(row, "Instance") for row in found.rows]
        return {"items": items, "next": found.next or None}


@endpoint(
    "POST",
    "/instances",
    fa="آغاز یک پرونده",
    en="Start a case",
    scope=Scope.start,
    body=closed({"key": KEY}),
    status=201,
    answer=a("StepResult"),
)
def start(body: dict[str, Any]) -> dict[str, Any]:
    """Start a case of the latest version of a process."""
    with step() as tx:
        instance = instances.start(tx, body["key"])
        tx.session.flush()  # its first tasks are read from the inbox
        return step_result(tx, instance.id, instances.tasks_of(tx, instance.id))


@endpoint(
    "GET",
    "/instances/{instance_id}",
    fa="یک پرونده با مقدارهایی که شخص می‌بیند",
    en="One case with the values that the person may see",
    scope=Scope.read,
    answer=a("InstanceDetail"),
)
def show(instance_id: str) -> dict[str, Any]:
    """Tell about one case."""
    with reading() as tx:
        instance = cases.get(tx, instance_id)
        definition = tx.session.get_one(ProcessDefinition, instance.definition_id)
        return fields(
            instance,
            "InstanceDetail",
            definition={
                "id": definition.id,
                "key": definition.key,
                "version": definition.version,
                "document": published(tx, definition.id).document,
            },
            processes=list(cases.visible_processes(tx, instance)),
            values=_values(tx, instance),
        )


def _values(tx: Transaction, instance: ProcessInstance) -> dict[str, Any]:
    """Return each field's last submission, unless it was made in a form that is not shown."""
    last: dict[str, Any] = {}
    for entry in history.entries(tx, instance.id):
        if entry.type in _SUBMITTED:
            submitted = entry.data.get("values") or {}
            last |= {name: (entry, value) for name, value in submitted.items()}
    return {
        name: value
        for name, (entry, value) in last.items()
        if may_see_form(tx.actor, instance, entry.process_key, entry.form_key)
    }


@endpoint(
    "GET",
    "/instances/{instance_id}/history",
    fa="تاریخچهٔ پرونده، به جمله و به داده",
    en="The history of a case, in sentences and as data",
    scope=Scope.read,
    query={
        "after": {"type": "integer", "minimum": 0, "maximum": MOST, "default": 0},
        "limit": _LIMIT | {"maximum": 500, "default": 100},
    },
    answer=closed(
        {
            "items": {"type": "array", "items": a("HistoryEntry")},
            "next": {"type": ["integer", "null"]},
        }
    ),
)
def entries(instance_id: str, *, after: int, limit: int) -> dict[str, Any]:
    """List what happened, the oldest first."""
    with reading() as tx:
        instance = cases.get(tx, instance_id)
        seen = set(cases.visible_processes(tx, instance))
        told = [speech(code, timeline, tx, instance, seen) for code in ("fa", "en")]
        pairs = [pair for pair in zip(*told, strict=True) if pair[0].entry.number > after][::-1]
        items = [_entry(tx, instance, *pair) for pair in pairs[:limit]]
        return {"items": items, "next": items[-1]["number"] if len(pairs) > limit else None}


def _entry(tx: Transaction, instance: ProcessInstance, fa: Moment, en: Moment) -> dict[str, Any]:
    sentences = {"sentence_fa": fa.sentence.text, "sentence_en": en.sentence.text}
    values = _submitted(tx, instance, fa.entry)
    return fields(fa.entry, "HistoryEntry", values=values, **sentences)


def _submitted(tx: Transaction, instance: ProcessInstance, entry: EventLogEntry) -> Any:
    if not may_see_form(tx.actor, instance, entry.process_key, entry.form_key):
        return None
    return entry.data.get("values")


@endpoint(
    "GET",
    "/instances/{instance_id}/tasks",
    fa="کارهای باز یک پرونده",
    en="The open tasks of a case",
    scope=Scope.read,
    answer=listed("OpenTask"),
)
def tasks(instance_id: str) -> dict[str, Any]:
    """List the open tasks of which the person may know."""
    with reading() as tx:
        instance = cases.get(tx, instance_id)
        processes = set(cases.visible_processes(tx, instance))
        known, _others = open_tasks(tx, instance, processes)
        items = [task_fields(each.task, "OpenTask", mine=each.mine) for each in known]
        return {"items": items}

"""The shapes of what the API answers, by their names in the document."""

from collections.abc import Mapping
from typing import Any

from engine.states import IncidentState, InstanceState, UserTaskState
from engine.tokens import Scope
from web.api.schemas import (
    BOOLEAN,
    INSTANT,
    INTEGER,
    STRING,
    UUID,
    Schema,
    a,
    closed,
    many,
    null_or,
    one_of,
)

NAMES = {"name_fa": STRING, "name_en": STRING}
PLACE = {"role": STRING, "scope": STRING}
_OPEN_TASK = {
    "id": UUID,
    "process_key": STRING,
    "key": STRING,
    **NAMES,
    **PLACE,
    "due_at": null_or(INSTANT),
}
_TASK = {
    **_OPEN_TASK,
    "instance_id": UUID,
    "form_key": STRING,
    "district": STRING,
    "office": STRING,
    "business_key": STRING,
    "subject": STRING,
    "state": one_of(*UserTaskState),
    "assignee": null_or(STRING),
    "priority": INTEGER,
    "confidential": BOOLEAN,
    "created_at": INSTANT,
}
_INSTANCE = {
    "id": UUID,
    "key": STRING,
    "business_key": STRING,
    "subject": STRING,
    "district": STRING,
    "office": STRING,
    "state": one_of(*InstanceState),
    "revision": INTEGER,
    "confidential": BOOLEAN,
    "started_by": STRING,
    "started_at": INSTANT,
    "ended_at": null_or(INSTANT),
    "end_event": STRING,
}
_DEFINITION = {
    "id": INTEGER,
    "key": STRING,
    "version": INTEGER,
    **NAMES,
    "deployment_id": INTEGER,
    "document": STRING,
    "digest": STRING,
    "starters": many(STRING),
    "startable": BOOLEAN,
}
_ANY_OBJECT: Schema = {"type": "object"}
_SENTENCES = {"fa": STRING, "en": STRING}

SCHEMAS: Mapping[str, Schema] = {
    "Person": closed(
        {
            "username": STRING,
            **NAMES,
            "language": STRING,
            "posts": many(closed({**PLACE, "title_fa": STRING, "title_en": STRING})),
            "token": closed(
                {"name": STRING, "scopes": many(one_of(*Scope)), "expires_at": INSTANT}
            ),
        }
    ),
    "ProcessDefinition": closed(_DEFINITION),
    "Deployment": closed(
        {
            "id": INTEGER,
            "document": STRING,
            "digest": STRING,
            "deployed_at": INSTANT,
            "deployed_by": STRING,
            "definitions": many(closed({"id": INTEGER, "key": STRING, "version": INTEGER})),
            "files": many(STRING),
        }
    ),
    "GateProblem": closed(
        {
            "file": STRING,
            "rule": STRING,
            "severity": one_of("error", "warning"),
            "element_id": STRING,
            "element_name": STRING,
            "message_fa": STRING,
            "message_en": STRING,
        }
    ),
    "GateResult": closed(
        {"dry_run": {"const": True}, "digest": STRING, "problems": many(a("GateProblem"))}
    ),
    "Instance": closed(_INSTANCE),
    "InstanceDetail": closed(
        {
            **_INSTANCE,
            "definition": closed(
                {"id": INTEGER, "key": STRING, "version": INTEGER, "document": STRING}
            ),
            "processes": many(STRING),
            "values": _ANY_OBJECT,
        }
    ),
    "OpenTask": closed({**_OPEN_TASK, "mine": BOOLEAN}),
    "Task": closed(_TASK),
    "Form": closed(
        {
            "key": STRING,
            "title": closed(_SENTENCES),
            "intro": closed(_SENTENCES, required=()),
            "schema": _ANY_OBJECT,
            "ui": _ANY_OBJECT,
            "options": {
                "type": "object",
                "additionalProperties": many(closed({"value": STRING, **_SENTENCES})),
            },
        }
    ),
    "TaskDetail": closed(
        {
            **_TASK,
            "revision": INTEGER,
            "on_behalf_of": STRING,
            "form": a("Form"),
            "values": _ANY_OBJECT,
            "draft_saved_at": null_or(INSTANT),
            "assignable": many(closed({"username": STRING, **NAMES})),
        }
    ),
    "StepResult": closed(
        {
            "instance_id": UUID,
            "state": one_of(*InstanceState),
            "revision": INTEGER,
            "opened": many(a("Task")),
        }
    ),
    "HistoryEntry": closed(
        {
            "number": INTEGER,
            "type": STRING,
            "at": INSTANT,
            "actor": STRING,
            "actor_name_fa": STRING,
            "actor_name_en": STRING,
            **PLACE,
            "on_behalf_of": STRING,
            "process_key": STRING,
            "element_id": STRING,
            **NAMES,
            "task_id": STRING,
            "form_key": STRING,
            "deployment": STRING,
            "sentence_fa": STRING,
            "sentence_en": STRING,
            "values": null_or(_ANY_OBJECT),
        }
    ),
    "Message": closed(
        {
            "id": STRING,
            "instance_id": UUID,
            "process_key": STRING,
            "element_id": STRING,
            "name": STRING,
            **NAMES,
            **PLACE,
            "on_behalf_of": STRING,
            "revision": INTEGER,
            "form": a("Form"),
        }
    ),
    "Incident": closed(
        {
            "id": INTEGER,
            "instance_id": null_or(UUID),
            "element_id": STRING,
            "kind": STRING,
            "message": STRING,
            "state": one_of(*IncidentState),
            "opened_at": INSTANT,
            "closed_at": null_or(INSTANT),
            "closed_by": null_or(STRING),
            "reason": STRING,
        }
    ),
    "StoredFile": closed(
        {
            "id": UUID,
            "name": STRING,
            "content_type": STRING,
            "size": INTEGER,
            "sha256": STRING,
            "uploaded_at": INSTANT,
        }
    ),
    "Problem": closed(
        {
            "title": STRING,
            "status": INTEGER,
            "code": STRING,
            "detail_fa": STRING,
            "detail_en": STRING,
            "errors": many(closed({"field": STRING, **_SENTENCES})),
            "problems": many(a("GateProblem")),
        },
        required=("title", "status", "code", "detail_fa", "detail_en"),
    ),
}


def fields(row: Any, schema: str, **more: Any) -> dict[str, Any]:
    """Return what a schema names of a row, with what only the caller knows."""
    names = SCHEMAS[schema]["properties"].keys()
    return {name: more[name] if name in more else getattr(row, name) for name in names}

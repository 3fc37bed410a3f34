"""Building blocks of the document: JSON Schema 2020-12, as OpenAPI 3.1 takes it."""

from collections.abc import Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]

#: The greatest number that a column of the databases holds.
MOST = 2**31 - 1
BOOLEAN: Schema = {"type": "boolean"}
INTEGER: Schema = {"type": "integer"}
STRING: Schema = {"type": "string"}
UUID: Schema = {"type": "string", "format": "uuid"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "integer", "minimum": 1, "maximum": MOST}
#: A BPMN id.
KEY: Schema = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_.-]{0,79}$"}

PATH_PARAMETERS: Mapping[str, Schema] = {
    "key": KEY,
    "deployment_id": NUMBER,
    "instance_id": UUID,
    "task_id": UUID,
    "message_id": {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,120}$"},
    "file_id": UUID,
    "incident_id": NUMBER,
}


def text(most: int, least: int = 0) -> Schema:
    """Describe a text that the databases can hold."""
    return {
        "type": "string",
        "minLength": least,
        "maxLength": most,
        "pattern": r"^[^\u0000]*$",
    }


def one_of(*values: str, default: str | None = None) -> Schema:
    """Describe a choice."""
    schema: dict[str, Any] = {"type": "string", "enum": list(values)}
    return schema if default is None else schema | {"default": default}


def null_or(schema: Schema) -> Schema:
    """Describe a value that may be missing."""
    return {**schema, "type": [schema["type"], "null"]}


def a(name: str) -> Schema:
    """Refer to one of ``web.api.components.SCHEMAS``."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(schema: Schema) -> Schema:
    """Describe a list."""
    return {"type": "array", "items": schema}


def closed(
    properties: Mapping[str, Schema], required: Sequence[str] | None = None
) -> dict[str, Any]:
    """Describe an object that holds these properties and no others, by default all of them."""
    names = list(properties) if required is None else list(required)
    return {
        "type": "object",
        "properties": dict(properties),
        "required": names,
        "additionalProperties": False,
    }


def page(of: str) -> Schema:
    """Describe a page of a long list."""
    return closed({"items": many(a(of)), "next": null_or(STRING)})


def listed(of: str) -> Schema:
    """Describe a list that is given whole."""
    return closed({"items": many(a(of))})

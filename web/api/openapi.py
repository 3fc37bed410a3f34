"""The OpenAPI 3.1 document, made of what the endpoints declare."""

import re
from typing import Any

from web.api.components import SCHEMAS
from web.api.contract import JSON, MULTIPART, Endpoint, endpoint, operations
from web.api.problems import MEDIA_TYPE
from web.api.schemas import STRING, Schema, a

_FILE: Schema = {"type": "string", "format": "binary"}
_REFUSALS = {
    "400": "The request cannot be read.",
    "401": "There is no token, or it was not accepted.",
    "403": "The token or the post of its person does not allow this.",
    "404": "There is nothing here, or the person may not know of it.",
    "409": "The world moved on meanwhile; look again.",
    "413": "Too large.",
    "415": "Another content type is needed.",
    "422": "What was sent breaks the contract or the form; `errors` names each point.",
    "429": "Too many refused tokens from this address.",
}


@endpoint(
    "GET",
    "/openapi.json",
    fa="همین سند",
    en="This document",
    scope=None,
    answer={"type": "object"},
)
def document() -> dict[str, Any]:
    """Describe the API."""
    paths: dict[str, dict[str, Any]] = {}
    for each in operations():
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kartabl · کارتابل",
            "version": "1",
            "description": "The inbox, the cases and the definitions of Kartabl for programs. "
            "Instants are ISO 8601 in UTC. Every operation needs an access token.",
        },
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(each: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": each.name,
        "tags": [each.name.partition(".")[0]],
        "summary": each.en,
        "x-summary-fa": each.fa,
        "parameters": [*_parameters(each)],
        "responses": {str(each.status): _success(each), **_refusals(each)},
        "security": [],
    }
    if each.scope is not None:
        operation["security"] = [{"token": []}]
        operation["x-token-scope"] = each.scope.value
    if each.rule.roles:
        operation["x-roles"] = sorted(each.rule.roles)
    if content := _content(each):
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _parameters(each: Endpoint) -> list[dict[str, Any]]:
    path = [
        {"name": name, "in": "path", "required": True, "schema": each.parameters[name]}
        for name in re.findall(r"{(\w+)}", each.path)
    ]
    query = [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in each.query.items()
    ]
    return path + query


def _content(each: Endpoint) -> dict[str, Any]:
    if each.body is not None:
        return {JSON: {"schema": each.body}}
    if each.upload is None:
        return {}
    name, most = each.upload
    several = {"type": "array", "items": _FILE, "minItems": 1, "maxItems": most}
    fields = {
        "type": "object",
        "properties": {name: _FILE if most == 1 else several},
        "required": [name],
        "additionalProperties": False,
    }
    return {MULTIPART: {"schema": fields}}


def _success(each: Endpoint) -> dict[str, Any]:
    if isinstance(each.answer, tuple):
        content: dict[str, Any] = {media_type: {} for media_type in each.answer}
    else:
        content = {JSON: {"schema": each.answer}}
    return {"description": "Done.", "content": content}


def _refusals(each: Endpoint) -> dict[str, Any]:
    if each.scope is None:
        return {}
    statuses = {"400", "401", "403", "404", "422", "429"}
    if each.method == "POST":
        statuses |= {"409", "413", "415"}
    answer = {"content": {MEDIA_TYPE: {"schema": a("Problem")}}}
    refusals = {status: {"description": _REFUSALS[status], **answer} for status in sorted(statuses)}
    refusals["401"]["headers"] = {"WWW-Authenticate": {"required": True, "schema": STRING}}
    refusals["429"]["headers"] = {"Retry-After": {"required": True, "schema": STRING}}
    return refusals

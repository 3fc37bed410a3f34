"""The published process definitions and their diagrams."""

from typing import Any

from flask import Response

from engine import deployments, diagram, instances
from engine.models import ProcessDefinition
from engine.tokens import Scope
from engine.transaction import Transaction
from web.api.components import fields
from web.api.contract import endpoint
from web.api.schemas import a, listed
from web.pages import reading


def _definition(tx: Transaction, row: ProcessDefinition, startable: set[str]) -> dict[str, Any]:
    published = deployments.published(tx, row.id)
    return fields(
        row,
        "ProcessDefinition",
        document=published.document,
        digest=published.digest,
        starters=[role.strip() for role in row.starters.split(",") if role.strip()],
        startable=row.key in startable,
    )


def _startable(tx: Transaction) -> set[str]:
    return {row.key for row in instances.startable(tx)}


@endpoint(
    "GET",
    "/definitions",
    fa="آخرین نسخهٔ هر فرایند",
    en="The latest version of each process",
    scope=Scope.read,
    answer=listed("ProcessDefinition"),
)
def index() -> dict[str, Any]:
    """List the process definitions."""
    with reading() as tx:
        startable = _startable(tx)
        rows = deployments.definitions(tx)
        return {"items": [_definition(tx, row, startable) for row in rows]}


@endpoint(
    "GET",
    "/definitions/{key}",
    fa="یک فرایند در آخرین نسخه",
    en="One process in its latest version",
    scope=Scope.read,
    answer=a("ProcessDefinition"),
)
def show(key: str) -> dict[str, Any]:
    """Tell about one process definition."""
    with reading() as tx:
        return _definition(tx, deployments.latest(tx, key), _startable(tx))


@endpoint(
    "GET",
    "/definitions/{key}/xml",
    fa="نمودار یک فرایند در آخرین نسخه",
    en="The BPMN diagram of a process in its latest version",
    scope=Scope.read,
    answer=("application/xml",),
)
def xml(key: str) -> Response:
    """Send the diagram."""
    with reading() as tx:
        content = diagram.xml(tx, deployments.latest(tx, key).id, key)
    return Response(content, content_type="application/xml")

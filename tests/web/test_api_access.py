"""Every operation of the API for every person, and for nobody: closed where nothing opens it."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.web.conftest import Site
from tests.web.program import Program, program
from tests.workflows.journey import OFFICE_CODE, PDF, REASON
from web.api.contract import ENDPOINTS
from workflows.demo import people

ALL = frozenset(each.username for each in people())
DEPUTY, OWNER = "sales_deputy", "service_desk_owner"
MANAGER, HEAD = "district_manager.ahar", "district_cs_head.ahar"
OFFICE = f"office_manager.{OFFICE_CODE}"
KEEPERS = frozenset({OWNER, "sysadmin"})
#: Those who see the new case of Ahar, and those who read its inquiry.
READERS = frozenset({"ceo", "auditor", DEPUTY, OWNER, MANAGER, HEAD, OFFICE})
INQUIRERS = READERS - {OFFICE}
#: Those who may record an objection: the office, or somebody for it.
OBJECTORS = frozenset({DEPUTY, OWNER, MANAGER, HEAD, OFFICE})


@dataclass(frozen=True)
class Row:
    """An operation, what it answers to those who may, and to the others."""

    request: str
    status: int
    admitted: frozenset[str] = ALL
    others: int = 403
    body: dict[str, Any] | None = None
    file: bool = False


VALUES = {"revision": 0, "values": {}}
ROWS = [
    Row("GET /me", 200),
    Row("GET /definitions", 200),
    Row("GET /definitions/{key}", 200),
    Row("GET /definitions/{key}/xml", 200),
    Row("GET /deployments", 200),
    Row("GET /deployments/{deployment_id}", 200),
    Row("POST /deployments", 422, KEEPERS, file=True),
    Row("GET /instances", 200),
    Row("POST /instances", 201, frozenset({DEPUTY, OWNER}), body={"key": "office_onboarding"}),
    Row("GET /instances/{instance_id}", 200, READERS, 404),
    Row("GET /instances/{instance_id}/history", 200, READERS, 404),
    Row("GET /instances/{instance_id}/tasks", 200, READERS, 404),
    Row("GET /instances/{instance_id}/messages", 200, READERS, 404),
    Row("GET /tasks", 200),
    Row("GET /tasks/{task_id}", 200, frozenset({HEAD})),
    Row("POST /tasks/{task_id}/assign", 200, frozenset({HEAD, MANAGER}), body={"username": HEAD}),
    Row("POST /tasks/{task_id}/claim", 200, frozenset({HEAD})),
    Row("POST /tasks/{task_id}/unclaim", 200, frozenset({HEAD})),
    Row("POST /tasks/{task_id}/files", 201, frozenset({HEAD}), file=True),
    Row("POST /tasks/{task_id}/complete", 409, frozenset({HEAD}), body=VALUES),
    Row("GET /files/{file_id}", 200, INQUIRERS, 404),
    Row("GET /incidents", 200, KEEPERS),
    Row("POST /incidents/{incident_id}/retry", 404, KEEPERS, body={"reason": "x"}),
]
MESSAGE_ROWS = [
    Row("POST /messages/{message_id}", 409, OBJECTORS, body=VALUES),
    Row("POST /messages/{message_id}/files", 201, OBJECTORS, file=True),
]
#: Open to everybody.
PUBLIC = {"GET /openapi.json"}


def ask(mine: Program, row: Row, ids: dict[str, str]) -> int:
    """Return the status of the answer."""
    method, path = row.request.format(**ids).split()
    if row.file:
        name = "files" if path == "/deployments" else "file"
        data = {name: [(io.BytesIO(PDF), "سند.pdf")]}
        return mine.open(method, path, data=data).status_code
    return mine.open(method, path, json=row.body).status_code


def expected(rows: list[Row]) -> dict[tuple[str, str], int]:
    """Return the status for each operation and person."""
    return {
        (row.request, name): row.status if name in row.admitted else row.others
        for row in rows
        for name in ALL
    }


def answered(site: Site, rows: list[Row], ids: dict[str, str]) -> dict[tuple[str, str], int]:
    """Ask everything as everybody."""
    programs = {name: program(site, name) for name in sorted(ALL)}
    return {
        (row.request, name): ask(mine, row, ids) for row in rows for name, mine in programs.items()
    }


At = Callable[[str], Site]


def test_every_operation_for_every_person(at: At) -> None:
    site = at("t_field_review")
    task_id = site.journey.tasks()["t_field_review"].id
    stored = program(site, HEAD).send(f"/tasks/{task_id}/files").json["id"]
    ids = {
        "key": "office_onboarding",
        "deployment_id": "1",
        "instance_id": site.journey.id,
        "task_id": task_id,
        "file_id": stored,
        "incident_id": "1",
    }
    assert answered(site, ROWS, ids) == expected(ROWS)


def test_messages_for_every_person(at: At) -> None:
    site = at("t_final_decision")
    changed = {"outcome": "reject", "reason": REASON, "services": None, "letter_no": None}
    site.journey.do("t_final_decision", **changed).do("t_notify_reject")
    [message] = program(site, OFFICE).read(f"/instances/{site.journey.id}/messages")["items"]
    ids = {"message_id": message["id"]}
    assert answered(site, MESSAGE_ROWS, ids) == expected(MESSAGE_ROWS)


def test_the_table_names_every_operation() -> None:
    told = {f"{each.method} {each.path}" for each in ENDPOINTS.values()}
    assert {row.request for row in ROWS + MESSAGE_ROWS} | PUBLIC == told


@pytest.mark.parametrize("row", ROWS + MESSAGE_ROWS, ids=lambda row: row.request)
def test_nothing_is_told_without_a_token(site: Site, row: Row) -> None:
    ids = dict.fromkeys(
        ("instance_id", "task_id", "file_id", "message_id"), "00000000-0000-4000-8000-000000000000"
    )
    ids |= {"key": "office_onboarding", "deployment_id": "1", "incident_id": "1"}
    assert ask(Program(site), row, ids) == 401
    by_cookie = site.persona(OWNER)
    method, path = row.request.format(**ids).split()
    answer = by_cookie.client.open(f"/api/v1{path}", method=method, json=row.body)
    assert answer.status_code == 401


def test_only_the_document_is_public(site: Site) -> None:
    assert Program(site).get("/openapi.json").status_code == 200
    assert {f"{e.method} {e.path}" for e in ENDPOINTS.values() if e.scope is None} == PUBLIC


def test_the_list_of_cases_is_each_persons_own(site: Site) -> None:
    counts = {name: len(program(site, name).read("/instances")["items"]) for name in sorted(ALL)}
    company = {"ceo", "auditor", DEPUTY, OWNER}
    assert {name: counts[name] for name in company} == dict.fromkeys(company, 3)
    assert (counts[MANAGER], counts["district_manager.marand"]) == (2, 1)
    assert counts["office_manager.72035678"] == 1
    assert counts[OFFICE] == counts["sysadmin"] == counts["tamna_manager"] == 0

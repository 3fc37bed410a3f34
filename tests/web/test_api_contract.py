"""Requests that break the contract are refused with what is wrong, never with a fault."""

import io
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from engine.deployments import bundle_digest
from engine.incidents import open_incident
from engine.models import Deployment
from tests.web.conftest import Site, settings_at
from tests.web.program import Program, program
from tests.workflows.journey import PDF
from web.api.components import SCHEMAS
from web.api.contract import ENDPOINTS, MOST_JSON
from web.api.openapi import document
from web.app import create_app
from workflows.catalog import bundle

OWNER, DEPUTY = "service_desk_owner", "sales_deputy"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def owner(site: Site) -> Program:
    """Give the process owner's program."""
    return program(site, OWNER)


def schemas(value: Any) -> list[Any]:
    """Return every schema of the document."""
    if isinstance(value, dict):
        own = [value["schema"]] if isinstance(value.get("schema"), dict) else []
        return own + [each for part in value.values() for each in schemas(part)]
    if isinstance(value, list):
        return [each for part in value for each in schemas(part)]
    return []


def test_the_document_holds_together(site: Site) -> None:
    told = Program(site).read("/openapi.json")
    assert told["openapi"] == "3.1.0"
    assert told == document()
    for each in [*schemas(told["paths"]), *told["components"]["schemas"].values()]:
        jsonschema_rs.Draft202012Validator({**each, "components": told["components"]})
    names = [op["operationId"] for path in told["paths"].values() for op in path.values()]
    assert sorted(names) == sorted(ENDPOINTS)
    for path in told["paths"].values():
        for operation in path.values():
            assert operation["summary"]
            assert operation["x-summary-fa"]


def test_every_shape_of_the_document_is_used() -> None:
    text = str(document()["paths"]) + str(SCHEMAS)
    for name in SCHEMAS:
        assert f"#/components/schemas/{name}'" in text, name


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=", "limit"),
        ("limit=x", "limit"),
        ("limit=1&limit=2", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("limit=1.0", "limit"),
        ("view=everything", "view"),
        ("lateness=never", "lateness"),
        ("nothing=1", "nothing"),
        ("process=%00", "process"),
        ("district=%00", "district"),
        ("q=%00", "q"),
        ("q=" + "x" * 101, "q"),
        ("after=x", "after"),
        ("after=2026-01-01~x", "after"),
        (f"after=2026-01-01T00:00:00~{NOBODY}", "after"),
    ],
)
def test_queries_are_held_to_the_document(owner: Program, query: str, field: str) -> None:
    answer = owner.open("GET", "/tasks", query_string=query)
    if "%00" in query:
        assert answer.status_code == 400
        return
    assert answer.status_code == 422
    [point] = answer.json["errors"]
    assert point["field"] == field
    assert point["fa"]
    assert point["en"]


@pytest.mark.parametrize(
    "after",
    [f"2026-99-99T00:00:00Z~{NOBODY}", f"0001-01-01T00:00:00Z~{NOBODY}"],
)
def test_a_cursor_of_no_day_begins_anew(owner: Program, after: str) -> None:
    assert owner.get("/tasks", after=after).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/tasks/1",
        "/tasks/%00",
        f"/tasks/{NOBODY}%0a",
        "/instances/%F0%9F%98%80",
        "/incidents/0/retry",
        "/incidents/99999999999999999999999/retry",
        "/deployments/2147483648",
        "/deployments/-1",
        "/definitions/..%2f..%2fetc",
        "/definitions/none",
        "/files/" + "a" * 5000,
        "/messages/%00",
    ],
)
def test_a_path_that_names_nothing_is_not_found(owner: Program, path: str) -> None:
    posted = "retry" in path or "messages" in path
    body = {"reason": "x"} if "retry" in path else {"revision": 1, "values": {}}
    answer = owner.post(path, body) if posted else owner.get(path)
    assert answer.status_code == (400 if "%00" in path else 404)
    assert answer.mimetype == "application/problem+json"


BODIES: list[tuple[bytes, int]] = [
    (b"", 400),
    (b"{", 400),
    (b"\xff", 400),
    (b'{"revision": 1, "values": {"a": "\\ud800"}}', 400),
    (b'{"revision": NaN, "values": {}}', 400),
    (b"[]", 422),
    (b"null", 422),
    (b"{}", 422),
    (b'{"revision": 1}', 422),
    (b'{"revision": "1", "values": {}}', 422),
    (b'{"revision": 1.5, "values": {}}', 422),
    (b'{"revision": -1, "values": {}}', 422),
    (b'{"revision": 99999999999, "values": {}}', 422),
    (b'{"revision": 1, "values": []}', 422),
    (b'{"revision": 1, "values": {}, "more": 1}', 422),
    (b'{"revision": 1, "values": {}, "scan": "x"}', 422),
    (b'{"revision": 1, "values": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}", 422),
    (b'{"revision": 1, "values": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}", 400),
    (b'{"revision": 1, "values": {"a": "' + b"x" * MOST_JSON + b'"}}', 413),
]


@pytest.mark.parametrize(("body", "status"), BODIES, ids=range(len(BODIES)))
def test_bodies_are_held_to_the_document(
    at: Callable[[str], Site], body: bytes, status: int
) -> None:
    site = at("t_check_docs")
    task_id = site.journey.tasks()["t_check_docs"].id
    mine = program(site, DEPUTY)
    path, kind = f"/tasks/{task_id}/complete", "application/json"
    answer = mine.open("POST", path, data=body, content_type=kind)
    assert answer.status_code == status
    assert site.journey.open() == {"t_check_docs"}


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_only_json_is_taken_for_json(owner: Program, kind: str) -> None:
    body = b'{"key": "office_onboarding"}'
    assert owner.open("POST", "/instances", data=body, content_type=kind).status_code == 415


def test_other_methods_are_told_what_is_taken(owner: Program) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        answer = owner.open(method, "/me")
        allowed = sorted(answer.headers["Allow"].split(", "))
        assert (answer.status_code, allowed) == (405, ["GET", "HEAD"])
        assert answer.json["code"] == "method_not_allowed"


def test_addresses_of_nothing_are_problems_too(owner: Program) -> None:
    for path in ("", "/", "/nothing", "/tasks/", "/openapi.yaml"):
        answer = owner.get(path)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_fault_of_ours_tells_nothing_of_itself(site: Site, owner: Program) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("the secret of the database")

    site.kartabl.clock = broken
    app: Flask = site.app
    answer = app.test_client().get("/api/v1/me", headers=owner.headers)
    assert (answer.status_code, answer.json["code"]) == (500, "internal_server_error")
    assert "secret" not in answer.text
    assert answer.json["detail_fa"]
    assert answer.json["detail_en"]


def test_the_definitions_and_their_diagrams(owner: Program) -> None:
    rows = owner.read("/definitions")["items"]
    [first] = [row for row in rows if row["key"] == "office_onboarding"]
    others = [row for row in rows if row != first]
    assert (first["key"], first["document"], first["version"]) == (
        "office_onboarding",
        "W-SA-08-00",
        1,
    )
    assert first["startable"]
    assert not any(each["startable"] for each in others)
    assert owner.read("/definitions/office_onboarding") == first
    assert (
        owner.get("/definitions/office_onboarding/xml").data == bundle()["office_onboarding.bpmn"]
    )
    [deployment] = owner.read("/deployments")["items"]
    assert deployment["files"] == sorted(bundle())
    assert owner.read(f"/deployments/{deployment['id']}") == deployment


def gate(mine: Program, files: dict[str, bytes], query: str = "") -> Any:
    """Send a bundle."""
    uploads = [(io.BytesIO(content), name) for name, content in files.items()]
    return mine.open("POST", "/deployments", data={"files": uploads}, query_string=query)


def deployments(site: Site) -> int:
    """Count what was published."""
    with site.kartabl.reading() as tx:
        return tx.session.query(Deployment).count()


def test_the_gate_passes_what_is_sound_and_publishes_nothing(site: Site, owner: Program) -> None:
    changed = bundle()
    changed["user_training.bpmn"] += b"\n"
    answer = gate(owner, changed)
    assert answer.status_code == 200
    assert answer.json["dry_run"] is True
    assert answer.json["digest"] == bundle_digest(changed)
    assert deployments(site) == 1


def test_the_gate_names_what_is_wrong(site: Site, owner: Program) -> None:
    broken = bundle()
    diagram = broken["office_onboarding.bpmn"]
    broken["office_onboarding.bpmn"] = diagram.replace(
        b"office_onboarding/request", b"no/such_form"
    )
    answer = gate(owner, broken)
    assert (answer.status_code, answer.json["code"]) == (422, "definition_refused")
    [found] = [p for p in answer.json["problems"] if p["element_id"] == "t_register_request"]
    assert found["severity"] == "error"
    fields = {point["field"] for point in answer.json["errors"]}
    assert "office_onboarding.bpmn#t_register_request" in fields
    assert deployments(site) == 1


def test_nobody_publishes_alone(site: Site, owner: Program) -> None:
    answer = gate(owner, bundle(), "dry_run=false")
    assert (answer.status_code, answer.json["code"]) == (403, "publishing_alone")
    assert "approved" in answer.json["detail_en"]
    assert deployments(site) == 1


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../x.bpmn",
        "/x.bpmn",
        "x.exe",
        "x.bpmn.exe",
        "a/b/c.json",
        "x\x00.bpmn",
        "a\\b.bpmn",
        "x",
    ],
)
def test_files_of_a_bundle_have_plain_names(owner: Program, name: str) -> None:
    assert gate(owner, {name: b"<a/>"}).status_code == 422


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<a>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x"><a/>',
        b"<a>" * 100_000,
        b"\x00" * 1000,
    ],
    ids=range(7),
)
def test_hostile_files_are_refused(owner: Program, content: bytes) -> None:
    assert gate(owner, {"x.bpmn": content, "a/b.json": content}).status_code == 422


def test_uploads_are_held_to_the_document(owner: Program) -> None:
    assert owner.open("POST", "/deployments", data={}).status_code == 415
    sent = {"other": [(io.BytesIO(b"x"), "x.bpmn")]}
    answer = owner.open("POST", "/deployments", data=sent)
    assert {p["field"] for p in answer.json["errors"]} == {"files", "other"}
    answer = owner.open(
        "POST", "/deployments", data={"files": [(io.BytesIO(b"x"), "x.bpmn")], "a": "b"}
    )
    assert [p["field"] for p in answer.json["errors"]] == ["a"]
    twice = [(io.BytesIO(b"<a/>"), "x.bpmn"), (io.BytesIO(b"<b/>"), "x.bpmn")]
    assert owner.open("POST", "/deployments", data={"files": twice}).status_code == 422


def test_an_incident_is_told_and_tried_again(at: Callable[[str], Site]) -> None:
    site = at("t_check_docs")
    with site.kartabl.transaction() as tx:
        open_incident(tx, site.journey.id, "timer", "RuntimeError: no")
    owner, admin = program(site, OWNER), program(site, "sysadmin")
    [told] = owner.read("/incidents")["items"]
    number = told["id"]
    assert (told["instance_id"], told["state"]) == (site.journey.id, "open")
    # the administrator mends, but sees no cases
    assert [each["instance_id"] for each in admin.read("/incidents")["items"]] == [None]
    assert owner.read(f"/instances/{site.journey.id}")["state"] == "failed"
    done = admin.post(f"/incidents/{number}/retry", {"reason": "تعمیر شد"})
    assert (done.status_code, done.json["closed_by"]) == (200, "sysadmin")
    assert owner.read(f"/instances/{site.journey.id}")["state"] == "running"
    assert owner.read("/incidents")["items"] == []
    assert [each["id"] for each in owner.read("/incidents", state="resolved")["items"]] == [number]
    assert admin.post(f"/incidents/{number}/retry", {"reason": "x"}).status_code == 404


def test_hosts_that_are_not_ours_get_no_answer(site: Site) -> None:
    app = create_app(settings_at(site.place, hosts="kartabl.example"), site.kartabl)
    path = "/api/v1/openapi.json"
    assert app.test_client().get(path, base_url="http://kartabl.example").status_code == 200
    answer = app.test_client().get(path, base_url="http://evil.example")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_a_file_is_sent_whole_whatever_part_is_asked(at: Callable[[str], Site]) -> None:
    site = at("t_check_docs")
    mine = program(site, DEPUTY)
    path = f"/tasks/{site.journey.tasks()['t_check_docs'].id}/files"
    stored = mine.send(path).json["id"]
    for asked in ("bytes=0-3", "bytes=999999-"):
        answer = mine.open("GET", f"/files/{stored}", headers={"Range": asked})
        assert (answer.status_code, answer.data) == (200, PDF)


def test_answers_are_kept_nowhere_and_run_nowhere(owner: Program) -> None:
    headers = owner.get("/tasks").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Access-Control-Allow-Origin" not in headers

"""The API against its own document, with requests that nobody thought of."""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from engine import tokens
from engine.incidents import open_incident
from forms.catalog import Form, builtin_forms, parse_form
from tests.web.conftest import Site
from tests.web.program import PREFIX, Program, program
from tests.workflows.journey import REASON
from web.api.openapi import document
from web.api.schemas import PATH_PARAMETERS

SEED = 1405
OPTIONS: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}
#: Operations that judge what the document cannot describe: forms, and what is in files.
JUDGES = {"tasks.complete", "tasks.upload", "messages.send", "messages.upload", "deployments.check"}


class Behind:
    """Whatever site the running test has, as one WSGI application."""

    app: Flask

    def __call__(self, environ: WSGIEnvironment, answer: StartResponse) -> Iterable[bytes]:
        """Pass a request on, and read the answer before the file behind it is closed."""
        parts = self.app(environ, answer)
        with closing(parts):  # type: ignore[type-var]
            return [b"".join(parts)]


behind = Behind()
schema = schemathesis.openapi.from_dict(document())
schema.app = behind
schema.location = f"{PREFIX}/openapi.json"


@dataclass
class Target:
    """A site with things to hit."""

    deputy: Program
    owner: Program
    #: Path parameter -> id of something that exists.
    ids: dict[str, Any]

    def aim(self, case: Case) -> None:
        """Let most of the ids that could name something name something."""
        for name, value in (case.path_parameters or {}).items():
            well_formed = jsonschema_rs.is_valid(
                PATH_PARAMETERS[name], value, validate_formats=True
            )
            if well_formed and sum(map(ord, str(value))) % 4:
                case.path_parameters[name] = self.ids[name]
        if isinstance(case.body, dict) and case.body.get("revision", 1) == 0:
            case.body["revision"] = self.revision()

    def revision(self) -> int:
        """Return the revision at which the next step of the case may be done."""
        return int(self.deputy.read(f"/instances/{self.ids['instance_id']}")["revision"])


@pytest.fixture
def target(at: Callable[[str], Site], monkeypatch: pytest.MonkeyPatch) -> Target:
    """Put a site behind the document: a case that waits for an objection, a task, an incident."""
    monkeypatch.setattr(tokens, "FAILURES_PER_ADDRESS", 10**9)  # each check comes without one, too
    site = at("t_final_decision")
    changed = {"outcome": "reject", "reason": REASON, "services": None, "letter_no": None}
    site.journey.do("t_final_decision", **changed).do("t_notify_reject")
    behind.app = site.app
    deputy, owner = program(site, "sales_deputy"), program(site, "service_desk_owner")
    begun = deputy.post("/instances", {"key": "office_onboarding"}).json
    [task] = begun["opened"]
    [message] = deputy.read(f"/instances/{site.journey.id}/messages")["items"]
    with site.kartabl.transaction() as tx:
        open_incident(tx, site.journey.id, "timer", "RuntimeError: no")
    ids = {
        "key": "office_onboarding",
        "deployment_id": 1,
        "instance_id": begun["instance_id"],
        "task_id": task["id"],
        "message_id": message["id"],
        "file_id": deputy.send(f"/tasks/{task['id']}/files").json["id"],
        "incident_id": owner.read("/incidents")["items"][0]["id"],
    }
    return Target(deputy, owner, ids)


@schema.parametrize()
@seed(SEED)
@settings(max_examples=8, **OPTIONS)
def test_the_api_keeps_its_document(case: Case, target: Target) -> None:
    target.aim(case)
    operation = case.operation.definition.raw["operationId"]
    left_out = [positive_data_acceptance] if operation in JUDGES else []
    who = target.owner if "x-roles" in case.operation.definition.raw else target.deputy
    case.call_and_validate(headers=who.headers, excluded_checks=left_out)


FORM: Form = parse_form(builtin_forms()["office_onboarding/request"])
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda part: (
        st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=8), part, max_size=4)
    ),
    max_leaves=12,
)
VALUES = st.dictionaries(st.sampled_from(FORM.fields) | st.text(max_size=8), JSON, max_size=25)


@seed(SEED)
@settings(max_examples=80, **OPTIONS)
@given(values=VALUES)
def test_no_value_of_a_form_is_a_fault(target: Target, values: dict[str, Any]) -> None:
    body = {"revision": target.revision(), "values": values}
    answer = target.deputy.post(f"/tasks/{target.ids['task_id']}/complete", body)
    assert answer.status_code == 422
    assert answer.json["errors"]

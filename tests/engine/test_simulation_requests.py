"""Simulations of what cannot be simulated: bad requests, and diagrams without end."""

import gc
import sqlite3
from typing import Any

import pytest

from engine.simulation import simulate
from tests.engine.bpmn import diagram, end, flow, path, script, start, user, xor
from tests.engine.conftest import ANY
from tests.engine.simulating import SANDBOX, TWO_STEPS, rules, run

#: The alarm may ring inside a callback of the garbage collector, which swallows what it raises
#: and says so; then it rings again.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def test_processor_time_is_bounded() -> None:
    parts = (start(), script("s", "x = 1"), xor("g", default="f_g_s"), end())
    xml = diagram("p", *parts, path("begin", "s", "g", "s"), flow("g", "finish", "x > 1")).decode()
    told = simulate(SANDBOX, {"files": {"p.bpmn": xml}}, seconds=0.02)
    assert (told["verdict"], rules(told)) == ("failed", [("time-limit", "")])
    parts = (start(), user("t"), xor("g", default="f_g_t"), end())
    xml = diagram("p", *parts, path("begin", "t", "g", "t"), flow("g", "finish", "x")).decode()
    request = {"files": {"p.bpmn": xml}, "answers": {"t": [{"x": False}] * 5_000}}
    told = simulate(SANDBOX, {**request, "max_steps": 10_000}, seconds=0.5)
    assert (told["verdict"], rules(told)) == ("step_limit", [("time-limit", "")])
    assert simulate(SANDBOX, {"files": {"p.bpmn": xml}})["verdict"] == "waiting"


WHOLE = {"files": {"p.bpmn": diagram("p", *TWO_STEPS).decode()}}


@pytest.mark.parametrize(
    ("request_", "rule"),
    [
        (None, "not-an-object"),
        ([], "not-an-object"),
        ({}, "no-diagram"),
        ({"files": {"p.bpmn": "<broken"}}, "xml"),
        ({"files": {"p.bpmn": ""}}, "xml"),
        ({"files": {"p.bpmn": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}}, "xml"),
        ({"files": {"p.txt": ""}}, "no-diagram"),
        ({"files": ["p.bpmn"]}, "wrong-type"),
        ({"files": {"p.bpmn": 5}}, "wrong-type"),
        ({"paths": ["/nowhere/p.bpmn"]}, "file-missing"),
        ({"paths": ["/"]}, "file-missing"),
        ({"paths": ["a\0b"]}, "file-missing"),
        ({**WHOLE, "paths": "p.bpmn"}, "wrong-type"),
        ({**WHOLE, "process": 5}, "wrong-type"),
        ({**WHOLE, "data": [1]}, "not-an-object"),
        ({**WHOLE, "data": {"data_objects": 1}}, "reserved-name"),
        ({**WHOLE, "answers": {"ask": 5}}, "not-an-object"),
        ({**WHOLE, "answers": {"ask": [5]}}, "not-an-object"),
        ({**WHOLE, "auto": "yes"}, "wrong-type"),
        ({**WHOLE, "seed": True}, "wrong-type"),
        ({**WHOLE, "seed": 1.5}, "wrong-type"),
        ({**WHOLE, "max_steps": "9"}, "wrong-type"),
        ({**WHOLE, "messages": ["hello"]}, "not-an-object"),
        ({**WHOLE, "messages": [{"name": 5}]}, "not-an-object"),
        ({**WHOLE, "now": "yesterday"}, "instant"),
        ({"files": {**WHOLE["files"], "a.json": "{"}}, "form"),
        (
            {"files": {**WHOLE["files"], "a.json": ANY.decode(), "b.json": ANY.decode()}},
            "file-twice",
        ),
    ],
)
def test_a_bad_request_is_refused_with_a_sentence(request_: Any, rule: str) -> None:
    told = simulate(SANDBOX, request_)
    assert told["verdict"] == "refused"
    assert rule in {problem["rule"] for problem in told["problems"]}
    assert all(p["message_fa"] and p["message_en"] for p in told["problems"])


def _open_databases() -> int:
    gc.collect()
    return sum(isinstance(each, sqlite3.Connection) for each in gc.get_objects())


def test_databases_are_closed_whatever_happens() -> None:
    xml = diagram("p", *TWO_STEPS).decode()

    def ask() -> None:
        simulate(SANDBOX, {"files": {"p.bpmn": xml}, "auto": True})
        simulate(SANDBOX, {"files": {"p.bpmn": xml}, "now": "2026-02-01T00:00:00Z"})
        simulate(SANDBOX, {"files": {"p.bpmn": xml}, "auto": True}, seconds=0.01)
        run(*TWO_STEPS, answers={"ask": {}})

    ask()
    before = _open_databases()
    for _ in range(5):
        ask()
    assert _open_databases() <= before

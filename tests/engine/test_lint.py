"""The gate: each fault is refused by name, with its element and a sentence in both languages."""

import pytest

from engine.lint import Known, check
from engine.lint.rules import SENTENCES
from tests.engine.bpmn import (
    HEAD,
    call,
    diagram,
    end,
    flow,
    inclusive,
    message_catch,
    parallel,
    path,
    script,
    service,
    start,
    timer_boundary,
    user,
    xor,
)
from tests.engine.conftest import ANY, ROLES

KNOWN = Known(ROLES, frozenset({"place"}), frozenset({"test/any"}))
TIMER = (
    '<bpmn:timerEventDefinition><bpmn:timeDate xsi:type="bpmn:tFormalExpression">'
    "working_days(1)</bpmn:timeDate></bpmn:timerEventDefinition>"
)


def lint(
    *parts: str, lane: str = "کارمند", ids: str = "", messages: str = ""
) -> list[tuple[str, str]]:
    """Return (rule, element id) of each finding in a process ``p``."""
    drawn = "".join(parts)
    lanes = {lane: [i for i in ids.split() if f' id="{i}"' in drawn]} if ids else None
    bundle = {"p.bpmn": diagram("p", *parts, lanes=lanes, messages=messages), "test/any.json": ANY}
    found = check(bundle, KNOWN)
    assert all(p.message_fa and p.message_en and p.rule in SENTENCES for p in found)
    return [(p.rule, p.element_id) for p in found]


ONE = (start(), user("a"), end(), path("begin", "a", "finish"))


def test_a_sound_process_passes() -> None:
    assert lint(*ONE, ids="begin a finish") == []


def between(*parts: str, lane: str = "کارمند") -> list[tuple[str, str]]:
    """Lint a process with these parts between ``a`` and the end; all are in one lane."""
    ids = "begin a b c d g h finish"
    return lint(start(), user("a"), end(), flow("begin", "a"), *parts, lane=lane, ids=ids)


LINK = '<bpmn:linkEventDefinition name="x"/>'
REFUSED = [
    ("reserved-id", "End", (service("End", "place"), path("a", "End", "finish"))),
    ("id-not-ascii", "گام", (service("گام", "place"), path("a", "گام", "finish"))),
    ("unsupported", "g", ('<bpmn:complexGateway id="g"/>', path("a", "g", "finish"))),
    (
        "unsupported",
        "b",
        (
            '<bpmn:manualTask id="b"><bpmn:multiInstanceLoopCharacteristics/></bpmn:manualTask>',
            path("a", "b", "finish"),
        ),
    ),
    ("unsupported", "b", ('<bpmn:task id="b" startQuantity="2"/>', path("a", "b", "finish"))),
    (
        "link",
        "b",
        (
            f'<bpmn:intermediateThrowEvent id="b">{LINK}</bpmn:intermediateThrowEvent>',
            path("a", "b", "finish"),
        ),
    ),
    (
        "event-definition",
        "b",
        ('<bpmn:intermediateCatchEvent id="b"/>', path("a", "b", "finish")),
    ),
    ("form-missing", "b", (user("b", "test/none"), path("a", "b", "finish"))),
    ("due-in", "b", (user("b", dueIn="soon"), path("a", "b", "finish"))),
    ("four-eyes", "b", (user("b", notCompletedBy="zz"), path("a", "b", "finish"))),
    ("expression", "b", (user("b", dueAt="__import__('os')"), path("a", "b", "finish"))),
    ("function", "b", (user("b", dueAt="yesterday()"), path("a", "b", "finish"))),
    ("handler", "b", (service("b", "nobody"), path("a", "b", "finish"))),
    ("script", "b", (script("b", ""), path("a", "b", "finish"))),
    ("expression", "b", (script("b", "import os"), path("a", "b", "finish"))),
    ("called-missing", "b", (call("b", "nowhere"), path("a", "b", "finish"))),
    ("call-cycle", "p", (call("b", "p"), path("a", "b", "finish"))),
    ("dead-end", "b", (service("b", "place"), flow("a", "b"))),
    ("unreachable", "b", (service("b", "place"), path("a", "finish"), flow("b", "finish"))),
    ("loose-flow", "p", (path("a", "finish"), flow("a", "ghost"))),
    ("default-missing", "a", (flow("a", "finish", "count > 1"),)),
    (
        "default-missing",
        "g",
        (xor("g"), flow("a", "g"), flow("g", "finish", "count > 1"), flow("g", "a", "count < 1")),
    ),
    (
        "default-unknown",
        "g",
        (
            xor("g", default="zz"),
            flow("a", "g"),
            flow("g", "finish", "count > 1"),
            flow("g", "a", "count < 1"),
        ),
    ),
    (
        "condition-missing",
        "g",
        (xor("g", default="d"), flow("a", "g"), flow("g", "finish"), flow("g", "a", flow_id="d")),
    ),
    (
        "expression",
        "g",
        (
            xor("g", default="d"),
            flow("a", "g"),
            flow("g", "finish", "${count > 1}"),
            flow("g", "a", flow_id="d"),
        ),
    ),
    (
        "unattached",
        "t",
        (
            path("a", "finish"),
            timer_boundary("t", "ghost", "working_days(1)", interrupting=True),
            end("e2"),
            flow("t", "e2"),
        ),
    ),
    (
        "event-gateway",
        "g",
        (
            '<bpmn:eventBasedGateway id="g"/>',
            f'<bpmn:intermediateCatchEvent id="b">{TIMER}</bpmn:intermediateCatchEvent>',
            path("a", "g", "b", "finish"),
        ),
    ),
    (
        "deadlock",
        "h",
        (
            xor("g", default="d"),
            parallel("h"),
            service("b", "place"),
            service("c", "place"),
            flow("a", "g"),
            flow("g", "b", "count > 1"),
            flow("g", "c", flow_id="d"),
            path("b", "h"),
            path("c", "h", "finish"),
        ),
    ),
    (
        "doubles",
        "d",
        (
            parallel("g"),
            user("b"),
            user("c"),
            xor("h"),
            user("d"),
            path("a", "g", "b", "h"),
            path("g", "c", "h", "d", "finish"),
        ),
    ),
]


@pytest.mark.parametrize(("rule", "element", "parts"), REFUSED)
def test_each_fault_is_named(rule: str, element: str, parts: tuple[str, ...]) -> None:
    assert (rule, element) in between(*parts)


def test_lanes_name_roles() -> None:
    assert ("lane-unknown", "a") in lint(*ONE, lane="همه", ids="begin a finish")
    assert ("lane-missing", "a") in lint(*ONE)


def test_messages_are_named() -> None:
    parts = (start(), message_catch("m", "hello"), end(), path("begin", "m", "finish"))
    assert lint(*parts, messages="hello") == []
    assert ("message", "m") in lint(*parts)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "xml"),
        (b"<a>", "xml"),
        (b"<!DOCTYPE x [<!ENTITY e 'v'>]><x>&e;</x>", "xml"),
        (b"<x/>" + b" " * 2_000_001, "xml"),
        (f"{HEAD}</bpmn:definitions>".encode(), "no-process"),
        (f"{HEAD}<bpmn:process><bpmn:strange/></bpmn:process></bpmn:definitions>".encode(), "xsd"),
        (f"{HEAD}".encode() + b"<a>" * 300, "xml"),
    ],
)
def test_files_that_are_no_diagrams(content: bytes, rule: str) -> None:
    assert rule in {p.rule for p in check({"x.bpmn": content}, KNOWN)}


def test_one_bad_file_does_not_hide_the_others() -> None:
    bad = diagram("q", start("q_begin"), end("q_end"), path("q_begin", "q_end"))
    found = check({"a.bpmn": b"<a>", "b.bpmn": bad, "c.bpmn": bad}, KNOWN)
    assert {(p.file, p.rule) for p in found} == {("a.bpmn", "xml"), ("c.bpmn", "duplicate-process")}


def test_reminders_in_loops_are_no_doubles() -> None:
    parts = (
        timer_boundary("t", "a", "working_days(1)", interrupting=False),
        service("b", "place"),
        end("e2"),
        path("t", "b", "e2"),
        xor("g", default="d"),
        flow("a", "g"),
        flow("g", "a", "count > 1"),
        flow("g", "finish", flow_id="d"),
    )
    assert between(*parts) == []


def test_inclusive_gateways_need_a_default_too() -> None:
    parts = (
        inclusive("g"),
        flow("a", "g"),
        flow("g", "finish", "count > 1"),
        flow("g", "b", "count < 1"),
        user("b"),
        flow("b", "finish"),
    )
    assert ("default-missing", "g") in between(*parts)

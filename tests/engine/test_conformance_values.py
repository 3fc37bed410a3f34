"""Whatever a form brings: a case keeps it and can be read again, or refuses it with a sentence."""

from typing import Any

import orjson
import pytest

from engine.spiff.runtime import Workflow
from forms.expressions import ExpressionError
from tests.engine.bpmn import end, parallel, path, start, user
from tests.engine.elements import process, sub
from tests.engine.rows_basic import line
from tests.engine.walking import Walk, bundle_of

TWO = bundle_of(process(*line(user("a"), user("b"), ids="a b")))


def nested(levels: int) -> Any:
    """Return lists inside one another."""
    value: Any = 1
    for _level in range(levels):
        value = [value]
    return value


KEPT: list[Any] = [
    {"typename": "Nope"},
    {"typename": "datetime", "value": "2026-01-01"},
    {"x": {"typename": "UUID"}, "typename": "Task"},
    "متن با نیم‌فاصله",
    "😀" * 1_000,
    "\u202e\u2066",
    "",
    [],
    {},
    None,
    True,
    -(2**62),
    1e308,
    list(range(20_000)),
    {str(n): n for n in range(2_000)},
    nested(30),
    [{"a": [{"b": [None, False, 0, "", [], {}]}]}],
    {"data_objects": {"x": 1}},
    {"": 1, " ": 2, "a.b": 3, "__class__": 4},
]
REFUSED: list[Any] = [
    "a\x00b",
    {"a\x00": 1},
    "\ud800",
    {"\udfff": 1},
    2**63,
    -(2**64),
    10**400,
    nested(60),
    nested(5_000),
    {1: 2},
    "x" * 9_000_000,
]


@pytest.mark.parametrize("value", KEPT, ids=range(len(KEPT)))
def test_values_that_are_kept(value: Any) -> None:
    walk = Walk(TWO)
    walk.do("a", value=value)
    assert walk.values["value"] == value
    walk.do("b")
    assert walk.completed
    assert walk.values["value"] == value


@pytest.mark.parametrize("value", REFUSED, ids=range(len(REFUSED)))
def test_values_that_are_refused(value: Any) -> None:
    walk = Walk(TWO)
    before = walk.state
    with pytest.raises(ExpressionError) as refused:
        walk.do("a", value=value)
    assert refused.value.message_fa
    assert walk.state == before
    walk.do("b" if walk.keys == ["b"] else "a", value=1)


@pytest.mark.parametrize("name", ["typename", "data_objects", "ended", "v", "chosen", "own"])
def test_names_that_the_engine_uses_itself(name: str) -> None:
    parts = line(
        user("a"),
        sub("s", start("s1"), user("b"), end("s2"), path("s1", "b", "s2")),
        user("c"),
        ids="a s c",
    )
    walk = Walk(bundle_of(process(*parts)))
    walk.do("a", **{name: "mine"})
    walk.do("b")
    walk.do("c")
    assert walk.completed


def test_initial_values_are_checked_as_well() -> None:
    with pytest.raises(ExpressionError):
        Walk(TWO, value="\x00")


def test_a_newer_format_is_not_read() -> None:
    walk = Walk(TWO)
    stored = orjson.loads(walk.state)
    walk.state = orjson.dumps(stored | {"v": 99})
    with pytest.raises(ValueError, match="99"):
        walk.step(lambda workflow: workflow.advance())


def test_writing_and_reading_changes_nothing() -> None:
    parts = (
        start(),
        parallel("g"),
        user("a"),
        user("b"),
        parallel("h"),
        end(),
        path("begin", "g", "a", "h", "finish"),
        path("g", "b", "h"),
    )
    walk = Walk(bundle_of(process(*parts)), given={"list": [1, {"x": None}]})
    first = walk.state
    walk.step(lambda _workflow: None)
    walk.step(lambda _workflow: None)
    assert walk.state == first
    walk.do("a", note="n")
    again = walk.state
    walk.step(lambda workflow: workflow.advance())
    assert walk.state == again


def test_two_cases_of_one_bundle_share_nothing() -> None:
    """SpiffWorkflow's own event sub-processes change the spec that all cases share."""
    parts = (start(), user("a"), end(), path("begin", "a", "finish"))
    bundle = bundle_of(process(*parts))
    specs = {name: list(spec._outputs) for name, spec in bundle.specs["p"].task_specs.items()}
    for _case in range(3):
        walk = Walk(bundle)
        walk.do("a")
        assert walk.completed
    assert specs == {n: list(s._outputs) for n, s in bundle.specs["p"].task_specs.items()}


def test_a_task_is_completed_once() -> None:
    walk = Walk(TWO)
    [task_id] = walk.open
    walk.complete(task_id)
    with pytest.raises(LookupError):
        walk.step(lambda workflow: workflow.complete(task_id, {}))


def test_the_spec_is_not_in_the_state() -> None:
    long_name = process(*line(user("a").replace("گام a", "ن" * 5_000), ids="a"))
    assert len(Walk(bundle_of(long_name)).state) < 3_000


def test_what_was_submitted_is_not_changed_by_what_comes_later() -> None:
    walk = Walk(TWO)
    given = {"list": [1, 2]}
    walk.do("a", **given)
    kept: list[Any] = []
    walk.step(lambda workflow: kept.append(workflow.values()["list"]))
    assert kept == [[1, 2]]
    assert given == {"list": [1, 2]}


def test_workflow_is_the_only_door() -> None:
    """A task that is not open cannot be completed, whatever its id."""
    walk = Walk(TWO)
    with pytest.raises(LookupError):
        walk.step(lambda w: Workflow.complete(w, "00000000-0000-0000-0000-000000000000", {}))


@pytest.mark.parametrize(
    ("old", "new"), [(1, True), (0, False), (1, 1.0), ([1], [True]), ({"x": 0}, {"x": False})]
)
def test_values_that_python_takes_for_the_same_are_kept_apart(old: Any, new: Any) -> None:
    walk = Walk(TWO, value=old)
    walk.do("a", value=new)
    walk.step(lambda _workflow: None)
    walk.do("b")
    assert orjson.dumps(walk.values["value"]) == orjson.dumps(new)


def test_a_branch_may_turn_a_number_into_a_truth_value() -> None:
    parts = (
        start(),
        parallel("g"),
        user("a"),
        user("b"),
        parallel("h"),
        user("c"),
        end(),
        path("begin", "g", "a", "h", "c", "finish"),
        path("g", "b", "h"),
    )
    walk = Walk(bundle_of(process(*parts)), value=1)
    walk.do("a", value=True)
    walk.do("b")
    assert walk.values["value"] is True

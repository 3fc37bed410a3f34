"""Generated values: what a form takes, and what tells the branches of a diagram apart."""

import re
from datetime import date
from random import Random
from typing import Any

import orjson
import pytest

from engine.simulation.form_values import Blank, fill
from engine.simulation.samples import matching
from engine.simulation.variables import Task, draw
from engine.spiff.parser import parse
from forms.catalog import builtin_forms, parse_form
from forms.expressions import PURE_FUNCTIONS
from forms.validation import errors
from tests.engine.bpmn import diagram, end, flow, path, script, start, user, xor
from tests.engine.conftest import form
from tests.forms.samples import CONTEXT, FILE, OPTIONS, TODAY

FUNCTIONS = {
    **PURE_FUNCTIONS,
    "today": lambda: TODAY,
    "working_days": lambda _count: "2027-01-10T20:00:00+03:30",
    "is_working_day": lambda day: date.fromisoformat(day).weekday() not in {3, 4},
}
SEEDS = range(30)


def filled(content: bytes, seed: int, **more: Any) -> dict[str, Any] | None:
    return fill(
        Blank(
            form=parse_form(content),
            context=CONTEXT,
            options=OPTIONS,
            functions=FUNCTIONS,
            today=date.fromisoformat(TODAY),
            random=Random(seed),
            attach=lambda: FILE,
            **more,
        )
    )


@pytest.mark.parametrize("key", sorted(builtin_forms()))
def test_every_form_of_the_procedure_is_filled_for_every_seed(key: str) -> None:
    content = builtin_forms()[key]
    read = parse_form(content)
    decided = set()
    for seed in SEEDS:
        values = filled(content, seed)
        assert values is not None, seed
        assert not errors(read, values, CONTEXT, OPTIONS, FUNCTIONS)
        decided.add(values.get("outcome"))
    assert decided == set(read.properties.get("outcome", {}).get("enum", [None]))


PROPERTIES: dict[str, dict[str, Any]] = {
    "name": {"type": "string", "minLength": 3, "maxLength": 7},
    "code": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{3}$"},
    "amount": {"type": "integer", "minimum": 10, "maximum": 12},
    "even": {"type": "integer", "minimum": 3, "maximum": 9, "multipleOf": 4},
    "rate": {"type": "number", "minimum": 0.5, "maximum": 0.75},
    "agree": {"type": "boolean", "const": True},
    "when": {"type": "string", "format": "date"},
    "id": {"type": "string", "format": "national-id"},
    "tags": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 3},
    "rows": {
        "type": "array",
        "minItems": 2,
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["n"],
            "properties": {
                "n": {"type": "integer", "minimum": 1, "maximum": 5},
                "ip": {"type": "string", "format": "ipv4-public"},
            },
        },
    },
}


def test_values_keep_types_bounds_patterns_formats_and_tables() -> None:
    content = form("test/all", PROPERTIES, required=list(PROPERTIES))
    for seed in SEEDS:
        values = filled(content, seed)
        assert values is not None
        assert set(values) == set(PROPERTIES)
        assert values["even"] in {4, 8}
        assert values["id"].startswith("999")  # given to nobody
        assert all("n" in row for row in values["rows"])


def test_rules_between_fields_and_with_the_case_are_kept() -> None:
    raw = orjson.loads(
        form(
            "test/rules",
            {
                "from": {"type": "string", "format": "date"},
                "to": {"type": "string", "format": "date"},
                "pages": {"type": "integer", "minimum": 1, "maximum": 500},
            },
            required=["from", "to", "pages"],
        )
    )
    sentence = {"fa": "نه", "en": "No"}
    raw["rules"] = [
        {"field": "to", "assert": "to > handover_date", "message": sentence},
        {"field": "pages", "assert": "pages == case.pages", "message": sentence},
    ]
    for seed in SEEDS:
        values = filled(orjson.dumps(raw), seed)
        assert values is not None
        assert values["to"] > CONTEXT["handover_date"]
        assert values["pages"] == CONTEXT["pages"]


def test_what_is_given_is_not_drawn() -> None:
    content = builtin_forms()["office_onboarding/check_docs"]
    for seed in SEEDS:
        values = filled(content, seed, given={"outcome": "incomplete"})
        assert values is not None
        assert values["outcome"] == "incomplete"


def test_the_same_seed_draws_the_same() -> None:
    content = form("test/all", PROPERTIES)
    assert [filled(content, seed) for seed in SEEDS] == [filled(content, seed) for seed in SEEDS]


@pytest.mark.parametrize(
    "pattern",
    [r"^09\d{9}$", r"(foo|bar)+[^a-z]\w*", r"[آ-ی ]{3,}", r"^$", r"\d+(\.\d{2})?", r"a{3}b*?"],
)
def test_patterns_are_matched(pattern: str) -> None:
    assert all(re.search(pattern, matching(Random(seed), pattern)) for seed in SEEDS)


def _draw(*parts: str, fixed: frozenset[str] = frozenset(), **data: Any) -> list[dict[str, Any]]:
    """Draw for the task ``t`` of a process, with every seed."""
    bundle = parse({"p.bpmn": diagram("p", *parts)})
    task = Task(bundle, "p", "t", data, fixed)
    return [draw(task, Random(seed)) for seed in SEEDS]


def _decides(condition: str, *more: str) -> tuple[str, ...]:
    return (
        start(),
        user("t"),
        *more,
        xor("g", default="f_g_finish"),
        end(),
        end("other"),
        path("begin", "t", "g", "finish"),
        flow("g", "other", condition),
    )


@pytest.mark.parametrize(
    ("condition", "name", "expected"),
    [
        ('state == "ok"', "state", ["ok", "other"]),
        ('state in ["a", "b"]', "state", ["a", "b", "other"]),
        ('"x" in tags', "tags", [["x"], []]),
        ("amount > 100", "amount", [100, 99, 101]),
        ("100 <= amount", "amount", [100, 99, 101]),
        ("approved", "approved", [True, False]),
        ("not approved and ok == False", "ok", [False, True]),
        ("len(items) > 1", "items", [[], [0], [0, 1]]),
        ("price * 2 > limit", "limit", [0, 1, 10, 100]),
        ("office.kind == 1", "office", [{"kind": 1}, {"kind": 0}, {"kind": 2}]),
    ],
)
def test_variables_take_the_values_that_tell_branches_apart(
    condition: str, name: str, expected: list[Any]
) -> None:
    drawn = [values[name] for values in _draw(*_decides(condition))]
    assert all(value in expected for value in drawn)
    assert len({orjson.dumps(value) for value in drawn}) > 1


def test_other_keys_of_a_value_stay() -> None:
    drawn = _draw(*_decides("office.kind == 1"), office={"name": "x", "kind": 9})
    assert all(values["office"]["name"] == "x" for values in drawn)


def test_what_scripts_compute_is_theirs_once_it_has_a_value() -> None:
    parts = (
        start(),
        user("t"),
        script("count", "rounds = rounds + 1"),
        xor("g", default="f_g_t"),
        end(),
        path("begin", "t", "count", "g", "t"),
        flow("g", "finish", "rounds > 3"),
    )
    assert all("rounds" in values for values in _draw(*parts))
    assert _draw(*parts, rounds=1) == [{}] * len(SEEDS)


def test_fixed_variables_are_left_alone() -> None:
    assert _draw(*_decides("x > 1"), fixed=frozenset({"x"})) == [{}] * len(SEEDS)

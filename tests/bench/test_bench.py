"""Every part of the benchmark runs, small, so that it cannot rot; counts are asserted, times never."""

from pathlib import Path

import pytest

from tests.bench import inboxes, pages, steps, storage
from tests.bench.databases import Maker, maker, sqlite
from tests.bench.report import SIZES, TINY, Figure, Part, Times, spread

SIZE = SIZES[TINY]


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Maker:
    return sqlite(tmp_path) if kind == "SQLite" else maker(request.getfixturevalue("postgres_url"))


def _figures(part: Part) -> dict[str, float]:
    return {row.what: row.value for row in part.rows if isinstance(row, Figure)}


def test_a_step_asks_little_and_commits_once(kind: str, make: Maker, tmp_path: Path) -> None:
    found = _figures(steps.measure(kind, make, tmp_path, SIZE))
    assert found["statements of a step"] <= 8
    assert found["statements of the floor"] == 4
    assert found["commits of a step"] == 1
    assert found["step 10 → 20: statements"] == 1
    assert found["step 10 → 20: bytes of the workflow"] <= 1.2
    assert found["written by a step"] > 0


def test_a_form_through_http_is_one_commit(tmp_path: Path) -> None:
    found = _figures(pages.measure(tmp_path, SIZE))
    assert found["complete a task: statements"] <= 11
    assert found["complete a task: commits"] == 1


def test_a_finished_case_keeps_its_history_and_no_workflow(
    kind: str, make: Maker, tmp_path: Path
) -> None:
    found = _figures(storage.measure(kind, make, tmp_path, SIZE))
    assert found["of that, its workflow"] == 0
    assert found["entries of its event log"] == 16


def test_inboxes_are_filled_and_looked_into(kind: str, make: Maker, tmp_path: Path) -> None:
    part = inboxes.measure(kind, make, tmp_path, SIZE)
    assert [row.what for row in part.rows][:3] == [
        "first page",
        "in my hands",
        "on behalf of offices",
    ]
    assert all(isinstance(row, Times) and set(row.at) == set(SIZE.inboxes) for row in part.rows)
    assert part.text().count("\n") == len(part.rows) + 2


def test_a_goal_that_is_missed_is_said_so() -> None:
    assert Figure("x", 3, "ms", 2.5).cells() == ["x", "3 ms", "≤ 2.5", "no"]
    assert Figure("x", 2, "ms", 2.5).cells()[-1] == "yes"
    quick, slow = spread([(1, 2), (1, 9)]), spread([(2, 3), (2, 3)])
    assert Times("x", {10: quick, 20: slow}, 5, 1.5).cells()[-1] == "no"
    assert Times("x", {10: slow, 20: slow}, 5, 1.5).cells()[-1] == "yes"
    assert Times("x", {10: slow, 20: slow}, 1, 1.5).cells()[-1] == "no"

"""Eight processes on fifty cases: no lost update, no step done twice, every chain whole.

``KARTABL_HAMMER_SECONDS=60`` hammers for a minute.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine import history
from engine.events import EventType
from engine.models import EventLogEntry, ProcessInstance, UserTask
from tests.engine.bpmn import end, flow, parallel, path, start, user, xor
from tests.engine.conftest import CLERK, World

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SECONDS = os.environ.get("KARTABL_HAMMER_SECONDS", "5")
PROCESSES, CASES = 8, 50
EXPECTED = {"done", "idle", "Conflict", "StaleRevision", "TaskClosed"}


def _cases(world: World) -> list[str]:
    """Start cases that go round two parallel steps for ever."""
    world.draw(
        start(starters="clerk"),
        xor("again"),
        parallel("split"),
        user("a"),
        user("b"),
        parallel("join"),
        xor("more", default="f_more_again"),
        end(),
        path("begin", "again", "split", "a", "join", "more", "again"),
        path("split", "b", "join"),
        flow("more", "finish", "count > 1000"),
        lanes={"کارمند": ["begin", "a", "b", "finish"]},
    )
    return [world.start(CLERK) for _ in range(CASES)]


def _hammer(url: str, place: Path) -> Counter[str]:
    command = [sys.executable, "-m", "tests.engine.hammer_process", url, str(place)]
    running = [
        subprocess.Popen(
            [*command, str(seed), SECONDS], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for seed in range(PROCESSES)
    ]
    counts = Counter[str]()
    for process in running:
        output, _ = process.communicate(timeout=float(SECONDS) * 3 + 60)
        assert process.returncode == 0
        counts.update(json.loads(output))
    return counts


def test_many_processes_on_the_same_cases(world: World, database_url: str, tmp_path: Path) -> None:
    cases = _cases(world)
    counts = _hammer(database_url, tmp_path)
    print(f"\n{world.engine.database.dialect.name}: {dict(counts)}")  # noqa: T201  (the figures)
    assert counts.keys() <= EXPECTED
    assert counts["done"] > CASES
    with world.engine.reading() as tx:
        completed = select(func.count()).select_from(UserTask).where(UserTask.state == "completed")
        assert tx.session.scalar(completed) == counts["done"]
        told = (
            select(func.count())
            .select_from(EventLogEntry)
            .where(EventLogEntry.type == EventType.user_task_completed)
        )
        assert tx.session.scalar(told) == counts["done"]
        revisions = select(func.sum(ProcessInstance.revision))
        assert tx.session.scalar(revisions) == counts["done"] + CASES
        assert [history.verify(tx, case) for case in cases] == [None] * CASES
    for case in cases:
        assert world.keys(case) in (["a", "b"], ["a"], ["b"])

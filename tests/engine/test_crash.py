"""Kill -9 in the middle of steps: nothing is lost, nothing is done twice."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine import history, instances
from engine.events import EventType
from tests.engine.conftest import World
from tests.engine.test_execution import _loop

ROOT = Path(__file__).parents[2]


def _run_and_kill(world: World, case: str, seconds: float) -> int:
    url = world.engine.database.url.render_as_string(hide_password=False)
    command = [
        sys.executable,
        "-m",
        "tests.engine.crash_worker",
        url,
        str(world.engine.files),
        case,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "done\n"
        time.sleep(seconds)
        worker.kill()
        return 1 + worker.stdout.read().count("done\n")


@pytest.mark.slow
def test_a_killed_process_leaves_whole_steps_only(world: World) -> None:
    case = _loop(world)
    choose, said = random.Random(11), 0
    for _attempt in range(4):
        said += _run_and_kill(world, case, choose.uniform(0.01, 0.25))
    with world.engine.reading() as tx:
        log = history.entries(tx, case, limit=100_000)
        done = sum(entry.type == EventType.user_task_completed for entry in log)
        rounds = instances.data_of(tx, instances.get(tx, case))["rounds"]
        assert history.verify(tx, case) is None
    assert rounds == done
    # A kill between the commit and the print hides at most one step each time.
    assert said <= done <= said + 4
    assert world.keys(case) == ["a"]
    from tests.engine.conftest import CLERK

    world.do(CLERK, case, "a", outcome="stop")
    assert world.instance(case).state == "completed"

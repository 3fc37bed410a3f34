"""Durable jobs with real worker processes: shared, killed, restarted; nothing lost or doubled."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlalchemy.engine import make_url

from engine import calendar, durable, history, instances
from engine.events import EventType
from engine.models import Base, ProcessInstance
from engine.states import InstanceState
from engine.transaction import Engine
from tests.engine.bpmn import diagram, end, path, service, start, timer_boundary, user
from tests.engine.conftest import CLERK, World
from tests.engine.worker_process import make_engine

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
LANES = {"کارمند": ["begin", "a", "job", "late", "b", "finish"]}


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """Give an engine whose jobs stand in the database; no worker runs yet."""
    engine = make_engine(database_url, tmp_path)
    Base.metadata.create_all(engine.database)
    durable.migrate(make_url(database_url))
    with engine.transaction() as tx:
        calendar.seed(tx.session)
    yield World(engine)
    engine.database.dispose()
    Base.metadata.drop_all(engine.database)
    if engine.database.dialect.name == "postgresql":
        with engine.database.begin() as connection:
            connection.execute(text("DROP SCHEMA dbos CASCADE"))
    engine.database.dispose()


class Workers:
    """Worker processes of one test."""

    def __init__(self, url: str, place: Path) -> None:
        self.command = [sys.executable, "-m", "tests.engine.worker_process", url, str(place)]
        self.running: list[subprocess.Popen[str]] = []

    def start(self) -> subprocess.Popen[str]:
        """Start one and wait until it works."""
        pipe = subprocess.PIPE
        process = subprocess.Popen(self.command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        self.running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    def end(self) -> None:
        """End all in good order."""
        for process in self.running:
            process.communicate("\n" if process.poll() is None else None, timeout=30)


@pytest.fixture
def workers(database_url: str, tmp_path: Path, world: World) -> Iterator[Workers]:
    workers = Workers(database_url, tmp_path)
    yield workers
    workers.end()


def effects(place: Path, word: str) -> Counter[str]:
    """Count the handler's notes by idempotency key."""
    file = place / "effects"
    lines = file.read_text().splitlines() if file.exists() else []
    return Counter(line.split()[1] for line in lines if line.startswith(word))


def wait_for(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def working(world: World, seconds: float, cases: int) -> list[str]:
    """Start cases with a service task that takes some seconds."""
    job = service("job", "work", seconds=str(seconds))
    steps = path("begin", "job", "finish")
    world.deploy(diagram("p", start(starters="clerk"), job, end(), steps, lanes=LANES))
    return [world.start(CLERK) for _ in range(cases)]


def all_completed(world: World, cases: list[str]) -> bool:
    return all(world.instance(case).state == InstanceState.completed for case in cases)


def chains_are_whole(engine: Engine, cases: list[str]) -> None:
    with engine.reading() as tx:
        assert [history.verify(tx, case) for case in [*cases, "system"]] == [None] * (
            len(cases) + 1
        )


def test_workers_share_the_jobs_and_do_each_once(
    world: World, workers: Workers, tmp_path: Path
) -> None:
    cases = working(world, 0.05, 20)
    workers.start()
    if world.engine.database.dialect.name == "postgresql":
        workers.start()
    wait_for(lambda: all_completed(world, cases))
    assert len(effects(tmp_path, "done")) == 20
    assert set(effects(tmp_path, "done").values()) == {1}
    chains_are_whole(world.engine, cases)


def test_a_killed_worker_s_job_is_done_by_the_next(
    world: World, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = working(world, 2, 3)
    first = workers.start()
    wait_for(lambda: len(effects(tmp_path, "begun")) == 3)
    first.kill()
    first.wait()
    assert not effects(tmp_path, "done")
    if world.engine.database.dialect.name == "postgresql":  # nobody need wait for the silence
        with world.engine.database.begin() as connection:
            connection.execute(text("UPDATE worker SET seen_at = seen_at - interval '1 hour'"))
    workers.start()
    wait_for(lambda: all_completed(world, cases))
    assert set(effects(tmp_path, "done").values()) == {1}
    assert effects(tmp_path, "begun").keys() == effects(tmp_path, "done").keys()
    chains_are_whole(world.engine, cases)


def test_a_timer_fires_late_but_once_after_downtime(world: World, workers: Workers) -> None:
    late = timer_boundary("late", "a", "working_days(1)", interrupting=True)
    flows = path("begin", "a", "finish") + path("late", "b", "finish")
    parts = (start(starters="clerk"), user("a"), late, user("b"), end(), flows)
    world.deploy(diagram("p", *parts, lanes=LANES))
    with world.engine.transaction(CLERK) as tx:
        tx.now -= timedelta(days=30)
        case = instances.start(tx, "p").id
    workers.start()
    if world.engine.database.dialect.name == "postgresql":
        workers.start()
    wait_for(lambda: world.keys(case) == ["b"])
    with world.engine.reading() as tx:
        told = [entry.type for entry in history.entries(tx, case)]
    assert told.count(EventType.timer_fired) == 1


def test_a_handler_is_tried_again_until_the_world_is_well(
    world: World, workers: Workers, tmp_path: Path
) -> None:
    (tmp_path / "closed").touch()
    [case] = working(world, 0, 1)
    workers.start()
    wait_for(lambda: sum(effects(tmp_path, "begun").values()) >= 2)
    (tmp_path / "closed").unlink()
    wait_for(lambda: all_completed(world, [case]))
    assert sum(effects(tmp_path, "done").values()) == 1


def test_what_stands_in_the_queue_is_never_unpickled() -> None:
    evil = "gASVIQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAZ0b3VjaHOUhZRSlC4="
    with pytest.raises(ValueError, match="unexpected"):
        durable.JsonSerializer().deserialize(evil)


def test_a_case_that_failed_gets_no_jobs(world: World) -> None:
    [case] = working(world, 0, 1)
    with world.engine.transaction() as tx:
        row = update(ProcessInstance).where(ProcessInstance.id == case)
        tx.session.execute(row.values(state="failed"))
    from engine.outside import service_call

    with world.engine.reading() as tx:
        assert service_call(tx, case, "00000000-0000-0000-0000-000000000000") is None

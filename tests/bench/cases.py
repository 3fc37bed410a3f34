"""The engine, the diagrams and the form that the measurements use."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from engine import calendar, deployments, instances, migrations, tasks
from engine.identity import Actor
from engine.models import ProcessInstance
from engine.transaction import Engine
from tests.engine.bpmn import diagram, end, flow, path, start, user, xor
from tests.engine.conftest import CLERK, ROLES, TODAY, form

FORM = "bench/letter"
#: What somebody types into a form of ordinary size.
VALUES: dict[str, Any] = {
    "outcome": "again",
    "office_name": "دفتر پیشخوان آیین‌لو اهر",
    "office_code": "72031260",
    "licence_no": "پ-1260",
    "letter_no": "235/ص/118",
    "letter_date": "2026-11-24",
    "manager_name": "مدیر نمایشی",
    "mobile": "09141234567",
    "address": "خیابان امام، پلاک ۱۲",
    "count": 3,
    "complete": True,
    "note": "مدارک دفتر کنترل شد و کم‌وکسری ندارد.",
}
_TYPES = {str: {"type": "string"}, int: {"type": "integer"}, bool: {"type": "boolean"}}
_FORM = form(FORM, {name: _TYPES[type(value)] for name, value in VALUES.items()})
_SIX = [f"step{n}" for n in range(1, 7)]


def _task(key: str) -> str:
    return user(key, FORM, dueIn="3")


def _lanes(*ids: str) -> dict[str, list[str]]:
    return {ROLES["clerk"].fa: list(ids)}


#: Two user tasks that follow one another for ever: the rework loop of a case.
LOOP = diagram(
    "loop",
    start(),
    xor("join"),
    _task("check"),
    xor("enough", "f_enough_finish"),
    _task("correct"),
    end(),
    path("begin", "join", "check", "enough", "finish"),
    flow("enough", "correct", "outcome == 'again'"),
    flow("correct", "join"),
    lanes=_lanes("begin", "join", "check", "enough", "correct", "finish"),
)
#: Six user tasks in a row.
SIX = diagram(
    "six",
    start(),
    *map(_task, _SIX),
    end(),
    path("begin", *_SIX, "finish"),
    lanes=_lanes("begin", *_SIX, "finish"),
)


def engine(url: str, files: Path) -> Engine:
    """Return an engine on an empty database, as an installation makes it, with both diagrams."""
    kartabl = Engine(make_url(url), roles=ROLES, handlers={}, files=files, clock=lambda: TODAY)
    migrations.upgrade(kartabl)
    with kartabl.transaction() as tx:
        calendar.seed(tx.session)
        bundle = {"loop.bpmn": LOOP, "six.bpmn": SIX, f"{FORM}.json": _FORM}
        deployments.deploy(tx, bundle, "BENCH-00")
    return kartabl


class Case:
    """One case, and the step that is next."""

    def __init__(self, kartabl: Engine, key: str = "loop", actor: Actor = CLERK) -> None:
        self.engine = kartabl
        self.actor = actor
        with kartabl.transaction() as tx:
            self.id = instances.start(tx, key).id
        with kartabl.reading() as tx:
            [task] = instances.tasks_of(tx, self.id)
            self.revision = instances.get(tx, self.id).revision
        self.task: str = task.id

    def step(self) -> None:
        """Complete the open task: the whole step, up to its commit."""
        with self.engine.transaction(self.actor) as tx:
            done = tasks.complete(tx, self.task, VALUES, revision=self.revision)
        self.revision += 1
        self.task = done.opened[0].id if done.opened else ""

    def steps(self, count: int) -> "Case":
        """Take several steps."""
        for _ in range(count):
            self.step()
        return self

    def row(self) -> ProcessInstance:
        """Return the case's row with its workflow and values."""
        with self.engine.reading() as tx:
            row = instances.get(tx, self.id)
            tx.session.refresh(row, ["workflow", "data"])
            return row


def again(act: Callable[[], object], rounds: int) -> Callable[[], None]:
    """Return an act that repeats another."""

    def repeat() -> None:
        for _ in range(rounds):
            act()

    return repeat

"""An engine with two roles per scope kind, small forms, and a clock that tests move."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import event

from engine import calendar, deployments, instances, tasks
from engine.identity import SYSTEM, Actor, Role
from engine.models import Base, ProcessInstance, UserTask
from engine.service_tasks import HandlerContext, HandlerRefused
from engine.transaction import Engine
from tests.engine.bpmn import diagram

#: 1405/09/03, a Tuesday.
TODAY = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)

ROLES = {
    role.key: role
    for role in (
        Role("chief", "رئیس", "Chief"),
        Role("clerk", "کارمند", "Clerk", supervisor="chief"),
        Role("manager", "مدیر شهرستان", "District manager", scope="district", supervisor="chief"),
        Role(
            "office",
            "دفتر",
            "Office",
            scope="office",
            external=True,
            represented_by=("manager", "clerk"),
        ),
        Role("guild", "انجمن", "Guild", external=True, login=False, represented_by=("clerk",)),
    )
}
CHIEF = Actor("chief", "رئیس", "Chief", (("chief", ""),), id=1)
CLERK = Actor("clerk", "کارمند", "Clerk", (("clerk", ""),), id=2)
CLERK2 = Actor("clerk2", "کارمند دوم", "Second clerk", (("clerk", ""),), id=3)
AHAR = Actor("manager.ahar", "مدیر اهر", "Ahar manager", (("manager", "ahar"),), id=4)
MARAND = Actor("manager.marand", "مدیر مرند", "Marand manager", (("manager", "marand"),), id=5)
OFFICE = Actor("office.72", "دفتر ۷۲", "Office 72", (("office", "7201"),), id=6)


def form(key: str, properties: dict[str, Any], *, required: list[str] | None = None) -> bytes:
    """Return a closed form with these properties."""
    label = {"fa": "مقدار", "en": "Value"}
    widgets = {"boolean": "checkbox", "integer": "number"}
    return orjson.dumps(
        {
            "key": key,
            "title": label,
            "schema": {
                "type": "object",
                "additionalProperties": False,
                "properties": properties,
                "required": required or [],
            },
            "ui": {
                "sections": [{"title": label, "fields": list(properties)}],
                "fields": {
                    name: {"label": label, "widget": widgets.get(schema.get("type"), "text")}
                    for name, schema in properties.items()
                },
            },
            "rules": [],
            "warnings": [],
        }
    )


ANY = form(
    "test/any",
    {
        "outcome": {"type": "string", "maxLength": 20},
        "count": {"type": "integer", "minimum": 0, "maximum": 1_000_000},
        "note": {"type": "string", "maxLength": 200},
    },
)
STRICT = form("test/strict", {"name": {"type": "string", "minLength": 3}}, required=["name"])


def _place(context: HandlerContext, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Set the case's routing facts, as a register handler does."""
    context.instance.district = str(parameters.get("district", "ahar"))
    context.instance.office = str(parameters.get("office", "7201"))
    context.instance.business_key = context.instance.office
    return {"placed": True}


def _refuse(_context: HandlerContext, _parameters: Mapping[str, Any]) -> None:
    raise HandlerRefused("نمی‌شود.", "It cannot be.")


@dataclass
class World:
    """An engine and the verbs that tests use, each in its own transaction."""

    engine: Engine
    now: datetime = TODAY
    statements: list[str] = field(default_factory=list)
    commits: int = 0

    def deploy(self, *files: bytes, **more: bytes) -> None:
        """Publish diagrams (each under its own name) with the test forms."""
        bundle = {f"d{n}.bpmn": content for n, content in enumerate(files)}
        bundle |= {"test/any.json": ANY, "test/strict.json": STRICT, **more}
        with self.engine.transaction() as tx:
            deployments.deploy(tx, bundle, "TEST-00")

    def draw(self, *parts: str, lanes: dict[str, list[str]], **options: Any) -> None:
        """Publish one process with the key ``p``."""
        self.deploy(diagram("p", *parts, lanes=lanes, **options))

    def start(self, actor: Actor = SYSTEM, key: str = "p") -> str:
        """Start a case and return its id."""
        with self.engine.transaction(actor) as tx:
            return instances.start(tx, key).id

    def open(self, instance_id: str) -> dict[str, UserTask]:
        """Return the open user tasks by BPMN id."""
        with self.engine.reading() as tx:
            return {row.key: row for row in instances.tasks_of(tx, instance_id)}

    def keys(self, instance_id: str) -> list[str]:
        """Return the BPMN ids of the open user tasks, with repetitions."""
        with self.engine.reading() as tx:
            return sorted(row.key for row in instances.tasks_of(tx, instance_id))

    def instance(self, instance_id: str) -> ProcessInstance:
        """Return a case's row."""
        with self.engine.reading() as tx:
            return instances.get(tx, instance_id)

    def data(self, instance_id: str) -> dict[str, Any]:
        """Return a case's values."""
        with self.engine.reading() as tx:
            return instances.data_of(tx, instances.get(tx, instance_id))

    def complete(self, actor: Actor, task: UserTask, scan: str = "", **data: Any) -> Any:
        """Complete a user task at the revision that stands now."""
        revision = self.instance(task.instance_id).revision
        with self.engine.transaction(actor) as tx:
            return tasks.complete(tx, task.id, data, revision=revision, scan=scan)

    def do(self, actor: Actor, instance_id: str, key: str, **data: Any) -> Any:
        """Complete the open task with this BPMN id."""
        return self.complete(actor, self.open(instance_id)[key], **data)

    def pass_time(self, **delta: float) -> None:
        """Move the clock."""
        self.now += timedelta(**delta)


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """Give an engine on an empty database of each kind."""
    world: World
    engine = Engine(
        database_url,
        roles=ROLES,
        handlers={"place": _place, "refuse": _refuse},
        files=tmp_path / "files",
        clock=lambda: world.now,
    )
    world = World(engine)
    Base.metadata.create_all(engine.database)
    with engine.transaction() as tx:
        calendar.seed(tx.session)
    event.listen(engine.database, "before_cursor_execute", _counter(world))
    event.listen(engine.database, "commit", lambda _connection: _commit(world))
    yield world
    Base.metadata.drop_all(engine.database)
    engine.database.dispose()


def _counter(world: World) -> Callable[..., None]:
    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        world.statements.append(statement)

    return count


def _commit(world: World) -> None:
    world.commits += 1

"""The engine of one database, and its transactions: the only place that commits."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from engine import calendar, database
from engine.errors import Conflict
from engine.identity import SYSTEM, Actor, Role
from engine.models import ProcessInstance
from engine.queue import Job, MemoryQueue, Queue

if TYPE_CHECKING:
    from engine.deployments import Published
    from engine.service_tasks import Handler

Choice = Mapping[str, str]
Options = Callable[["Transaction", str, ProcessInstance | None], list[Choice]]


def utcnow() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


@dataclass
class Transaction:
    """One step: everything in it happens, or nothing does."""

    session: Session
    actor: Actor
    now: datetime
    engine: "Engine"
    #: Entries of the event log, chained and written just before the commit.
    log: list[tuple[ProcessInstance | None, dict[str, Any]]] = field(default_factory=list)
    #: Jobs that the step leaves behind, enqueued just before the commit.
    jobs: list[Job] = field(default_factory=list)

    def put(self, job: Job) -> None:
        """Leave a job behind; it exists only if the step commits."""
        self.jobs.append(job)

    @cached_property
    def calendar(self) -> calendar.Calendar:
        """The working days, looked up once when a deadline is asked for."""
        return self.engine.calendar.read(self.session)


class Engine:
    """What runs process definitions on one database."""

    def __init__(
        self,
        url: str | URL,
        *,
        roles: Mapping[str, Role],
        handlers: "Mapping[str, Handler]",
        files: Path,
        options: Options = lambda _tx, _source, _instance: [],
        clock: Callable[[], datetime] = utcnow,
        queue: Queue | None = None,
        strict: bool = True,
    ) -> None:
        self.database = database.connect(database.address(url))
        self.roles = roles
        self.handlers = handlers
        self.files = files
        self.options = options
        self.clock = clock
        self.calendar = calendar.Kept()
        self.queue = queue or MemoryQueue()
        #: False only for simulations: diagrams of other makers name no roles and no forms.
        self.strict = strict
        #: Deployments never change, so what was read once holds as long as the engine.
        self.published: dict[int, Published] = {}

    def close(self) -> None:
        """Let go of the database."""
        self.queue.close()
        self.database.dispose()

    @contextmanager
    def transaction(self, actor: Actor = SYSTEM) -> Iterator[Transaction]:
        """Open a step; leaving the block commits once, an exception takes all of it back."""
        with self._session("BEGIN IMMEDIATE") as session:
            tx = Transaction(session, actor, self.clock(), self)
            try:
                yield tx
                _flush(tx)
                session.commit()
            except BaseException as error:
                session.expunge_all()  # what was read stays readable for the page of the refusal
                session.rollback()
                if database.lost_race(error):
                    raise Conflict from error
                raise

    @contextmanager
    def reading(self, actor: Actor = SYSTEM) -> Iterator[Transaction]:
        """Open a view of the database that writes nothing."""
        with self._session("BEGIN") as session:
            yield Transaction(session, actor, self.clock(), self)

    @contextmanager
    def _session(self, begin: str) -> Iterator[Session]:
        bind = self.database.execution_options(begin=begin)
        with Session(bind, expire_on_commit=False, autoflush=False) as session:
            yield session


def _flush(tx: Transaction) -> None:
    from engine.history import write  # noqa: PLC0415  (history reads Transaction's type)

    write(tx)
    tx.session.flush()
    for job in tx.jobs:
        tx.engine.queue.put(tx.session, job)

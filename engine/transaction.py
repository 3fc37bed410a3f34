"""The engine of one database, and its transactions: the only place that commits."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from engine import calendar
from engine.errors import Conflict
from engine.identity import SYSTEM, Actor, Role
from engine.models import EventLogEntry, ProcessInstance

if TYPE_CHECKING:
    from sqlalchemy import Engine as Database

    from engine.service_tasks import Handler

#: Seconds that a step waits for another step's lock on SQLite.
BUSY_SECONDS = 20

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
    log: list[tuple[ProcessInstance | None, EventLogEntry]] = field(default_factory=list)

    @cached_property
    def calendar(self) -> calendar.Calendar:
        """The working days, read once when a deadline is asked for."""
        return calendar.load(self.session)


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
    ) -> None:
        self.database = _database(make_url(url))
        self.roles = roles
        self.handlers = handlers
        self.files = files
        self.options = options
        self.clock = clock

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
                if isinstance(error, OperationalError) and "locked" in str(error):
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


def _database(url: URL) -> "Database":
    if not url.drivername.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    database = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(database, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(database, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return database

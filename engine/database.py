"""Open a database: its address, how SQLite is set up, and who lost a race for a lock."""

from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

#: Seconds that a step waits for another step's lock on SQLite.
BUSY_SECONDS = 20
#: PostgreSQL: serialization failure, deadlock, lock not available.
_LOST_RACES = frozenset({"40001", "40P01", "55P03"})
#: JSON columns hold Persian as it is; Python's own writer makes six bytes of each letter's two.
_JSON: dict[str, Any] = {
    "json_serializer": lambda value: orjson.dumps(value).decode(),
    "json_deserializer": orjson.loads,
}


def address(text: str | URL) -> URL:
    """Return a database's address as SQLAlchemy takes it.

    ``sqlite:FILE`` and ``postgresql://…`` are understood as people write them.
    """
    if isinstance(text, str) and text.startswith("sqlite:") and "//" not in text:
        text = f"sqlite:///{text.removeprefix('sqlite:')}"
    url = make_url(text)
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    return url


def lost_race(error: BaseException) -> bool:
    """Tell whether a step failed only because others held what it needed."""
    if not isinstance(error, DBAPIError):
        return False
    return "locked" in str(error.orig) or getattr(error.orig, "sqlstate", None) in _LOST_RACES


def unreachable(error: BaseException) -> bool:
    """Tell whether an error says only that the database server is away for now."""
    if not isinstance(error, OperationalError | InterfaceError) or lost_race(error):
        return False
    return error.connection_invalidated or type(error.orig).__module__.startswith("psycopg")


def connect(url: URL) -> Engine:
    """Return the connection pool of a database."""
    if not url.drivername.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, **_JSON)
    database = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **_JSON)

    @event.listens_for(database, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's BEGIN below is the only one
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(database, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return database

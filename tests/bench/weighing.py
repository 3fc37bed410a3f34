"""Count the bytes that an act writes and leaves, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine as Database

from tests.bench.measuring import Act


@dataclass(frozen=True)
class Weight:
    """Bytes of one act."""

    #: Appended to the write-ahead log.
    written: float
    #: By which tables and indexes grew.
    stored: float


@contextmanager
def _driver(database: Database) -> Iterator[Any]:
    """Give the bare driver's connection, outside any transaction."""
    with database.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.rollback()
        if database.dialect.name == "postgresql":
            driver.autocommit = True
        yield driver
        if database.dialect.name == "postgresql":
            driver.autocommit = False


def _value(driver: Any, query: str) -> int:
    return int(driver.execute(query).fetchone()[0])


def size(database: Database) -> int:
    """Return the bytes of all tables and indexes, when what updates left behind is swept up."""
    with _driver(database) as driver:
        if database.dialect.name == "postgresql":
            driver.execute("VACUUM")  # as autovacuum does by and by
            return _value(driver, "SELECT pg_database_size(current_database())")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return _value(driver, "PRAGMA page_count") * _value(driver, "PRAGMA page_size")


def weigh(database: Database, act: Act, rounds: int) -> Weight:
    """Return the bytes of one act, as the mean of many."""
    before = size(database)
    log = _log_of_postgres if database.dialect.name == "postgresql" else _log_of_sqlite
    written = log(database, act, rounds)
    return Weight(written / rounds, (size(database) - before) / rounds)


def _log_of_sqlite(database: Database, act: Act, rounds: int) -> int:
    file = Path(str(database.url.database))
    with _driver(database) as driver:  # while somebody reads, the log is never begun anew
        driver.execute("BEGIN")
        driver.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for _ in range(rounds):
            act()
        driver.execute("ROLLBACK")
    return file.with_name(file.name + "-wal").stat().st_size


def _log_of_postgres(database: Database, act: Act, rounds: int) -> int:
    place = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"
    with _driver(database) as driver:
        before = _value(driver, place)
        for _ in range(rounds):
            act()
        return _value(driver, place) - before

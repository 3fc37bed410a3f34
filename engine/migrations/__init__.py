"""Bring a database to the present schema (Alembic), on SQLite and on PostgreSQL alike."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from engine.transaction import Engine


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations that the database has not had yet."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.database.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

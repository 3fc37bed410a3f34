"""Installations that are made once and copied for each test, on SQLite or on PostgreSQL.

``KARTABL_TEST_DATABASE=postgres`` puts them all on PostgreSQL: a copy is then a database made
from the other one as its template.
"""

import os
import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import URL, make_url

from engine.models import Base
from engine.transaction import Engine

ON_POSTGRES = os.environ.get("KARTABL_TEST_DATABASE") == "postgres"
#: File of an installation's folder that holds the address of its database.
ADDRESS = "database"


def address(place: Path, file: str = "kartabl.sqlite3") -> str:
    """Return the address of the database that belongs to a folder."""
    written = place / ADDRESS
    return written.read_text() if written.exists() else f"sqlite:///{place / file}"


def found(place: Path, server: str | None) -> None:
    """Give a new folder a database of its own on the server, where there is one."""
    if server is not None:
        _create(place, make_url(server), "template1")


def copy(source: Path, place: Path) -> None:
    """Copy a folder with its database; nobody may be connected to that one."""
    shutil.copytree(source, place, dirs_exist_ok=True)
    if (source / ADDRESS).exists():
        url = make_url((source / ADDRESS).read_text())
        _create(place, url, url.database or "")


def remove(place: Path) -> None:
    """Drop the database of a folder from the server; the folder itself stays."""
    if (place / ADDRESS).exists():
        url = make_url((place / ADDRESS).read_text())
        _run(url, f'DROP DATABASE "{url.database}" WITH (FORCE)')


def everything(engine: Engine) -> dict[str, list[Any]]:
    """Return all rows of all tables."""
    with engine.reading() as tx:
        return {
            table.name: list(tx.session.execute(select(table).order_by(*table.primary_key)))
            for table in Base.metadata.sorted_tables
        }


def _create(place: Path, server: URL, template: str) -> None:
    name = f"test_{uuid4().hex}"
    _run(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    url = server.set(database=name)
    (place / ADDRESS).write_text(url.render_as_string(hide_password=False))


def _run(server: URL, statement: str) -> None:
    database = create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with database.connect() as connection:
        connection.execute(text(statement))
    database.dispose()

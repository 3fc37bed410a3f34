"""``kartabl db copy`` moves an installation from SQLite to PostgreSQL, and work goes on there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from engine import history, identity, instances, tasks
from engine.models import Base, ProcessInstance, UserTask
from engine.transaction import Engine
from web import wiring
from web.cli import main
from web.settings import from_environment

pytestmark = pytest.mark.postgres


@pytest.fixture
def target(postgres_url: str, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine on an empty PostgreSQL database."""
    settings = from_environment(
        {"KARTABL_DATA_DIR": str(tmp_path), "KARTABL_DATABASE_URL": postgres_url}
    )
    engine = wiring.engine(settings)
    yield engine
    engine.database.dispose()
    with engine.database.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
        connection.execute(text("DROP FUNCTION IF EXISTS event_log_is_append_only"))
        connection.execute(text("DROP SCHEMA IF EXISTS dbos CASCADE"))
    engine.database.dispose()


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Engine]:
    """Give an installation with the demo's cases on SQLite."""
    engine = wiring.engine(from_environment({"KARTABL_DATA_DIR": str(tmp_path)}))
    wiring.prepare(engine)
    wiring.prepare_demo(engine)
    yield engine
    engine.database.dispose()


def _copy(tmp_path: Path, postgres_url: str) -> tuple[int, str]:
    addresses = ["--from", f"sqlite:{tmp_path}/kartabl.sqlite3", "--to", postgres_url]
    result = CliRunner().invoke(
        main, ["db", "copy", *addresses], env={"KARTABL_DATA_DIR": str(tmp_path)}
    )
    return result.exit_code, result.output


def test_work_goes_on_in_the_new_database(
    source: Engine, target: Engine, tmp_path: Path, postgres_url: str
) -> None:
    code, output = _copy(tmp_path, postgres_url)
    assert code == 0, output
    with source.reading() as old, target.reading() as new:
        for table in Base.metadata.sorted_tables:
            count = select(func.count()).select_from(table)
            assert old.session.scalar(count) == new.session.scalar(count), table.name
        for case in new.session.scalars(select(ProcessInstance.id)):
            assert history.verify(new, case) is None
    _go_on(target)


def _go_on(engine: Engine) -> None:
    """Complete a step of a case that came along, and start a new one."""
    with engine.reading() as tx:
        person = identity.actor_by_name(tx, "sales_deputy")
        query = select(UserTask).where(UserTask.key == "t_check_docs", UserTask.state == "open")
        task = tx.session.scalars(query).one()
        revision = instances.get(tx, task.instance_id).revision
    assert person is not None
    with engine.transaction(person) as tx:
        tasks.complete(tx, task.id, {"outcome": "complete"}, revision=revision)
    with engine.transaction(person) as tx:
        started = instances.start(tx, "office_onboarding")
        identity.add_user(tx, "new", "تازه", "New", "x", [("auditor", "")])
    with engine.reading() as tx:
        assert history.verify(tx, task.instance_id) is None
        assert history.verify(tx, started.id) is None
        assert history.verify(tx, "system") is None


def test_a_database_in_use_is_not_written_over(
    source: Engine, target: Engine, tmp_path: Path, postgres_url: str
) -> None:
    assert _copy(tmp_path, postgres_url)[0] == 0
    code, output = _copy(tmp_path, postgres_url)
    assert code == 1
    assert "not empty" in output

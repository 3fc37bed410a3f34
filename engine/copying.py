"""Move an installation to another database: every row of every table, in one transaction."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Integer, Table, func, insert, select, text

from engine import history
from engine.errors import Invalid
from engine.jobs import recover
from engine.models import Base, ProcessInstance
from engine.transaction import Engine, Transaction

#: Rows that cross at a time.
BATCH = 1_000


def copy(source: Engine, target: Engine) -> dict[str, int]:
    """Copy all rows into an empty, migrated database; return how many of each table.

    The chains of the event log are verified on arrival. Uploaded files are not in the
    database: their folder moves with it. What the source's queue still held is enqueued anew.

    Raises:
        Invalid: when the target is not empty, or a chain did not arrive whole.

    """
    with target.transaction() as tx:
        _require_empty(tx)
        counts = {
            table.name: _copy_table(source, tx, table) for table in Base.metadata.sorted_tables
        }
        _set_sequences(tx)
        _verify(tx)
        recover(tx)
    return counts


def _require_empty(tx: Transaction) -> None:
    for table in Base.metadata.sorted_tables:
        if tx.session.execute(select(func.count()).select_from(table)).scalar_one():
            raise Invalid(
                "پایگاه دادهٔ مقصد خالی نیست. پایگاه دادهٔ تازه‌ای بدهید.",
                "The target database is not empty. Give a new one.",
            )


def _rows(source: Engine, table: Table) -> Iterator[list[dict[str, Any]]]:
    with source.reading() as tx:
        result = tx.session.execute(
            select(table).order_by(*table.primary_key), execution_options={"yield_per": BATCH}
        )
        for part in result.mappings().partitions():
            yield [dict(row) for row in part]


def _copy_table(source: Engine, tx: Transaction, table: Table) -> int:
    count = 0
    for rows in _rows(source, table):
        tx.session.connection().execute(insert(table), rows)
        count += len(rows)
    return count


def _set_sequences(tx: Transaction) -> None:
    """Let PostgreSQL count on from the numbers that came along."""
    if tx.engine.database.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None or not isinstance(column.type, Integer):
            continue
        place = text(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), :last)"
        )
        last = tx.session.execute(select(func.max(column))).scalar()
        if last is not None:
            tx.session.execute(place, {"last": last})


def _verify(tx: Transaction) -> None:
    streams = [history.SYSTEM_STREAM, *tx.session.scalars(select(ProcessInstance.id))]
    for stream in streams:
        number = history.verify(tx, stream)
        if number is not None:
            raise Invalid(
                f"تاریخچهٔ «{stream}» از ردیف {number} درست نیست. پیش از انتقال بررسی کنید.",
                f"The history of “{stream}” is broken at entry {number}. Look into it first.",
            )

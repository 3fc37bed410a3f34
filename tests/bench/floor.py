"""The bare floor: what a step writes, written by hand-made SQLAlchemy Core in one transaction."""

from typing import Any
from uuid import uuid4

from sqlalchemy import Table, bindparam, insert, select, update

from engine.models import EventLogEntry, ProcessInstance, UserTask
from tests.bench.cases import Case

_INSTANCE: Table = ProcessInstance.__table__  # type: ignore[assignment]
_TASK: Table = UserTask.__table__  # type: ignore[assignment]
_LOG: Table = EventLogEntry.__table__  # type: ignore[assignment]
_CHANGED = ("revision", "workflow", "data", "log_length", "log_head")
_CLOSED = ("state", "completed_at", "completed_by", "outcome")


class Floor:
    """Writes the rows of a real step again and again, for a shadow of its case."""

    def __init__(self, case: Case) -> None:
        self.database = case.engine.database.execution_options(begin="BEGIN IMMEDIATE")
        before = case.row().log_length
        closed = case.task
        case.step()
        with self.database.connect() as connection:
            self.instance = self._row(connection, _INSTANCE, case.id)
            self.closed = self._row(connection, _TASK, closed)
            self.opened = self._row(connection, _TASK, case.task)
            query = select(_LOG).where(_LOG.c.stream == case.id, _LOG.c.number > before)
            self.log = [dict(row._mapping) for row in connection.execute(query)]
        self.id = str(uuid4())
        self.open_id = str(uuid4())
        self.number = 0
        self._begin()
        where = (bindparam("the_id"),)
        self.update_instance = update(_INSTANCE).where(_INSTANCE.c.id == where[0])
        self.update_task = update(_TASK).where(_TASK.c.id == where[0])
        self.insert_task = insert(_TASK)
        self.insert_log = insert(_LOG)

    @staticmethod
    def _row(connection: Any, table: Table, row_id: str) -> dict[str, Any]:
        return dict(connection.execute(select(table).where(table.c.id == row_id)).one()._mapping)

    def _begin(self) -> None:
        with self.database.begin() as connection:
            connection.execute(insert(_INSTANCE), {**self.instance, "id": self.id})
            row = {**self.opened, "id": self.open_id, "instance_id": self.id}
            connection.execute(insert(_TASK), row)

    def step(self) -> None:
        """Write one step's rows and commit."""
        fresh = str(uuid4())
        changed = {name: self.instance[name] for name in _CHANGED}
        closed = {name: self.closed[name] for name in _CLOSED}
        opened = {**self.opened, "id": fresh, "instance_id": self.id}
        log = [
            {**row, "stream": self.id, "number": self.number + n}
            for n, row in enumerate(self.log, 1)
        ]
        self.number += len(log)
        with self.database.begin() as connection:
            connection.execute(self.update_instance, {**changed, "the_id": self.id})
            connection.execute(self.update_task, {**closed, "the_id": self.open_id})
            connection.execute(self.insert_task, opened)
            connection.execute(self.insert_log, log)
        self.open_id = fresh

"""Plain SpiffWorkflow: its own parser and serializer, and one row that holds the JSON."""

from typing import Any
from uuid import uuid4

from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Column, MetaData, String, Table, Text, bindparam, insert, select, update
from sqlalchemy import Engine as Database

from tests.bench.cases import LOOP, VALUES

_STORED = Table(
    "plain_instance", MetaData(), Column("id", String(36), primary_key=True), Column("state", Text)
)
_SELECT = select(_STORED.c.state).where(_STORED.c.id == bindparam("the_id"))
_UPDATE = update(_STORED).where(_STORED.c.id == bindparam("the_id"))


class Plain:
    """A case of the same loop; there is no inbox, no history, no check of who does what."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.steps = 0
        parser = SpiffBpmnParser()
        parser.add_bpmn_str(LOOP)
        workflow = BpmnWorkflow(parser.get_spec("loop"))
        workflow.do_engine_steps()
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))
        self.id = str(uuid4())
        _STORED.create(database, checkfirst=True)
        with database.begin() as connection:
            row = {"id": self.id, "state": self.serializer.serialize_json(workflow)}
            connection.execute(insert(_STORED), row)

    def run(self, text: str) -> str:
        """Load, complete the open task, advance, dump."""
        workflow = self.serializer.deserialize_json(text)
        [task] = workflow.get_tasks(state=TaskState.READY, manual=True)
        task.data.update(VALUES)
        task.run()
        workflow.do_engine_steps()
        stored: str = self.serializer.serialize_json(workflow)
        return stored

    def stored(self) -> str:
        """Return the JSON as it stands now."""
        with self.database.begin() as connection:
            return self._read(connection)

    def _read(self, connection: Any) -> str:
        text: str = connection.scalar(_SELECT, {"the_id": self.id})
        return text

    def step(self) -> None:
        """Take one step and store it."""
        self.steps += 1
        self.step_from("")

    def step_from(self, text: str) -> None:
        """Take a step from a given state, else from the stored one, and store it."""
        with self.database.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
            stored = self._read(connection)
            state = self.run(text or stored)
            connection.execute(_UPDATE, {"the_id": self.id, "state": state})

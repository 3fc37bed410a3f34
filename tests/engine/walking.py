"""Walk through a process without a database: written and read again after every step."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

from engine.spiff.parser import Bundle, parse
from engine.spiff.runtime import Workflow
from engine.spiff.scripts import StepScripts
from engine.spiff.told import Passed
from forms.expressions import PURE_FUNCTIONS
from tests.engine.conftest import TODAY


def bundle_of(*files: bytes) -> Bundle:
    """Return parsed diagrams."""
    return parse({f"d{n}.bpmn": content for n, content in enumerate(files)})


class Walk:
    """A case that is taken step by step."""

    def __init__(self, bundle: Bundle, key: str = "p", **values: Any) -> None:
        self.bundle = bundle
        self.now: datetime = TODAY
        #: Ids of the elements passed, user tasks included.
        self.trace: list[str] = []
        #: Bytes of the state after each step.
        self.sizes: list[int] = []
        workflow = Workflow.start(bundle, key, self._scripts(), self.now, self._tell, values)
        workflow.advance()
        self.state = b""
        self._keep(workflow)

    def _scripts(self) -> StepScripts:
        return StepScripts(dict(PURE_FUNCTIONS), lambda _call: {})

    def _tell(self, passed: Passed) -> None:
        self.trace.append(passed.element.id)

    def _keep(self, workflow: Workflow) -> None:
        self.state = workflow.dump()
        self.values = workflow.values()
        self.completed = workflow.completed
        self.open = {} if self.completed else {t.id: t for t in workflow.open_tasks()}
        self.sizes.append(len(self.state))

    def step(self, act: Callable[[Workflow], None]) -> None:
        """Load, do one act, write."""
        workflow = Workflow.load(self.state, self.bundle, self._scripts(), self.now, self._tell)
        act(workflow)
        self._keep(workflow)

    @property
    def keys(self) -> list[str]:
        """The ids of the open tasks."""
        return sorted(task.element.id for task in self.open.values())

    def do(self, key: str, **values: Any) -> None:
        """Complete the first open task with this id."""
        self.complete(next(i for i, task in self.open.items() if task.element.id == key), **values)

    def complete(self, task_id: str, **values: Any) -> None:
        """Complete a task."""
        self.trace.append(self.open[task_id].element.id)
        self.step(lambda workflow: workflow.complete(task_id, values))

    def wait(self, **delta: float) -> None:
        """Let time pass."""
        self.now += timedelta(**delta)
        self.step(lambda workflow: workflow.advance())


def calls(act: Callable[[], Any]) -> int:
    """Return how many Python functions an act calls: work that no other process disturbs."""
    count = 0

    def tell(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(tell)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count

"""Activities that run several times: standard loops and multi-instance.

The rules: each instance sees the case's values and its own item. With an output collection only
the output item of each instance leaves it, in the order of the items; without one each instance
leaves what it has changed, the one that completes last winning.
"""

from collections.abc import Callable, Iterable
from typing import Any

from SpiffWorkflow.spiff.specs.defaults import (
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    StandardLoopTask,
)
from SpiffWorkflow.spiff.specs.spiff_task import SpiffBpmnTask
from SpiffWorkflow.util.task import TaskState

from engine.spiff.events import interrupt
from engine.spiff.merging import changed
from forms.expressions import ExpressionError

#: Instances of one activity.
MOST_INSTANCES = 1_000
#: Names that a completion condition may use beside the case's values.
COUNTS = frozenset(
    {"numberOfInstances", "numberOfCompletedInstances", "numberOfActiveInstances", "loopCounter"}
)


def _begin_run(task: Any, number: int, values: dict[str, Any]) -> None:
    """Begin one run of the activity, with values of its own."""
    spec = task.workflow.spec.task_specs[task.task_spec.task_spec]
    child = task._add_child(spec, TaskState.WAITING)  # noqa: SLF001
    child.triggered = True
    child.internal_data.update(number=number, own=values)
    spec._update(child)  # noqa: SLF001


class InstanceOf:
    """Mixed into the class of an activity that runs several times: one run of it."""

    def _update_hook(self, task: Any) -> Any:
        """Take the loop's values, and on top of them those of this run alone."""
        loop = task.parent
        shared = loop.data
        loop.data = {**shared, **task.internal_data.get("own", {})}
        try:
            return super()._update_hook(task)  # type: ignore[misc]
        finally:
            loop.data = shared

    def _on_complete_hook(self, task: Any) -> None:
        """Tell the loop."""
        super()._on_complete_hook(task)  # type: ignore[misc]
        task.parent.task_spec.run_done(task.parent, task)


class Loop(StandardLoopTask):  # type: ignore[misc]
    """A standard loop: it repeats while its condition holds, and no more often than its maximum."""

    def _update_hook(self, task: Any) -> bool:
        SpiffBpmnTask._update_hook(self, task)  # noqa: SLF001
        if task.state == TaskState.STARTED:
            return False
        task.internal_data["done"] = 0
        if self.test_before and not self._again(task):
            return True
        self._run_once(task)
        return False

    def _run_once(self, task: Any) -> None:
        task._set_state(TaskState.STARTED)  # noqa: SLF001
        _begin_run(task, task.internal_data["done"], {})

    def _again(self, task: Any) -> bool:
        if self.maximum is not None and task.internal_data["done"] >= self.maximum:
            return False
        if self.condition is None:
            return True
        return bool(task.workflow.script_engine.evaluate(task, self.condition))

    def run_done(self, task: Any, run: Any) -> None:
        """Take what a run has changed; begin the next one or be done."""
        task.internal_data["done"] += 1
        task.data = dict(run.data)
        if self._again(task):
            self._run_once(task)
        else:
            task._set_state(TaskState.READY)  # noqa: SLF001


class Several:
    """What parallel and sequential multi-instance share."""

    #: How many runs may be open at once.
    at_once = MOST_INSTANCES
    cardinality: str | None
    data_input: Any
    data_output: Any
    input_item: Any
    output_item: Any
    condition: str | None
    _instances: Callable[[Any], Iterable[Any]]

    def _update_hook(self, task: Any) -> bool:
        SpiffBpmnTask._update_hook(self, task)  # noqa: SLF001
        if task.state == TaskState.STARTED:
            return False
        count = self._count(task)
        task.internal_data.update(count=count, begun=0, done=0, outputs=[])
        self._collect(task)
        if not count:
            return True
        task._set_state(TaskState.STARTED)  # noqa: SLF001
        self._begin(task)
        return False

    def _count(self, task: Any) -> int:
        if self.data_input is None:
            return _fitting(task.workflow.script_engine.evaluate(task, self.cardinality))
        name = self.data_input.bpmn_id
        items = task.data.get(name)
        if not isinstance(items, list):
            raise ExpressionError(
                f"«{name}» فهرست نیست؛ این گام برای هر عضو یک فهرست انجام می‌شود.",
                f"“{name}” is no list; this step runs once for each item of one.",
            )
        task.internal_data["items"] = items
        return _fitting(len(items))

    def _begin(self, task: Any) -> None:
        inner = task.internal_data
        while inner["begun"] < inner["count"] and inner["begun"] - inner["done"] < self.at_once:
            number = inner["begun"]
            inner["begun"] += 1
            item = inner["items"][number] if "items" in inner else number
            own = {} if self.input_item is None else {self.input_item.bpmn_id: item}
            _begin_run(task, number, own)

    def run_done(self, task: Any, run: Any) -> None:
        """Take the output of a run; begin the next one or be done."""
        if task.has_state(TaskState.FINISHED_MASK | TaskState.READY):
            return
        inner = task.internal_data
        inner["done"] += 1
        if self.data_output is not None:
            self._take(task, run)
        else:
            own = {item.bpmn_id for item in (self.input_item, self.output_item) if item is not None}
            left = changed(task.data, run.data)
            task.data.update({name: left[name] for name in left.keys() - own})
        if self._enough(task, run):
            for other in self._instances(task):
                interrupt(other)
            task._set_state(TaskState.READY)  # noqa: SLF001
        elif inner["done"] == inner["count"]:
            task._set_state(TaskState.READY)  # noqa: SLF001
        else:
            self._begin(task)

    def _take(self, task: Any, run: Any) -> None:
        name = (self.output_item or self.data_output).bpmn_id
        if name not in run.data:
            raise ExpressionError(
                f"این گام مقداری برای «{name}» نگذاشته است.",
                f"This step has left no value for “{name}”.",
            )
        task.internal_data["outputs"].append([run.internal_data["number"], run.data[name]])
        self._collect(task)

    def _collect(self, task: Any) -> None:
        if self.data_output is not None:
            outputs = sorted(task.internal_data["outputs"], key=lambda pair: pair[0])
            task.data[self.data_output.bpmn_id] = [value for _number, value in outputs]

    def _enough(self, task: Any, run: Any) -> bool:
        if self.condition is None:
            return False
        inner = task.internal_data
        counts = {
            "numberOfInstances": inner["count"],
            "numberOfCompletedInstances": inner["done"],
            "numberOfActiveInstances": inner["begun"] - inner["done"],
            "loopCounter": run.internal_data["number"],
        }
        names = {**run.data, **task.data, **counts}
        scripts = task.workflow.script_engine
        return bool(scripts.environment.evaluate(self.condition, names))


def _fitting(count: Any) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MOST_INSTANCES:
        raise ExpressionError(
            f"شمار تکرار باید عددی از ۰ تا {MOST_INSTANCES} باشد، نه «{count}».",
            f"The number of instances is from 0 to {MOST_INSTANCES}, not “{count}”.",
        )
    return count


class AtOnce(Several, ParallelMultiInstanceTask):  # type: ignore[misc]
    """A parallel multi-instance activity."""


class OneByOne(Several, SequentialMultiInstanceTask):  # type: ignore[misc]
    """A sequential multi-instance activity."""

    at_once = 1

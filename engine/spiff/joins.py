"""Gateways that wait for several tokens, and the end of a process.

A token that has arrived is a WAITING task. A join takes one for each of its flows and cancels
the others of that round, so earlier rounds of a loop can never be taken for this one.
"""

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import (
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from SpiffWorkflow.util.task import TaskState

from engine.spiff.merging import arrived_in_order, merged, parting, share, tokens
from forms.expressions import ExpressionError


class Join:
    """What the joins share; ``complete`` says whether a round is."""

    inputs: list[Any]
    outputs: list[Any]

    def _predict_hook(self, task: Any) -> None:
        """Look no further than a join: each branch would draw all that follows once more."""
        if task.has_state(TaskState.READY | TaskState.COMPLETED):
            task._sync_children(self.outputs, TaskState.FUTURE)  # noqa: SLF001

    def _update_hook(self, task: Any) -> bool:
        BpmnTaskSpec._update_hook(self, task)  # noqa: SLF001
        arrived = self._arrived(task)
        if not self.complete(task, arrived):
            task._set_state(TaskState.WAITING)  # noqa: SLF001
            return False
        if task.state != TaskState.WAITING:  # it has just come, so it is the last
            task._set_state(TaskState.WAITING)  # noqa: SLF001
        taken = arrived_in_order(arrived.values())
        task.data = merged(parting(taken).data, (one.data for one in taken))
        for one in taken:
            if one is not task:
                one.cancel()
        return True

    def _arrived(self, task: Any) -> dict[str, Any]:
        """Return the token of this round on each flow, by the name of the element before it."""
        waiting = [t for t in task.workflow.tasks.values() if _waits_at(t, self)]
        arrived = {one.parent.task_spec.name: one for one in reversed(arrived_in_order(waiting))}
        return arrived | {task.parent.task_spec.name: task}

    def complete(self, task: Any, arrived: dict[str, Any]) -> bool:
        """Tell whether the join may fire."""
        raise NotImplementedError


def _waits_at(task: Any, spec: Any) -> bool:
    return task.task_spec is spec and task.state == TaskState.WAITING


def _go_on(task: Any, outputs: list[Any]) -> None:
    task._sync_children(outputs, TaskState.FUTURE)  # noqa: SLF001
    for child in task.children:
        child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)  # noqa: SLF001


class AllJoin(Join, ParallelGateway):  # type: ignore[misc]
    """A parallel gateway."""

    def complete(self, task: Any, arrived: dict[str, Any]) -> bool:  # noqa: ARG002
        """Tell whether a token stands on each flow."""
        return {spec.name for spec in self.inputs} <= set(arrived)

    def _run_hook(self, task: Any) -> bool:
        _go_on(task, self.outputs)
        return True


class SomeJoin(Join, InclusiveGateway):  # type: ignore[misc]
    """An inclusive gateway."""

    def complete(self, task: Any, arrived: dict[str, Any]) -> bool:
        """Tell whether no other token can still come (BPMN 2.0, table 13.3)."""
        there = [spec for spec in self.inputs if spec.name in arrived]
        missing = [spec for spec in self.inputs if spec.name not in arrived]
        if not missing:
            return True
        to_there, to_missing = _above(there, self), _above(missing, self)
        return not any(
            token.task_spec.name in to_missing and token.task_spec.name not in to_there
            for token in tokens(task.workflow)
            if token is not task and token.task_spec is not self
        )

    def _run_hook(self, task: Any) -> bool:
        matches, defaults = self._get_matching_outputs(task)
        if not matches and not defaults:
            raise no_way_on(self)
        _go_on(task, matches or defaults)
        return True


def _above(specs: Iterable[Any], join: Any) -> set[str]:
    """Return the names of these and of all from which they can be reached, not through the join."""
    found: set[str] = set()
    todo = list(specs)
    while todo:
        spec = todo.pop()
        if spec is not join and spec.name not in found:
            found.add(spec.name)
            todo += spec.inputs
    return found


def no_way_on(spec: Any) -> ExpressionError:
    """Return the refusal of a gateway at which no condition holds."""
    name = spec.bpmn_name or spec.bpmn_id
    return ExpressionError(
        f"هیچ‌یک از شرط‌های درگاه «{name}» برقرار نیست و مسیر پیش‌فرض ندارد.",
        f"No condition of the gateway “{name}” holds, and it has no default flow.",
    )


class Choice(ExclusiveGateway):  # type: ignore[misc]
    """An exclusive gateway; the first condition that holds decides, in the order of the file."""

    def _run_hook(self, task: Any) -> bool:
        matching = (
            name
            for condition, name in self.cond_task_specs
            if condition is not None and condition._matches(task)  # noqa: SLF001
        )
        chosen = next(matching, self.default_task_spec)
        if chosen is None:
            raise no_way_on(self)
        _go_on(task, [task.workflow.spec.task_specs[chosen]])
        return True


class EndJoin(_EndJoin):  # type: ignore[misc]
    """Where the branches of a process end: the last one carries on, with what all have changed."""

    def _update_hook(self, task: Any) -> bool:
        BpmnTaskSpec._update_hook(self, task)  # noqa: SLF001
        others = [t for t in tokens(task.workflow) if t.task_spec is not self]
        for earlier in list(task.workflow.tasks.values()):
            if earlier is not task and _waits_at(earlier, self):
                earlier.cancel()
        if others:
            if task.state != TaskState.WAITING:
                share(task, others)
            task._set_state(TaskState.WAITING)  # noqa: SLF001
            return False
        return True

    def _run_hook(self, task: Any) -> bool:
        task.workflow.data.update(task.data)
        return True


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]
    """A process or sub-process whose end merges by our rule."""

    #: True for the inside of a process that only wraps it, to attach event sub-processes.
    wrapped = False

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        self.end.__class__ = EndJoin

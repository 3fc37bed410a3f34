"""Sub-processes, transactions and called processes: values go in, and come out when it ends."""

from typing import Any

from SpiffWorkflow.spiff.specs.defaults import CallActivity, SubWorkflowTask, TransactionSubprocess
from SpiffWorkflow.util.task import TaskState


class Inner:
    """What the activities with a process inside share."""

    def _on_subworkflow_completed(self, inside: Any, task: Any) -> None:
        """Take the values; an activity that was interrupted meanwhile stays so."""
        if not task.has_state(TaskState.FINISHED_MASK):
            task.data = {n: value for n, value in inside.data.items() if n != "data_objects"}
            task._set_state(TaskState.READY)  # noqa: SLF001

    def copy_data(self, task: Any, inside: Any) -> None:
        """Give the inside the values as they stand."""
        inside.task_tree.data = dict(task.data)


class Embedded(Inner, SubWorkflowTask):  # type: ignore[misc]
    """An embedded sub-process."""


class Transaction(Inner, TransactionSubprocess):  # type: ignore[misc]
    """A sub-process that a cancel end event can leave."""


class Called(Inner, CallActivity):  # type: ignore[misc]
    """A call activity."""

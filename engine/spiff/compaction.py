"""Forget what is finished, so that the last round of a loop costs what its first did.

SpiffWorkflow keeps every task that ever ran in one growing tree. That makes each step slower and
ends a case falsely at depth 1,000. The event log keeps the history, so the tree may keep only
what still lives and what lives below: finished branches go, and of a chain of finished tasks
above a live one the nearest that is drawn stays, because it says where the token came from.
"""

from collections.abc import Callable
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.spiff.merging import LIVE

Drawn = Callable[[Any], bool]


def _order(tree: Any) -> list[Any]:
    """Return the tasks, parents before children."""
    found, todo = [], [tree.task_tree]
    while todo:
        task = todo.pop()
        found.append(task)
        todo += task.children
    return found


def _drop(tree: Any, task: Any) -> None:
    """Take a finished task out, its only child moving up in its place."""
    above, below = task.parent, task._children  # noqa: SLF001
    place = above._children.index(task.id)  # noqa: SLF001
    above._children[place : place + 1] = below  # noqa: SLF001
    for child in task.children:
        child.parent = above
    del tree.tasks[task.id]


def _compact_tree(tree: Any, drawn: Drawn) -> None:
    order = _order(tree)
    if not any(task.has_state(LIVE) for task in order):
        return
    for task in reversed(order[1:]):
        if task.has_state(TaskState.FINISHED_MASK) and not task._children:  # noqa: SLF001
            _drop(tree, task)
    for task in order[1:]:
        if task.id in tree.tasks and task.has_state(TaskState.FINISHED_MASK):
            below = [child for child in task.children if child.has_state(TaskState.FINISHED_MASK)]
            if len(task.children) == len(below) == 1 and drawn(below[0]):
                _drop(tree, task)


def compact(workflow: Any, drawn: Drawn) -> None:
    """Drop the finished part of a workflow and of the sub-processes that run in it."""
    alive = workflow.trees()
    for tree in alive:
        _compact_tree(tree, drawn)
    for task_id, inside in list(workflow.subprocesses.items()):
        if inside not in alive:
            del workflow.subprocesses[task_id]
    for tree in alive:
        if tree.last_task is not None and tree.last_task.id not in tree.tasks:
            tree.last_task = None

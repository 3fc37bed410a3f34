"""Forget finished branches, so that the last round of a loop costs what its first did.

SpiffWorkflow keeps every task that ever ran in one growing tree. That makes each step slower,
makes gateways inside rework loops take tokens of earlier rounds for their own, and ends a case
falsely at depth 1,000. The event log keeps the history, so the tree may keep only what still
lives: the live tasks and the nearest finished task above all of them, hung under the root.
"""

from typing import Any

from SpiffWorkflow.util.task import TaskState

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def _ancestors(task: Any) -> list[Any]:
    """Return the path from the root to the task's parent."""
    path = []
    while (task := task.parent) is not None:
        path.append(task)
    return path[::-1]


def _common(paths: list[list[Any]]) -> Any:
    """Return the last task that all paths share."""
    shared = None
    for level in zip(*paths, strict=False):
        if any(task is not level[0] for task in level):
            break
        shared = level[0]
    return shared


def _keep(top: Any) -> set[Any]:
    kept, todo = set(), [top]
    while todo:
        task = todo.pop()
        kept.add(task.id)
        todo.extend(child for child in task.children if child is not None)
    return kept


def _compact_tree(workflow: Any) -> None:
    root = workflow.task_tree
    live = [task for task in workflow.tasks.values() if task.has_state(LIVE)]
    if not live:
        return
    top = _common([_ancestors(task) for task in live])
    if top is None or top is root or top.parent is root:
        return
    kept = _keep(top) | {root.id}
    root.children = [top]
    top.parent = root
    for task_id in [task_id for task_id in workflow.tasks if task_id not in kept]:
        del workflow.tasks[task_id]


def compact(workflow: Any) -> None:
    """Drop the finished part of a workflow and of the sub-processes that run in it."""
    for tree in [workflow, *workflow.subprocesses.values()]:
        _compact_tree(tree)
    alive = set(workflow.tasks)
    for subprocess in workflow.subprocesses.values():
        alive |= set(subprocess.tasks)
    for task_id, subprocess in list(workflow.subprocesses.items()):
        if subprocess.completed or task_id not in alive:
            del workflow.subprocesses[task_id]
    for tree in [workflow, *workflow.subprocesses.values()]:
        if tree.last_task is not None and tree.last_task.id not in tree.tasks:
            tree.last_task = None

"""What the values of a case are where several branches have written.

The rule: each branch brings what it has changed since the branches parted. Where two changed
the same name, the one that arrives last has its way. SpiffWorkflow 3.2.0 copies all values of
each branch instead, so that a branch that changed nothing could undo what another one wrote.

A branch that ends while others go on has arrived as well: from then on the others see what it
has changed, unless they have changed the same name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import is_
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
_ABSENT = object()


def line(task: Any) -> list[Any]:
    """Return a task and all above it, the root first."""
    found = []
    while task is not None:
        found.append(task)
        task = task.parent
    return found[::-1]


def parting(tasks: Sequence[Any]) -> Any:
    """Return the last task that is above all of these, or one of them itself."""
    shared = None
    for level in zip(*(line(task) for task in tasks), strict=False):
        if any(task is not level[0] for task in level):
            break
        shared = level[0]
    return shared


def same(left: Any, right: Any) -> bool:
    """Tell whether two values are the same in JSON; to Python ``1``, ``1.0`` and ``True`` are."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        alike = len(left) == len(right)
        return alike and (all(map(is_, left, right)) or all(map(same, left, right)))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(v, right[k]) for k, v in left.items())
    return bool(left == right)


def changed(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the names whose values differ from the base."""
    return {n: value for n, value in own.items() if not same(base.get(n, _ABSENT), value)}


def merged(base: Mapping[str, Any], branches: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the base with what each branch changed, the last branch winning."""
    result = dict(base)
    for own in branches:
        result.update(changed(base, own))
        for name in base.keys() - own.keys():
            result.pop(name, None)
    return result


def arrived_in_order(tasks: Iterable[Any]) -> list[Any]:
    """Sort tasks by when they came to where they stand."""
    return sorted(tasks, key=lambda task: task.last_state_change)


def tokens(tree: Any) -> list[Any]:
    """Return where the tokens of a tree stand.

    That is every live task, and every task that the one before it is just about to update.
    """
    return [
        task
        for task in tree.tasks.values()
        if task.has_state(LIVE)
        or (
            task.state == TaskState.FUTURE
            and task.parent is not None
            and task.parent.has_state(TaskState.COMPLETED)
        )
    ]


def is_run(task: Any) -> bool:
    """Tell whether a task is one run of the loop above it, and not what follows the loop."""
    above = task.parent
    loops = above is not None and isinstance(above.task_spec, LoopTask)
    return loops and task.task_spec.name == above.task_spec.task_spec


def values_of(tree: Any) -> dict[str, Any]:
    """Return the values of a process as they stand now, those of its sub-processes included."""
    live = [task for task in tree.tasks.values() if task.has_state(LIVE) and not is_run(task)]
    if not live:
        return {name: value for name, value in tree.data.items() if name != "data_objects"}
    base = parting(live).data
    return merged(base, (_within(tree, task) for task in arrived_in_order(live)))


def _within(tree: Any, task: Any) -> dict[str, Any]:
    """Return the values of a task, or of the sub-process that runs in it."""
    inside = tree.top_workflow.subprocesses.get(task.id)
    if inside is None or inside.completed:
        return dict(task.data)
    return values_of(inside)


def share(task: Any, others: Sequence[Any]) -> None:
    """Let the rest of a process see what a branch that ends has changed.

    It is seen wherever the name still has the value that it had when the branches parted.
    """
    base = parting([task, *others]).data
    for name, value in changed(base, task.data).items():
        old = base.get(name, _ABSENT)
        for one in _reached(task.workflow):
            if one is not task and same(one.data.get(name, _ABSENT), old):
                one.data[name] = value


def _reached(tree: Any) -> Iterator[Any]:
    """Yield the tasks of a tree that a token has reached, those of its sub-processes included."""
    for task in tree.tasks.values():
        if task.has_state(LIVE | TaskState.FINISHED_MASK):
            yield task
            inside = tree.top_workflow.subprocesses.get(task.id)
            if inside is not None and not inside.completed:
                yield from _reached(inside)

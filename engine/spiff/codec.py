"""Workflow to bytes and back, without its spec: that lives once per node, not in every case.

A task is one list; its data is the difference to its parent's. All is plain JSON and nothing
passes a type registry, so no value that a person types can be taken for an object.
"""

from typing import Any
from uuid import UUID

import orjson
from SpiffWorkflow.task import Task

from engine.spiff.merging import changed
from engine.spiff.parser import Bundle
from engine.spiff.stepping import CaseWorkflow, InnerWorkflow
from engine.spiff.values import checked

#: Version of the format; a stored workflow says which one it was written in.
VERSION = 1


def _delta(parent: dict[str, Any], own: dict[str, Any]) -> list[Any] | None:
    """Return [changed, removed] keys, or None where nothing differs."""
    new = changed(parent, own)
    removed = [k for k in parent if k not in own]
    return [new, removed] if new or removed else None


def _task_row(task: Any) -> list[Any]:
    parent = task.parent
    empty = not task.data
    data = None if empty else _delta(parent.data if parent else {}, task.data)
    return [
        task.id.hex,
        task._parent.hex if task._parent else None,  # noqa: SLF001
        task.task_spec.name,
        task.state,
        int(task.triggered) | (2 if empty else 0),
        task.last_state_change,
        task.internal_data or None,
        data,
    ]


def _rows(tree: Any) -> list[list[Any]]:
    """Return the tasks, parents before children, children in their order."""
    rows, todo = [], [tree.task_tree]
    while todo:
        task = todo.pop()
        rows.append(_task_row(task))
        todo.extend(reversed(task.children))
    return rows


def _tree(tree: Any) -> dict[str, Any]:
    return {
        "spec": tree.spec.name,
        "tasks": _rows(tree),
        "data": tree.data,
        "correlations": tree.correlations,
        "completed": tree.completed,
        "success": tree.success,
        "last": tree.last_task.id.hex if tree.last_task is not None else None,
    }


def dump(workflow: CaseWorkflow) -> bytes:
    """Write a workflow.

    Raises:
        ExpressionError: when it holds values that could not be read again.

    """
    inner = sorted(workflow.subprocesses.items(), key=lambda item: item[1].depth)
    subprocesses = [[task_id.hex, _tree(inside)] for task_id, inside in inner]
    return checked({"v": VERSION, "top": _tree(workflow), "sub": subprocesses})


def _load_task(workflow: Any, row: list[Any]) -> None:
    hex_id, parent, spec, state, flags, changed_at, internal, delta = row
    task = Task(workflow, workflow.spec.task_specs[spec], state=state, id=UUID(hex_id))
    task.triggered = bool(flags & 1)
    task.last_state_change = changed_at
    task.internal_data = dict(internal or {})
    if parent is not None:
        above = workflow.tasks[UUID(parent)]
        task._parent = above.id  # noqa: SLF001
        above._children.append(task.id)  # noqa: SLF001
        task.data = {} if flags & 2 else dict(above.data)
    if delta is not None:
        task.data.update(delta[0])
        for key in delta[1]:
            task.data.pop(key, None)


def _fill(tree: Any, stored: dict[str, Any]) -> None:
    for row in stored["tasks"]:
        _load_task(tree, row)
    tree.task_tree = tree.tasks[UUID(stored["tasks"][0][0])]
    tree.data = stored["data"]
    tree.correlations = stored["correlations"]
    tree.completed = stored["completed"]
    tree.success = stored["success"]
    tree.last_task = tree.tasks.get(UUID(stored["last"])) if stored["last"] else None


def load(content: bytes, bundle: Bundle) -> CaseWorkflow:
    """Read a workflow; its specs come from the bundle that it was started on.

    Raises:
        ValueError: when the format is newer than this code.

    """
    stored = orjson.loads(content)
    if stored["v"] != VERSION:
        raise ValueError(f"unknown workflow format {stored['v']}")
    key = stored["top"]["spec"]
    workflow = CaseWorkflow(bundle.specs[key], bundle.called[key], deserializing=True)
    _fill(workflow, stored["top"])
    for hex_id, tree in stored["sub"]:
        task = workflow.get_task_from_id(UUID(hex_id))
        spec = workflow.subprocess_specs[task.task_spec.spec]
        subprocess = InnerWorkflow(spec, task.id, workflow, deserializing=True)
        workflow.subprocesses[task.id] = subprocess
        _fill(subprocess, tree)
        subprocess.completed_event.connect(task.task_spec._on_subworkflow_completed, task)  # noqa: SLF001
    return workflow

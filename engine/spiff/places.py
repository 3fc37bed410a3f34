"""Say on an exception at which element of a diagram it happened, for logs and for people."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_NOTE = "at the element "


@contextmanager
def at_element(task: Any) -> Iterator[None]:
    """Note the element of a task on what fails inside the block, unless an inner one is noted."""
    try:
        yield
    except Exception as error:
        if task.task_spec.bpmn_id and not element_of(error):
            error.add_note(f"{_NOTE}{task.task_spec.bpmn_id}")
        raise


def element_of(error: BaseException | None) -> str:
    """Return the element that is noted on an exception or its causes; "" where none is."""
    while error is not None:
        for note in getattr(error, "__notes__", ()):
            if note.startswith(_NOTE):
                return str(note.removeprefix(_NOTE))
        error = error.__cause__ or error.__context__
    return ""

"""What a workflow tells of itself: elements passed, tasks and messages waited for, things sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.spiff.elements import Element


@dataclass(frozen=True)
class Passed:
    """An element that a token passed in this step, and where the token came from."""

    process_key: str
    element: Element
    task_id: str
    came_from: str


@dataclass(frozen=True)
class OpenTask:
    """A user task that waits for a person."""

    id: str
    process_key: str
    element: Element
    came_from: str
    data: dict[str, Any]


@dataclass(frozen=True)
class WaitingMessage:
    """A message or signal that an event waits for."""

    id: str
    process_key: str
    element: Element
    #: message or signal.
    kind: str
    name: str
    #: Its correlation key where the diagram computes one.
    key: str | None


@dataclass(frozen=True)
class WaitingTimer:
    """A timer that a case waits for."""

    element: Element
    due: datetime


@dataclass(frozen=True)
class Thrown:
    """A message or signal that an event sent and that nothing in the case itself took."""

    process_key: str
    element: Element
    #: message or signal.
    kind: str
    name: str
    #: Its correlation key where the diagram computes one.
    key: str | None
    #: The values that the diagram lists, nothing else.
    payload: dict[str, Any]


Listener = Callable[[Passed], None]

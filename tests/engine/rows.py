"""What a row of the conformance tables is: a small diagram, and what becomes of it."""

from dataclasses import dataclass, field
from typing import Any

from tests.engine.elements import LANE, lane_set, process

Step = tuple[str, str, dict[str, Any]]


def do(key: str, **values: Any) -> Step:
    """Complete the first open task with this id."""
    return "do", key, values


def wait(**delta: float) -> Step:
    """Let time pass and fire what is due."""
    return "wait", "", delta


def send(name: str, **values: Any) -> Step:
    """Send a message that an event waits for."""
    return "send", name, values


def fails(key: str, **values: Any) -> Step:
    """Complete a task and be refused with a sentence."""
    return "fails", key, values


@dataclass(frozen=True)
class Run:
    """A construct that runs."""

    section: str
    construct: str
    #: What is meant, in a sentence for the support page.
    rule: str
    parts: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    #: Ids of the elements passed, in any order; they may repeat.
    trace: str = ""
    #: Ids of the tasks that are open at the end; none means that the case has ended.
    open: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    roots: str = ""
    #: Whether the diagram is written anew before SpiffWorkflow reads it.
    repaired: bool = False
    more: tuple[bytes, ...] = ()

    @property
    def files(self) -> tuple[bytes, ...]:
        """The diagrams of the row."""
        return process(*self.parts, roots=self.roots), *self.more

    def __str__(self) -> str:
        return f"{self.section}: {self.construct}"


@dataclass(frozen=True)
class Refusal:
    """A construct that the gate refuses, naming the element."""

    section: str
    construct: str
    rule: str
    element: str
    parts: tuple[str, ...]
    roots: str = ""
    more: tuple[bytes, ...] = ()
    severity: str = "error"
    #: Lanes as "id element element"; "" for one lane with all elements.
    lanes: tuple[str, ...] = ()
    title: str = LANE

    @property
    def files(self) -> tuple[bytes, ...]:
        """The diagrams of the row."""
        drawn = process(*self.parts, roots=self.roots)
        if self.lanes:
            before, _, rest = drawn.partition(b"<bpmn:laneSet ")
            after = rest.partition(b"</bpmn:laneSet>")[2]
            drawn = before + lane_set(self.lanes, self.title).encode() + after
        return drawn, *self.more

    def __str__(self) -> str:
        return f"{self.section}: {self.construct}"

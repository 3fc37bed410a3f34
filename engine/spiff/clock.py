"""Let SpiffWorkflow's timers follow the engine's clock instead of the machine's.

SpiffWorkflow 3.2.0 asks ``datetime.now`` inside its timer module. The step's own instant is put
there instead, so that one step has one time, tests can choose it, and a simulation can move it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, tzinfo

from SpiffWorkflow.bpmn.specs.event_definitions import timer

_now: ContextVar[datetime | None] = ContextVar("now", default=None)


def now() -> datetime:
    """Return the step's instant, or the machine's outside of a step."""
    return _now.get() or datetime.now(UTC)


class StepTime(datetime):
    """A datetime whose present is the step's."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "StepTime":
        """Return the step's instant."""
        return cls.fromtimestamp(now().timestamp(), tz)


timer.datetime = StepTime


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let timers see this instant inside the block."""
    token = _now.set(instant)
    try:
        yield
    finally:
        _now.reset(token)

"""Whose time the timers follow: the step's, not the machine's.

One step has one time, tests can choose it, and a simulation can move it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_now: ContextVar[datetime | None] = ContextVar("now", default=None)


def now() -> datetime:
    """Return the step's instant, or the machine's outside of a step."""
    return _now.get() or datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let timers see this instant inside the block."""
    token = _now.set(instant)
    try:
        yield
    finally:
        _now.reset(token)

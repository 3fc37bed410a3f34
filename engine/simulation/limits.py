"""Bound the processor time of one simulation, so that no diagram holds up the ones after it."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Seconds of processor time that one simulation may take.
MOST_SECONDS = 10.0
#: Seconds until the alarm rings again, in case a callback swallowed it.
AGAIN = 0.25


class TimeSpent(BaseException):
    """The time is up; nothing that handles errors may take it for one of its own."""


class _Alarm:
    armed = False

    def ring(self, _signal: int, _frame: Any) -> None:
        if self.armed:
            raise TimeSpent

    def stop(self) -> None:
        self.armed = False
        signal.setitimer(signal.ITIMER_PROF, 0)


_alarm = _Alarm()


def _works_here() -> bool:
    """Tell whether this is the main thread of a Unix process: only that has such an alarm."""
    main = threading.current_thread() is threading.main_thread()
    return main and hasattr(signal, "setitimer")


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise ``TimeSpent`` inside the block when it has computed for so long.

    Where there is no alarm, the engine's own limits on steps and trees are the bound.
    """
    if not _works_here():
        yield
        return
    # The handler stays: SIGPROF ends a process that has none.
    signal.signal(signal.SIGPROF, _alarm.ring)
    try:
        try:
            _alarm.armed = True
            signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)
            yield
        finally:
            _alarm.stop()
    except TimeSpent:
        _alarm.stop()  # it may have rung while the block above was stopping it
        raise

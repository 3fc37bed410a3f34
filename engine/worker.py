"""Let time pass: a thread that fires due timers while the server runs."""

import logging
from collections.abc import Callable
from threading import Event, Thread

from engine.jobs import run_due
from engine.transaction import Engine

log = logging.getLogger(__name__)
#: Seconds between two looks at the timers.
INTERVAL = 5.0


def _loop(engine: Engine, stopped: Event, interval: float) -> None:
    while not stopped.wait(interval):
        try:
            run_due(engine)
        except Exception:
            log.exception("a round of timers failed; the next one tries again")


def start(engine: Engine, interval: float = INTERVAL) -> Callable[[], None]:
    """Start firing timers; call what is returned to stop, which waits for the round to end."""
    stopped = Event()
    thread = Thread(target=_loop, args=(engine, stopped, interval), name="timers", daemon=True)
    thread.start()

    def stop() -> None:
        stopped.set()
        thread.join()

    return stop

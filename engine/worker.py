"""Let jobs run and time pass: what ``kartabl serve`` does beside the pages, and a worker alone."""

import logging
import os
import secrets
import socket
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

from engine import durable, jobs, messages
from engine.transaction import Engine

log = logging.getLogger(__name__)
#: Seconds between two looks at the timers.
INTERVAL = 2.0
#: Looks at the timers between two rounds of housekeeping: once an hour.
HOUSEKEEPING = 1800
#: Days after which a message that found no receiver is given up.
MESSAGE_DAYS = 90


def worker_id(engine: Engine) -> str:
    """Return who this process is: on SQLite always the same, so that a restart goes on at once."""
    if engine.database.dialect.name == "sqlite":
        return "embedded"
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"


def _round(engine: Engine, me: str) -> None:
    durable.beat(engine, me)
    durable.enqueue(engine, jobs.due(engine))
    durable.take_over(engine, me)


def _housekeeping(engine: Engine) -> None:
    durable.clean_up(engine)
    with engine.transaction() as tx:
        messages.expire(tx, tx.now - timedelta(days=MESSAGE_DAYS))


def _loop(engine: Engine, me: str, stopped: Event, interval: float) -> None:
    rounds = 0
    while not stopped.wait(interval):
        try:
            _round(engine, me)
            if rounds % HOUSEKEEPING == 0:
                _housekeeping(engine)
        except Exception:
            log.exception("a round of the clock failed; the next one tries again")
        rounds += 1


def start(engine: Engine, *, at_once: int = 4, interval: float = INTERVAL) -> Callable[[], None]:
    """Run jobs and fire timers; call what is returned to stop, which lets running jobs end."""
    me, stopped = worker_id(engine), Event()
    durable.beat(engine, me)
    durable.launch(engine, me, at_once)
    thread = Thread(target=_loop, args=(engine, me, stopped, interval), name="clock", daemon=True)
    thread.start()

    def stop() -> None:
        stopped.set()
        thread.join()
        durable.stop()

    return stop

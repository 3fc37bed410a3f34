"""A worker of its own process, with a handler that writes what it does into a file."""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from engine import worker
from engine.durable import DurableQueue
from engine.service_tasks import Handler, JobContext, Outside
from engine.transaction import Engine
from tests.engine.conftest import ROLES


def handlers(place: Path) -> dict[str, Handler]:
    """Return a handler that notes its key before and after it works for a moment."""

    def note(line: str) -> None:
        with (place / "effects").open("a") as file:
            file.write(line + "\n")

    def work(context: JobContext, parameters: Mapping[str, Any]) -> dict[str, Any]:
        note(f"begun {context.idempotency_key} {os.getpid()}")
        time.sleep(float(parameters.get("seconds", 0)))
        if (place / "closed").exists():
            raise ConnectionError("closed")
        note(f"done {context.idempotency_key} {os.getpid()}")
        return {"worked": True}

    return {"work": Outside(work, attempts=4, pause=0.2, backoff=1.0)}


def make_engine(url: str, place: Path) -> Engine:
    """Return an engine with a durable queue."""
    queue = DurableQueue(make_url(url))
    return Engine(url, roles=ROLES, handlers=handlers(place), files=place / "files", queue=queue)


def main(url: str, place: str) -> None:
    """Work until somebody ends the process."""
    stop = worker.start(make_engine(url, Path(place)), interval=0.5)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    stop()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A process that completes whatever is open in many shared cases, against others that do so too."""

import json
import random
import sys
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from engine import instances, tasks
from engine.errors import Conflict
from engine.models import UserTask
from engine.transaction import Engine
from tests.engine.conftest import CLERK, ROLES


def blow(engine: Engine, luck: random.Random) -> str:
    """Complete one open task as its page shows it; return how it went."""
    with engine.reading(CLERK) as tx:
        open_tasks = tx.session.scalars(select(UserTask).where(UserTask.state == "open")).all()
        if not open_tasks:
            return "idle"
        task = luck.choice(open_tasks)
        revision = instances.get(tx, task.instance_id).revision
    try:
        with engine.transaction(CLERK) as tx:
            tasks.complete(tx, task.id, {"count": luck.randrange(1000)}, revision=revision)
    except Conflict as refusal:
        return type(refusal).__name__
    return "done"


def main(url: str, files: str, seed: str, seconds: str) -> None:
    """Hammer for some seconds and print the counts as JSON."""
    engine = Engine(url, roles=ROLES, handlers={}, files=Path(files))
    luck, until, counts = random.Random(seed), time.monotonic() + float(seconds), Counter[str]()
    while time.monotonic() < until:
        counts[blow(engine, luck)] += 1
    engine.database.dispose()
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main(*sys.argv[1:])

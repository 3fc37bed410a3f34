"""A process that completes one task after another until somebody kills it."""

import sys
from pathlib import Path

from engine import instances, tasks
from engine.transaction import Engine
from tests.engine.conftest import CLERK, ROLES


def main(url: str, files: str, case: str) -> None:
    """Complete the loop's task for ever, saying so after each commit."""
    engine = Engine(url, roles=ROLES, handlers={}, files=Path(files))
    while True:
        with engine.reading(CLERK) as tx:
            revision = instances.get(tx, case).revision
            [task] = instances.tasks_of(tx, case)
        with engine.transaction(CLERK) as tx:
            tasks.complete(tx, task.id, {"outcome": "again"}, revision=revision)
        sys.stdout.write("done\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

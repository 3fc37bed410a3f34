"""Run all measurements and print one table: ``python -m tests.bench [full|quick]``."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import inboxes, pages, steps, storage
from tests.bench.databases import postgres, sqlite
from tests.bench.report import FULL, SIZES, Part, Size


def parts(place: Path, size: Size) -> Iterator[Part]:
    """Measure part after part, the quick ones first."""
    with postgres(place) as server:
        makers = {"SQLite": sqlite(place), "PostgreSQL": server}
        for kind, make in makers.items():
            yield steps.measure(kind, make, place, size)
        yield pages.measure(place / "site", size)
        for kind, make in makers.items():
            yield storage.measure(kind, make, place, size)
        for kind, make in makers.items():
            yield inboxes.measure(kind, make, place, size)


def main(name: str = FULL) -> None:
    """Print each part as soon as it is measured."""
    before = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kartabl-bench-") as folder:
        for part in parts(Path(folder), SIZES[name]):
            load = os.getloadavg()[0]
            print(part.text(), f"\n\nLoad of the machine: {load:.1f}", flush=True)  # noqa: T201
    print(f"\n{time.monotonic() - before:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:2])

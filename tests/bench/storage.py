"""What a finished case leaves behind."""

from pathlib import Path

from tests.bench import cases, weighing
from tests.bench.cases import Case
from tests.bench.databases import Maker
from tests.bench.report import Figure, Part, Size

#: Kilobytes that a finished case of six steps may keep, with its history.
MOST = 20


def measure(kind: str, make: Maker, place: Path, size: Size) -> Part:
    """Weigh cases of six user tasks, each with a form of a dozen fields, from start to end."""
    kartabl = cases.engine(make("storage"), place)
    sizes = []
    for _ in range(2):  # the first round leaves the spare room that there always is
        last = [Case(kartabl, "six").steps(6) for _ in range(size.cases)][-1]
        sizes.append(weighing.size(kartabl.database))
    row = last.row()
    assert row.state == "completed"
    kartabl.database.dispose()
    figures = [
        Figure(
            "a finished case of six steps", (sizes[1] - sizes[0]) / size.cases / 1e3, "kB", MOST
        ),
        Figure("of that, its workflow", len(row.workflow) / 1e3, "kB"),
        Figure("entries of its event log", row.log_length, ""),
    ]
    return Part(f"Stored, {kind}", figures)

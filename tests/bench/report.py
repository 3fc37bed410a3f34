"""Figures, their goals, and the tables that are printed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

#: How much is measured: everything, what fits in a minute, or just enough to see that it works.
FULL, QUICK, TINY = "full", "quick", "tiny"


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    #: Steps of each kind that are timed.
    steps: int
    #: The step of one case that is compared with its tenth, and that in plain SpiffWorkflow.
    late_step: int
    plain_step: int
    #: Open tasks in the inboxes, the smallest first.
    inboxes: tuple[int, ...]
    #: Calls of each inbox query, and how often they are repeated: the quietest batch counts.
    calls: int
    batches: int
    #: Times that each page and form is asked for.
    requests: int
    #: Finished cases that are weighed.
    cases: int

    def few(self) -> "Size":
        """Return the size for what takes long."""
        return replace(self, calls=max(1, self.calls // 20), batches=1)


SIZES = {
    FULL: Size(400, 1_000, 300, (1_000, 100_000, 1_000_000), 200, 5, 150, 300),
    QUICK: Size(60, 1_000, 100, (1_000, 10_000), 200, 1, 20, 50),
    TINY: Size(3, 20, 12, (50, 100), 3, 1, 2, 3),
}


def _number(value: float) -> str:
    return f"{value:,.{0 if value >= 1_000 or value == int(value) else 2}f}"


@dataclass(frozen=True)
class Figure:
    """One measured number."""

    what: str
    value: float
    unit: str
    #: The most that it should be; None where nothing was promised.
    most: float | None = None

    def cells(self) -> list[str]:
        """Return the figure's row."""
        goal = "" if self.most is None else f"≤ {self.most:g}"
        met = "" if self.most is None else _met(self.value <= self.most)
        return [self.what, f"{_number(self.value)} {self.unit}".strip(), goal, met]


@dataclass(frozen=True)
class Times:
    """What one query takes at several sizes."""

    what: str
    #: Size → (p50, p99) in milliseconds.
    at: dict[int, tuple[float, float]]
    #: The most that p99 at the largest size should be, and how often that at the smallest.
    most: float | None = None
    growth: float | None = None

    def cells(self) -> list[str]:
        """Return the query's row."""
        times = list(self.at.values())
        slow, grown = times[-1][1], times[-1][1] / times[0][1]
        met = (self.most is None or slow <= self.most) and (
            self.growth is None or grown <= self.growth
        )
        goals = [f"≤ {self.most:g} ms"] if self.most else []
        goals += [f"≤ {self.growth:g} ×"] if self.growth else []
        cells = [f"{_number(p50)} / {_number(p99)}" for p50, p99 in times]
        return [self.what, *cells, f"{grown:.2f}", ", ".join(goals), _met(met) if goals else ""]


def _met(met: bool) -> str:
    return "yes" if met else "no"


@dataclass(frozen=True)
class Part:
    """One table."""

    title: str
    rows: Sequence[Figure | Times]
    head: Sequence[str] = field(default=("measured", "goal", "met"))

    def text(self) -> str:
        """Return the table in Markdown."""
        head = [self.title, *self.head]
        lines = [head, ["---"] * len(head), *(row.cells() for row in self.rows)]
        return "\n".join(["", *(f"| {' | '.join(cells)} |" for cells in lines)])

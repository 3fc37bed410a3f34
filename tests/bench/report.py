"""Figures, their goals, and the tables that are printed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tests.bench.measuring import median, percentile

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
    FULL: Size(400, 1_000, 300, (1_000, 100_000, 1_000_000), 200, 3, 150, 300),
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
class Spread:
    """Milliseconds of many calls: the middle and the slowest hundredth."""

    cpu: tuple[float, float]
    #: What somebody waits, with everything else that the machine does meanwhile.
    wall: tuple[float, float]

    def text(self) -> str:
        """Return the cell of the table."""
        cpu, wall = (" / ".join(map(_number, each)) for each in (self.cpu, self.wall))
        return f"{cpu} ({wall})"


def spread(times: Sequence[tuple[float, float]]) -> Spread:
    """Return the spread of calls, each with its CPU and wall time."""
    cpu, wall = zip(*times, strict=True)
    return Spread(*((median(each), percentile(each, 0.99)) for each in (cpu, wall)))


@dataclass(frozen=True)
class Times:
    """What one query takes at several sizes."""

    what: str
    #: Number of tasks → milliseconds.
    at: dict[int, Spread]
    #: The most that p99 of CPU time should be at the largest size, and how many times that at
    #: the smallest.
    most: float | None = None
    growth: float | None = None

    def cells(self) -> list[str]:
        """Return the query's row."""
        times = list(self.at.values())
        slow, grown = times[-1].cpu[1], times[-1].cpu[1] / times[0].cpu[1]
        met = (self.most is None or slow <= self.most) and (
            self.growth is None or grown <= self.growth
        )
        goals = [f"≤ {self.most:g} ms"] if self.most else []
        goals += [f"≤ {self.growth:g} ×"] if self.growth else []
        cells = [each.text() for each in times]
        return [self.what, *cells, f"{grown:.2f} ×", ", ".join(goals), _met(met) if goals else ""]


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

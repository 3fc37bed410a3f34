"""Count statements and commits, and time acts one after the other on a noisy machine."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine as Database
from sqlalchemy import event

Act = Callable[[], object]
Key = TypeVar("Key")


@dataclass
class Tally:
    """What a database was asked since the last ``clear``."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0

    def clear(self) -> None:
        """Begin to count anew."""
        self.statements.clear()
        self.commits = 0

    def copy(self) -> "Tally":
        """Return what was counted so far."""
        return Tally(list(self.statements), self.commits)

    def of(self, act: Act) -> tuple[int, int]:
        """Return the statements (without BEGIN) and commits of one act."""
        self.clear()
        act()
        return self.asked, self.commits

    @property
    def asked(self) -> int:
        """The number of statements, without BEGIN."""
        return sum(not each.startswith("BEGIN") for each in self.statements)


def tally(database: Database) -> Tally:
    """Begin to count on a database."""
    counted = Tally()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted.statements.append(statement)

    def commit(_connection: Any) -> None:
        counted.commits += 1

    event.listen(database, "before_cursor_execute", note)
    event.listen(database, "commit", commit)
    return counted


def interleaved(
    rounds: int, acts: Mapping[Key, Act], *, clock: Callable[[], float] = time.process_time
) -> dict[Key, list[float]]:
    """Return the CPU milliseconds of each act, in turn, so that noise meets all alike."""
    return {name: [cpu for cpu, _ in times] for name, times in timed(rounds, acts, clock).items()}


def timed(
    rounds: int, acts: Mapping[Key, Act], clock: Callable[[], float]
) -> dict[Key, list[tuple[float, float]]]:
    """Return the milliseconds of each act by a clock and on the wall."""
    times: dict[Key, list[tuple[float, float]]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            wall, before = time.perf_counter(), clock()
            act()
            cpu = clock() - before
            times[name].append((1_000 * cpu, 1_000 * (time.perf_counter() - wall)))
    return times


class Clock:
    """Tells the CPU seconds of this process and of the servers that work for it."""

    def __init__(self, servers: Iterable[int] = ()) -> None:
        #: Linux counts a process's nanoseconds on a CPU here.
        self._servers = [Path(f"/proc/{pid}/schedstat") for pid in servers]

    def __call__(self) -> float:
        """Return CPU seconds."""
        served = sum(int(each.read_text().split()[0]) for each in self._servers)
        return time.process_time() + served / 1e9


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return percentile(values, 0.5)

"""Inbox pages and counts, from a thousand to a million open tasks."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from engine import inbox
from engine.inbox import InboxFilter
from engine.transaction import Engine
from tests.bench import filling
from tests.bench.databases import Maker
from tests.bench.filling import DAYS, EARLIEST, PERSON
from tests.bench.measuring import Act, Clock, timed
from tests.bench.report import Part, Size, Spread, Times, spread
from tests.engine.conftest import TODAY
from workflows.roles import ROLES

#: Reads in the order of an index: milliseconds that p99 may take, and how many times as long for
#: the largest inbox as for the smallest.
MOST_MS, MOST_GROWTH = 5.0, 1.5
IN_ORDER: dict[str, dict[str, Any]] = {
    "first page": {},
    "in my hands": {"view": "mine"},
    "on behalf of offices": {"view": "behalf"},
    "late": {"lateness": "late"},
}
#: Searches; each page looks at ``inbox.MOST_SEARCHED`` tasks of a post at most.
SEARCHES: dict[str, dict[str, Any]] = {
    "one district": {"district": "d09"},
    "one process": {"process": filling.PROCESSES[1]},
    "a common word": {"text": "مدارک"},
    "a rare word": {"text": filling.RARE},
}


def _look(kartabl: Engine, **given: Any) -> inbox.Page:
    with kartabl.reading(PERSON) as tx:
        return inbox.page(tx, InboxFilter(**given))


def _count(kartabl: Engine) -> dict[str, int]:
    with kartabl.reading(PERSON) as tx:
        return inbox.counts(tx)


def _asking(given: dict[str, Any]) -> Callable[[Engine], Act]:
    return lambda kartabl: lambda: _look(kartabl, **given)


def _anywhere(kartabl: Engine) -> Act:
    """Return an act that opens a page in another place each time."""
    instants = [EARLIEST + timedelta(days=(7 * n) % DAYS) for n in range(DAYS)]
    cursors = itertools.cycle(
        f"{at.isoformat()}~{UUID(int=n << 121)}" for n, at in enumerate(instants)
    )
    return lambda: _look(kartabl, after=next(cursors))


def _to_the_end(kartabl: Engine) -> int:
    """Search for a rare word until no page follows; return the number of pages."""
    after = _look(kartabl, text=filling.RARE).next
    pages = 1
    while after:
        after = _look(kartabl, text=filling.RARE, after=after).next
        pages += 1
    return pages


Engines = dict[int, Engine]


def _clock(engines: Engines) -> Clock:
    """Return a clock of CPU time that also sees the servers' work, where they run here."""
    pids = []
    for each in engines.values():
        if each.database.dialect.name == "postgresql":
            with each.database.connect() as connection:
                pids.append(connection.scalar(select(func.pg_backend_pid())))
    return Clock(pids)


def _times(engines: Engines, act: Callable[[Engine], Act], size: Size) -> dict[int, Spread]:
    """Return the spread of the quietest of several batches: others share the machine."""
    acts, clock = {count: act(each) for count, each in engines.items()}, _clock(engines)
    batches = [timed(size.calls, acts, clock) for _ in range(size.batches)]
    return {
        count: min((spread(batch[count]) for batch in batches), key=lambda each: each.cpu[1])
        for count in acts
    }


def _filled(make: Maker, place: Path, count: int) -> Engine:
    kartabl = Engine(
        make(f"inbox{count}"), roles=ROLES, handlers={}, files=place, clock=lambda: TODAY
    )
    filling.fill(kartabl, count)
    return kartabl


def measure(kind: str, make: Maker, place: Path, size: Size) -> Part:
    """Fill an inbox of each size on one kind of database and look into all of them in turn."""
    engines = {count: _filled(make, place, count) for count in size.inboxes}
    goals = MOST_MS, MOST_GROWTH
    rows = [
        Times(name, _times(engines, _asking(given), size), *goals)
        for name, given in IN_ORDER.items()
    ]
    rows.append(Times("a page anywhere", _times(engines, _anywhere, size), *goals))
    rows.append(Times("counts", _times(engines, lambda e: lambda: _count(e), size), *goals))
    rows += [Times(name, _times(engines, _asking(given), size)) for name, given in SEARCHES.items()]
    pages = _to_the_end(engines[size.inboxes[-1]])
    ends = _times(engines, lambda e: lambda: _to_the_end(e), size.few())
    rows.append(Times(f"a rare word, to the end ({pages} pages)", ends))
    for each in engines.values():
        each.database.dispose()
    head = [f"{count:,} tasks" for count in size.inboxes]
    return Part(
        f"Inbox, {kind}: p50 / p99 in CPU ms (wall ms)",
        rows,
        [*head, "growth of p99", "goal", "met"],
    )

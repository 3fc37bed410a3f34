"""The inbox: which user tasks are mine, which my posts may claim, which are late.

The inbox is made of branches: the tasks in the person's hands, and for each of his posts the free
tasks routed to it. Every branch lies in one index in the order in which a page shows it
(``UserTask.__table_args__``), so a page takes the first rows of each branch and merges them, and a
count stops where people stop counting: neither grows with the number of open tasks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from engine import inbox_queries as queries
from engine.calendar import end_of_day, local_date
from engine.identity import Role
from engine.models import UserTask
from engine.transaction import Transaction
from forms.text import clean, search_key

View = Literal["all", "mine", "open", "behalf"]
#: Tasks of each branch that a count looks at; a greater number means «more than this».
MOST_COUNTED = 1_000
#: Tasks of each branch that one page looks through for a text or a process.
MOST_SEARCHED = 20_000

#: What the tasks of a branch have in common, as ``{"role": "clerk", "scope": ""}``.
Branch = dict[str, str]
Place = tuple[datetime, str]
_ESCAPED = str.maketrans({"/": "//", "%": "/%", "_": "/_"})


@dataclass(frozen=True)
class InboxFilter:
    """What the actor wants to see of the inbox."""

    #: all: mine and claimable; mine: held by me; open: claimable; behalf: recordable for offices.
    view: View = "all"
    process: str = ""
    district: str = ""
    lateness: Literal["", "late", "today", "week"] = ""
    text: str = ""
    #: Cursor of the page before.
    after: str = ""
    limit: int = 25


@dataclass(frozen=True)
class Page:
    """One page of the inbox, most urgent first."""

    rows: list[UserTask]
    #: Cursor of the next page; "" at the end. A page that searched through many tasks and found
    #: few has one too.
    next: str


def _branches(tx: Transaction, view: View) -> list[Branch]:
    mine = [{"holder": tx.actor.username}]
    if view == "mine":
        return mine
    if view == "behalf":
        return _least(_proxies(tx, logins=True))
    posts: list[Branch] = [{"role": role, "scope": scope} for role, scope in tx.actor.assignments]
    claimable = _least([*posts, *_proxies(tx, logins=False)])
    return claimable if view == "open" else mine + claimable


def _proxies(tx: Transaction, *, logins: bool) -> list[Branch]:
    """Return the branches that the actor may record for others.

    ``logins`` picks the parties that can log in themselves; the others act only through a proxy.
    """
    roles = tx.engine.roles
    return [
        _recorded_by(roles[key], scope, role)
        for role in roles.values()
        if role.login is logins
        for key in role.represented_by
        for scope in tx.actor.scopes(key)
    ]


def _recorded_by(proxy: Role, scope: str, role: Role) -> Branch:
    if proxy.scope == "district":
        return {"role": role.key, "district": scope}
    return {"role": role.key, "scope": ""} if role.scope == "company" else {"role": role.key}


def _least(branches: Iterable[Branch]) -> list[Branch]:
    """Leave out the branches whose tasks another one has all."""
    least: list[Branch] = []
    for each in sorted(branches, key=len):
        if not any(other.items() <= each.items() for other in least):
            least.append(each)
    return least


def _within(tx: Transaction, branches: list[Branch], district: str) -> list[Branch]:
    """Narrow branches to a district where an index can do it; a condition does the rest."""
    company = {role.key for role in tx.engine.roles.values() if role.scope == "company"}
    narrowed = []
    for each in branches:
        if "holder" in each or ("scope" in each and each["role"] not in company):
            narrowed.append(each)
        elif each.get("district", district) == district:
            narrowed.append({"role": each["role"], "district": district})
    return _least(narrowed)


def _shape(branches: list[Branch]) -> queries.Shape:
    return tuple(tuple(each) for each in branches)


def _bound(branches: list[Branch]) -> dict[str, Any]:
    return {f"{name}_{n}": each[name] for n, each in enumerate(branches) for name in each}


def _disjoint(branches: list[Branch]) -> bool:
    """Tell whether no task lies in two branches: only unlike branches of one role share some."""
    kinds = {(each.get("role"), *each) for each in branches}
    return len(kinds) == len({each.get("role") for each in branches})


#: Conditions that a filter asks for (``inbox_queries.CONDITIONS``), each with its values.
Given = dict[str, dict[str, Any]]


def _given(tx: Transaction, wanted: InboxFilter) -> Given:
    today = local_date(tx.now)
    until = {"late": tx.now, "today": end_of_day(today), "week": end_of_day(today + timedelta(7))}
    given: Given = {}
    if wanted.lateness:
        given["due"] = {"due": until[wanted.lateness]}
    if wanted.process:
        given["process"] = {"process": clean(wanted.process)}
    if wanted.district:
        given["district"] = {"district": clean(wanted.district)}
    if key := search_key(wanted.text):
        given["text"] = {"text": f"%{key.translate(_ESCAPED)}%"}
    if place := _place(wanted.after):
        given["after"] = _at("after", place)
    return given


def _place(cursor: str) -> Place | None:
    """Read a cursor; None for "" and for what is none."""
    due, _, task_id = cursor.partition("~")
    try:
        return datetime.fromisoformat(due).astimezone(UTC), str(UUID(task_id))
    except (ValueError, OverflowError):
        return None


def _at(name: str, place: Place) -> dict[str, Any]:
    return {f"{name}_at": place[0], f"{name}_id": place[1]}


def _values(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {name: value for each in given.values() for name, value in each.items()}


def page(tx: Transaction, wanted: InboxFilter) -> Page:
    """Return a page of open user tasks, the earliest deadline first."""
    branches = _branches(tx, wanted.view)
    if wanted.district:
        branches = _within(tx, branches, clean(wanted.district))
    if not branches:
        return Page([], "")
    given = _given(tx, wanted)
    end = _searched_until(tx, branches, given)
    if end:
        given["until"] = _at("until", end)
    query = queries.rows(_shape(branches), frozenset(given), disjoint=_disjoint(branches))
    values = {**_bound(branches), **_values(given), "limit": wanted.limit + 1}
    rows = list(tx.session.scalars(query, values))
    if len(rows) > wanted.limit:
        rows = rows[: wanted.limit]
        end = rows[-1].due_at, rows[-1].id
    return Page(rows, f"{end[0].isoformat()}~{end[1]}" if end else "")


def _searched_until(tx: Transaction, branches: list[Branch], given: Given) -> Place | None:
    """Return the place up to which one page searches; None where it sees everything.

    It is the same in all branches, so that nothing is passed over. A district is searched for
    only in branches that no index narrows to it.
    """
    unordered = any({"district", "holder"}.isdisjoint(each) for each in branches)
    if not (given.keys() & {"process", "text"} or ("district" in given and unordered)):
        return None
    ordered: Given = {name: given[name] for name in ("after", "due") if name in given}
    query = queries.first(_shape(branches), frozenset(ordered), skip=True)
    values = {**_bound(branches), **_values(ordered), "limit": 1, "skip": MOST_SEARCHED - 1}
    row = tx.session.execute(query, values).one_or_none()
    return (row.due_at, row.id) if row else None


def counts(tx: Transaction) -> dict[str, int]:
    """Count for the badges: mine, open, behalf, and how many of mine and open are late.

    A number above ``MOST_COUNTED`` means that there are more than that.
    """
    parts: dict[str, list[Branch]] = {
        "mine": _branches(tx, "mine"),
        "open": _branches(tx, "open"),
        "behalf": _branches(tx, "behalf"),
        "late": _branches(tx, "all"),
    }
    branches = parts["late"] + parts["behalf"]
    numbers = tuple(
        queries.Number(name, tuple(map(branches.index, part)), _disjoint(part), name == "late")
        for name, part in parts.items()
    )
    values = {**_bound(branches), "due": tx.now, "limit": MOST_COUNTED + 1}
    row = tx.session.execute(queries.counts(_shape(branches), numbers), values).mappings().one()
    return {name: row[name] for name in parts}

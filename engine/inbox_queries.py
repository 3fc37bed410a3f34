"""The statements of the inbox, made once for each shape of branches and kept.

To write such a statement in SQLAlchemy takes longer than to run it, so values are bound later:
those of the n-th branch as ``role_n``, ``scope_n``, …; those of a condition under its own name.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Executable,
    Integer,
    Select,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union,
    union_all,
)

from engine.models import UserTask
from engine.models.base import UtcDateTime

#: Columns that the tasks of a branch have in common; "holder" is who has them in his hands.
Names = tuple[str, ...]
Shape = tuple[Names, ...]

_BY_DUE = (UserTask.due_at, UserTask.id)
_COLUMNS = {
    "holder": UserTask.assignee,
    "role": UserTask.role,
    "scope": UserTask.scope,
    "district": UserTask.district,
}


def _at(name: str) -> Any:
    return tuple_(bindparam(f"{name}_at", type_=UtcDateTime()), bindparam(f"{name}_id"))


#: What a filter and a cursor ask of the tasks of every branch.
CONDITIONS: dict[str, ColumnElement[bool]] = {
    "after": tuple_(*_BY_DUE) > _at("after"),
    "until": tuple_(*_BY_DUE) <= _at("until"),
    "due": UserTask.due_at <= bindparam("due"),
    "process": UserTask.process_key == bindparam("process"),
    # Joined to nothing, so that SQLite does not read a post's tasks from the district's index.
    "district": UserTask.district.concat(literal_column("''")) == bindparam("district"),
    "text": UserTask.search_key.like(bindparam("text"), escape="/"),
}


def _tasks(columns: Sequence[Any], names: Names, n: int) -> Select[Any]:
    """Select the tasks of the n-th branch."""
    # Written out, not bound: an index of open tasks serves only statements that say so.
    query = select(*columns).where(UserTask.state == literal_column("'open'"))
    if "holder" not in names:
        query = query.where(UserTask.assignee.is_(None))
    return query.where(*(_COLUMNS[name] == bindparam(f"{name}_{n}") for name in names))


def _together(selects: Sequence[Select[Any]], *, disjoint: bool) -> CompoundSelect[Any]:
    parts = [select(each.subquery()) for each in selects]
    return (union_all if disjoint else union)(*parts)


@lru_cache(maxsize=500)
def first(
    shape: Shape, conditions: frozenset[str], *, disjoint: bool = True, skip: bool = False
) -> Select[Any]:
    """Select due date and id of the ``limit`` first tasks of all branches together.

    With ``skip`` it selects the first of those that lie behind ``skip`` tasks in their branch.
    """
    where = [CONDITIONS[name] for name in sorted(conditions)]
    limit, skipped = bindparam("limit", type_=Integer), bindparam("skip", type_=Integer)
    selects = [
        _tasks(_BY_DUE, names, n).where(*where).order_by(*_BY_DUE).limit(limit)
        for n, names in enumerate(shape)
    ]
    selects = [each.offset(skipped) for each in selects] if skip else selects
    rows = _together(selects, disjoint=disjoint).subquery().c
    return select(rows.due_at, rows.id).order_by(rows.due_at, rows.id).limit(limit)


@lru_cache(maxsize=500)
def rows(shape: Shape, conditions: frozenset[str], *, disjoint: bool) -> Select[UserTask]:
    """Select the ``limit`` first tasks of all branches together."""
    keys = first(shape, conditions, disjoint=disjoint).subquery()
    return select(UserTask).where(UserTask.id.in_(select(keys.c.id))).order_by(*_BY_DUE)


class Number(NamedTuple):
    """Something to count."""

    name: str
    #: Places of its branches among all.
    branches: tuple[int, ...]
    #: Whether no task lies in two of them.
    disjoint: bool
    #: Whether only what is due until ``due`` counts.
    late: bool


@lru_cache(maxsize=500)
def counts(shape: Shape, numbers: tuple[Number, ...]) -> Executable:
    """Count the tasks of each number, up to ``limit``."""
    return select(*(_count(shape, each).label(each.name) for each in numbers))


def _count(shape: Shape, number: Number) -> ColumnElement[int]:
    if not number.branches:
        return literal(0)
    limit = bindparam("limit", type_=Integer)
    where = [CONDITIONS["due"]] if number.late else []
    selects = [
        _tasks([UserTask.id], shape[n], n).where(*where).limit(limit) for n in number.branches
    ]
    # Limited again as a whole: what is more than enough in one branch spares the others.
    counted = _together(selects, disjoint=number.disjoint).limit(limit).subquery()
    return select(func.count()).select_from(counted).scalar_subquery()

"""Write a register row from a case and keep old and new values in the case's history."""

from datetime import date
from typing import Any

from sqlalchemy import inspect

from engine.calendar import local_date
from engine.events import EventType
from engine.history import record
from engine.models import Base
from engine.service_tasks import HandlerContext, HandlerRefused
from workflows.models import Office


def today(context: HandlerContext) -> date:
    """Return the day of the step in Tehran."""
    return local_date(context.tx.now)


def day(context: HandlerContext, name: str) -> date:
    """Return a case value as a day."""
    return date.fromisoformat(str(context.data[name])[:10])


def text(context: HandlerContext, name: str) -> str:
    """Return a case value as text; "" where the form left it empty."""
    return str(context.data.get(name) or "")


def office_of(context: HandlerContext) -> Office:
    """Return the office of the case.

    Raises:
        HandlerRefused: when the case has not registered one yet.

    """
    office = context.tx.session.get(Office, context.instance.office)
    if office is None:
        raise HandlerRefused(
            "این پرونده هنوز دفتری را ثبت نکرده است.",
            "This case has not registered an office yet.",
        )
    return office


def put(context: HandlerContext, row: Base, **values: Any) -> None:
    """Set a row's values; what changed goes into the history as old → new."""
    session = context.tx.session
    old = {name: getattr(row, name) for name in values}
    changed = {name for name in values if old[name] != values[name]}
    for name in changed:
        setattr(row, name, values[name])
    session.add(row)
    session.flush()  # later handlers of the same step look the row up
    if changed:
        keep(
            context,
            row,
            old={name: old[name] for name in sorted(changed)},
            new={name: values[name] for name in sorted(changed)},
        )


def keep(context: HandlerContext, row: Base, *, old: dict[str, Any], new: dict[str, Any]) -> None:
    """Write a change of a register row into the case's history."""
    key = inspect(row).identity
    record(
        context.tx,
        context.instance,
        EventType.office_changed,
        process_key=context.process_key,
        element_id=context.element_id,
        data={
            "register": row.__tablename__,
            "key": "/".join(str(part) for part in key or ()),
            "old": old,
            "new": new,
        },
    )

"""Handler of the user training."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.service_tasks import HandlerContext, HandlerRefused
from workflows.handlers.registers import day, put, text
from workflows.models import OfficeUser


def record_user(context: HandlerContext, _parameters: Mapping[str, Any]) -> None:
    """Keep the trained user who accepted the undertaking (4-3-4, 4-3-5).

    Raises:
        HandlerRefused: when the person is an active user of another office.

    """
    nid, office = text(context, "nid"), context.instance.office
    rows = _active_rows(context, nid)
    if any(row.office != office for row in rows):
        raise HandlerRefused(
            "این شخص هم‌اکنون کاربر فعال دفتر دیگری است.",
            "This person is an active user of another office already.",
        )
    put(
        context,
        rows[0] if rows else OfficeUser(office=office, nid=nid),
        instance_id=context.instance.id,
        name=text(context, "name"),
        mobile=text(context, "user_mobile"),
        username=text(context, "username"),
        trained_on=day(context, "to_date"),
        score=int(context.data["score"]),
        started_on=day(context, "start_date"),
        status="active",
    )


def _active_rows(context: HandlerContext, nid: str) -> list[OfficeUser]:
    query = select(OfficeUser).where(OfficeUser.nid == nid, OfficeUser.status == "active")
    return list(context.tx.session.scalars(query))

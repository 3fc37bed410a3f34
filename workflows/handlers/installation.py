"""Handler of the software installation."""

from collections.abc import Mapping
from typing import Any

from engine.service_tasks import HandlerContext
from workflows.handlers.registers import day, put, text, today
from workflows.models import Installation


def record_installation(context: HandlerContext, _parameters: Mapping[str, Any]) -> None:
    """Keep the installation that the office accepted (4-3-3)."""
    data = context.data
    put(
        context,
        Installation(office=context.instance.office, instance_id=context.instance.id),
        expert=text(context, "expert"),
        visited_on=day(context, "visit_date"),
        computers=list(data.get("computers") or ()),
        printers=list(data.get("printers") or ()),
        app_version=text(context, "app_version"),
        ip=text(context, "ip"),
        remote_tool=text(context, "remote_tool"),
        remote_id=text(context, "remote_id"),
        accepted_on=today(context),
    )

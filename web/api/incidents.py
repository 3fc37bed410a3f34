"""Steps that failed and wait for a person."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from engine import incidents
from engine.models import Incident, ProcessInstance
from engine.states import IncidentState
from engine.tokens import Scope
from engine.transaction import Transaction
from web.access import only
from web.api.components import fields
from web.api.contract import endpoint
from web.api.schemas import a, closed, listed, one_of, text
from web.pages import reading, step
from workflows.access import visible_cases

_MENDERS = only("sysadmin", "service_desk_owner")


def _known(tx: Transaction, rows: Sequence[Incident]) -> list[dict[str, Any]]:
    """Return incidents; those of cases that the person may not see do not say of which."""
    ids = {row.instance_id for row in rows}
    query = select(ProcessInstance.id).where(ProcessInstance.id.in_(ids), visible_cases(tx.actor))
    seen = set(tx.session.scalars(query))
    return [
        fields(row, "Incident", instance_id=row.instance_id if row.instance_id in seen else None)
        for row in rows
    ]


@endpoint(
    "GET",
    "/incidents",
    fa="گام‌هایی که شکست خورده‌اند و شخصی باید به آن‌ها برسد",
    en="Steps that failed and wait for a person",
    scope=Scope.admin,
    rule=_MENDERS,
    query={"state": one_of(*IncidentState, default=IncidentState.open.value)},
    answer=listed("Incident"),
)
def index(*, state: str) -> dict[str, Any]:
    """List incidents, the newest first."""
    with reading() as tx:
        return {"items": _known(tx, incidents.listed(tx, IncidentState(state)))}


@endpoint(
    "POST",
    "/incidents/{incident_id}/retry",
    fa="اجرای دوبارهٔ گام شکست‌خورده؛ دلیل در تاریخچه می‌ماند",
    en="Run a failed step again; the reason goes into the history",
    scope=Scope.admin,
    rule=_MENDERS,
    body=closed({"reason": text(500, 1)}),
    answer=a("Incident"),
)
def retry(incident_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Run the failed step again."""
    with step() as tx:
        row = incidents.retry(tx, incident_id, body["reason"].strip())
        return _known(tx, [row])[0]

"""The register of counter offices: search, and one page for each."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from web.access import SIGNED_IN, allow
from web.pages import reading, show
from workflows import districts, offices
from workflows.access import may_see_personal_data
from workflows.models import Contract, Installation, OfficeUser, Service, StatusChange
from workflows.offices import STATUS_TITLES, OfficeFilter

blueprint = Blueprint("offices", __name__, url_prefix="/offices")


@blueprint.get("")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    """List the offices that the person may see."""
    wanted = OfficeFilter(
        text=request.args.get("q", "")[:100],
        district=request.args.get("district", ""),
        status=request.args.get("status", ""),
        after=request.args.get("after", ""),
    )
    with reading() as tx:
        return show(
            tx,
            "offices/index.html",
            wanted=wanted,
            page=offices.search(tx, wanted),
            districts=districts.active(tx),
            titles=STATUS_TITLES,
        )


@blueprint.get("/<code>")
@allow(SIGNED_IN)
def view(code: str) -> ResponseReturnValue:
    """Show an office: status, contract, installation, users, and all its cases."""
    with reading() as tx:
        office = offices.get(tx, code)
        return show(
            tx,
            "offices/show.html",
            office=office,
            titles=STATUS_TITLES,
            personal=may_see_personal_data(tx.actor, district=office.district, office=code),
            contracts=offices.belonging(tx, Contract, code),
            installations=offices.belonging(tx, Installation, code),
            users=offices.belonging(tx, OfficeUser, code),
            changes=offices.belonging(tx, StatusChange, code),
            cases=offices.cases(tx, code),
            services={row.code: row for row in tx.session.scalars(select(Service))},
        )

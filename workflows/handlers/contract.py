"""Handlers of the contract exchange."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.service_tasks import HandlerContext, HandlerRefused
from workflows.contracts import agreement_in_force, next_contract_no
from workflows.handlers.registers import day, office_of, put, text, today
from workflows.models import Contract
from workflows.offices import OfficeStatus, move

Parameters = Mapping[str, Any]


def _draft(context: HandlerContext) -> Contract | None:
    query = select(Contract).where(
        Contract.instance_id == context.instance.id, Contract.status == "draft"
    )
    return context.tx.session.scalars(query.order_by(Contract.id.desc())).first()


def record_contract_draft(context: HandlerContext, _parameters: Parameters) -> None:
    """Keep the contract as procurement prepared it (5-2).

    Raises:
        HandlerRefused: when no framework agreement is in force, or the contract would outlast
            it or hold services that it does not delegate (A5, A6).

    """
    services = list(context.data["services"])
    _refuse_outside_framework(context, services)
    contract = _draft(context) or Contract(
        office=context.instance.office, instance_id=context.instance.id
    )
    put(
        context,
        contract,
        template_version=text(context, "template_version"),
        services=services,
        valid_from=day(context, "valid_from"),
        valid_to=day(context, "valid_to"),
        pages=int(context.data["pages"]),
        copies=int(context.data["copies"]),
        status="draft",
    )


def _refuse_outside_framework(context: HandlerContext, services: list[Any]) -> None:
    agreement = agreement_in_force(context.tx)
    if agreement is None:
        raise HandlerRefused(
            "تفاهم‌نامهٔ استانداری معتبر نیست؛ تا اعتبار آن تفاهم‌نامه‌ای با دفتر مبادله نمی‌شود.",
            "No framework agreement is in force; until then no contract can be exchanged.",
        )
    if day(context, "valid_to") > agreement.valid_to:
        raise HandlerRefused(
            "تاریخ پایان تفاهم‌نامهٔ دفتر از پایان تفاهم‌نامهٔ استانداری فراتر است.",
            "The contract would outlast the framework agreement.",
        )
    if not set(services) <= set(agreement.services):
        raise HandlerRefused(
            "خدمتی انتخاب شده است که در تفاهم‌نامهٔ استانداری نیست.",
            "A service is chosen that the framework agreement does not delegate.",
        )


def record_contract(context: HandlerContext, _parameters: Parameters) -> dict[str, Any]:
    """Register the exchanged contract under the next number of the year.

    Raises:
        HandlerRefused: unless every page is signed and stamped, and the office signed before
            the district and the district before the exchange (4-3-2).

    """
    contract = _draft(context)
    if contract is None:
        raise HandlerRefused(
            "پیش‌نویس تفاهم‌نامه پیدا نشد.", "The draft of the contract was not found."
        )
    signed = {
        "pages_signed": int(context.data["pages_signed"]),
        "office_signed_on": day(context, "office_sign_date"),
        "district_signed_on": day(context, "sign_date"),
        "exchanged_on": day(context, "exchange_date"),
    }
    _refuse_wrong_signatures(contract, signed)
    number = next_contract_no(context.tx, today(context))
    put(
        context,
        contract,
        **signed,
        scan=text(context, "scan"),
        contract_no=number,
        status="active",
    )
    office = office_of(context)
    if office.status == OfficeStatus.preparing:
        move(context.tx, office, OfficeStatus.contracted, context.instance)
    return {"contract_no": number}


def _refuse_wrong_signatures(contract: Contract, signed: Mapping[str, Any]) -> None:
    if signed["pages_signed"] != contract.pages:
        raise HandlerRefused(
            "همهٔ اوراق تفاهم‌نامه امضا و مهر نشده است.",
            "Not all pages of the contract are signed and stamped.",
        )
    order = [signed[name] for name in ("office_signed_on", "district_signed_on", "exchanged_on")]
    if order != sorted(order):
        raise HandlerRefused(
            "ترتیب تاریخ‌ها درست نیست: نخست امضای دفتر، سپس امضای مدیریت، سپس مبادله.",
            "The dates are out of order: the office signs, then the district, then the exchange.",
        )

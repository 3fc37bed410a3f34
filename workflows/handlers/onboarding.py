"""Handlers of the main process: registering, status, inquiry result, start of work."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.calendar import local_date
from engine.service_tasks import HandlerContext, HandlerRefused
from forms.expressions import months_before
from forms.text import clean, search_key, to_ascii_digits
from workflows.contracts import agreement_in_force, contract_in_force
from workflows.handlers.registers import day, keep, office_of, put, text, today
from workflows.models import Inquiry, Installation, Office, OfficeUser, Referral, StatusChange
from workflows.offices import OfficeStatus, key_of, move, open_case

Parameters = Mapping[str, Any]

#: Jalali months between a rejection and a new application (A2).
MONTHS_AFTER_REJECTION = 3
#: Least score of a trained user (A13).
PASS_MARK = 70
_OPINIONS = {"confirm": "confirmed", "reject": "rejected"}


def register_office(context: HandlerContext, _parameters: Parameters) -> dict[str, Any]:
    """Write the applicant into the register and set the case's routing facts.

    Raises:
        HandlerRefused: when the office has an open case or works for the company already, was
            rejected less than three months ago, or the letter introduced another office.

    """
    tx, instance = context.tx, context.instance
    code = text(context, "office_code")
    _refuse_second_case(context, code)
    office = tx.session.get(Office, code) or Office(code=code, created_at=tx.now)
    _refuse_early_return(context, office)
    known = _referral_of(context, code)
    instance.office, instance.district = code, text(context, "district")
    instance.business_key, instance.subject = code, text(context, "office_name")
    instance.search_key = search_key(f"{instance.subject} {code}")[:300]
    _set_status(context, office, OfficeStatus.applicant)
    put(context, office, **_office_values(context), updated_at=tx.now)
    office.search_key = key_of(office)
    _put_referral(context, known)
    return {}


def _office_values(context: HandlerContext) -> dict[str, Any]:
    texts = {
        "licence_no": "licence_no",
        "owner_kind": "owner_kind",
        "manager_name": "manager_name",
        "manager_nid": "manager_nid",
        "legal_id": "legal_id",
        "mobile": "mobile",
        "phone": "phone",
        "address": "address",
        "postal_code": "postal_code",
        "district": "district",
        "name": "office_name",
    }
    values: dict[str, Any] = {column: text(context, name) for column, name in texts.items()}
    return {**values, "licence_valid_to": day(context, "licence_valid_to")}


def _refuse_second_case(context: HandlerContext, code: str) -> None:
    if open_case(context.tx, code, besides=context.instance) is not None:
        raise HandlerRefused(
            f"دفتر {code} همین حالا پروندهٔ بازی دارد. همان پرونده را ادامه دهید.",
            f"Office {code} already has an open case. Go on with that one.",
        )


def _refuse_early_return(context: HandlerContext, office: Office) -> None:
    if office.status != OfficeStatus.rejected:
        return
    query = select(StatusChange.at).where(
        StatusChange.office == office.code, StatusChange.to_status == OfficeStatus.rejected.value
    )
    rejected = context.tx.session.scalar(query.order_by(StatusChange.at.desc()).limit(1))
    earliest = months_before(today(context).isoformat(), MONTHS_AFTER_REJECTION)
    if rejected is not None and local_date(rejected).isoformat() > earliest:
        raise HandlerRefused(
            "از رد درخواست پیشین این دفتر هنوز سه ماه نگذشته است.",
            "Less than three months have passed since this office was rejected.",
        )


def letter_key(letter_no: str) -> str:
    """Return what makes two spellings of a letter number the same."""
    return to_ascii_digits(clean(letter_no)).casefold()


def _referral_of(context: HandlerContext, code: str) -> Referral:
    """Return the referral letter; the same office may use its letter again (A8)."""
    query = select(Referral).where(
        Referral.letter_key == letter_key(text(context, "ref_no")),
        Referral.letter_date == day(context, "ref_date"),
    )
    known = context.tx.session.scalars(query).one_or_none()
    if known is not None and known.office != code:
        raise HandlerRefused(
            "معرفی‌نامه‌ای با همین شماره و تاریخ پیش‌تر برای دفتر دیگری ثبت شده است.",
            "A referral letter with this number and date is registered for another office.",
        )
    return known or Referral(office=code)


def _put_referral(context: HandlerContext, referral: Referral) -> None:
    put(
        context,
        referral,
        letter_no=text(context, "ref_no"),
        letter_key=letter_key(text(context, "ref_no")),
        letter_date=day(context, "ref_date"),
        request_no=text(context, "req_no"),
        request_date=day(context, "req_date"),
        instance_id=context.instance.id,
    )


def _set_status(context: HandlerContext, office: Office, status: str) -> None:
    old = office.status or ""
    if move(context.tx, office, status, context.instance) and old:
        keep(context, office, old={"status": old}, new={"status": status})


def check_agreement(context: HandlerContext, _parameters: Parameters) -> dict[str, Any]:
    """Tell the case whether a framework agreement is in force, and until which day (A11)."""
    agreement = agreement_in_force(context.tx)
    if agreement is None:
        return {"agreement_active": False}
    return {"agreement_active": True, "framework_valid_to": agreement.valid_to.isoformat()}


def office_status(context: HandlerContext, parameters: Parameters) -> None:
    """Move the office to the status that the diagram names."""
    _set_status(context, office_of(context), str(parameters["status"]))


def record_inquiry(context: HandlerContext, _parameters: Parameters) -> None:
    """Keep the district's answer with what was found on the spot and by others (4-2-2)."""
    data = context.data
    outcome = _OPINIONS.get(text(context, "outcome")) or text(context, "inquiry_outcome")
    put(
        context,
        Inquiry(office=context.instance.office, instance_id=context.instance.id),
        district=context.instance.district,
        outcome=outcome,
        reason="" if outcome == "confirmed" else text(context, "reason"),
        reply_no=text(context, "letter_no"),
        reply_date=day(context, "letter_date"),
        organisations=list(data.get("orgs") or ()),
        field_review={
            name: data[name]
            for name in ("location_ok", "conduct", "nearby_offices", "report", "visit_date")
            if name in data
        },
    )


def activate_office(context: HandlerContext, _parameters: Parameters) -> None:
    """Let the office begin to work (3.18).

    Raises:
        HandlerRefused: naming what is missing of framework agreement, contract, accepted
            installation and trained user.

    """
    missing = _missing(context)
    if missing:
        raise HandlerRefused(
            "دفتر هنوز نمی‌تواند فعال شود؛ کم دارد: " + "، ".join(fa for fa, _ in missing) + ".",
            "The office cannot be activated yet; missing: " + ", ".join(en for _, en in missing),
        )
    office = office_of(context)
    _set_status(context, office, OfficeStatus.active)
    put(context, office, started_on=day(context, "work_start_date"))


def _missing(context: HandlerContext) -> list[tuple[str, str]]:
    tx, code = context.tx, context.instance.office
    installed = select(Installation.id).where(
        Installation.office == code, Installation.accepted_on.is_not(None)
    )
    trained = select(OfficeUser.id).where(
        OfficeUser.office == code, OfficeUser.status == "active", OfficeUser.score >= PASS_MARK
    )
    found = {
        ("تفاهم‌نامهٔ معتبر با استانداری", "a framework agreement in force"): agreement_in_force(tx),
        ("تفاهم‌نامهٔ مبادله‌شدهٔ دفتر", "an exchanged contract"): contract_in_force(tx, code),
        ("نصب تأییدشده", "an accepted installation"): tx.session.scalar(installed.limit(1)),
        ("کاربر آموزش‌دیده", "a trained user"): tx.session.scalar(trained.limit(1)),
    }
    return [name for name, row in found.items() if row is None]

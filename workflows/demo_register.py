"""The demo's register: an agreement with the governorate and offices at work."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import jdatetime
from sqlalchemy import select

from engine.calendar import local_date
from engine.transaction import Transaction
from workflows.contracts import next_contract_no
from workflows.models import (
    Contract,
    FrameworkAgreement,
    Installation,
    Office,
    OfficeUser,
    Service,
    StatusChange,
)
from workflows.offices import OfficeStatus, key_of


def national_id(number: int) -> str:
    """Return a well-formed national ID that is given to nobody."""
    digits = f"999{number:06}"
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
    return f"{digits}{rest if rest < 2 else 11 - rest}"


def framework_dates(today: date) -> tuple[date, date]:
    """Return from when to when the demo's agreement with the governorate holds."""
    year = jdatetime.date.fromgregorian(date=today).year
    begin, end = jdatetime.date(year - 1, 7, 1), jdatetime.date(year + 2, 12, 29)
    return begin.togregorian(), end.togregorian()


def load(tx: Transaction, offices: Iterable[Mapping[str, str]]) -> None:
    """Add the agreement and the offices where they are not there yet."""
    services = list(tx.session.scalars(select(Service.code).order_by(Service.code)))
    if tx.session.scalar(select(FrameworkAgreement.id).limit(1)) is None:
        begin, end = framework_dates(local_date(tx.now))
        tx.session.add(
            FrameworkAgreement(
                agreement_no="نمایشی/1",
                valid_from=begin,
                valid_to=end,
                services=services,
                status="active",
            )
        )
    known = set(tx.session.scalars(select(Office.code)))
    for number, row in enumerate(offices, start=1):
        if row["code"] not in known:
            _add_office(tx, number, row, services[:9])


def _add_office(tx: Transaction, number: int, row: Mapping[str, str], services: list[str]) -> None:
    started = local_date(tx.now) - timedelta(days=60 + 17 * number)
    office = Office(
        **row,
        licence_no=f"پ-{2000 + number}",
        licence_valid_to=started + timedelta(days=1500),
        owner_kind="real",
        manager_name=f"مدیر نمایشی {number}",
        manager_nid=national_id(500 + number),
        mobile=f"09140000{number:03}",
        phone=f"0413330{number:04}",
        address=f"خیابان آزادی، پلاک {number}",
        postal_code=f"51666147{number:02}",
        status=OfficeStatus.active.value,
        started_on=started,
        created_at=tx.now,
        updated_at=tx.now,
    )
    office.search_key = key_of(office)
    tx.session.add(office)
    tx.session.flush()
    tx.session.add_all(_belongings(tx, number, office, services))


def _belongings(tx: Transaction, number: int, office: Office, services: list[str]) -> list[Any]:
    started = office.started_on or local_date(tx.now)
    signed = started - timedelta(days=20)
    contract = Contract(
        contract_no=next_contract_no(tx, signed),
        office=office.code,
        template_version="T-1405-01",
        services=services,
        valid_from=signed,
        valid_to=signed + timedelta(days=365),
        pages=12,
        copies=2,
        pages_signed=12,
        office_signed_on=signed - timedelta(days=3),
        district_signed_on=signed - timedelta(days=1),
        exchanged_on=signed,
        status="active",
    )
    installation = Installation(
        office=office.code,
        expert="hq_expert",
        visited_on=started - timedelta(days=10),
        computers=[{"name": "PC-1", "os": "Windows 11", "serial": f"SN-{number:04}"}],
        printers=[{"model": "نمایشی ۱۰۰", "kind": "laser", "test_ok": True}],
        app_version="4.2",
        ip=f"5.160.10.{number}",
        accepted_on=started - timedelta(days=9),
    )
    user = OfficeUser(
        office=office.code,
        name=f"کاربر نمایشی {number}",
        nid=national_id(700 + number),
        mobile=f"09140001{number:03}",
        username=f"u{office.code}",
        trained_on=started - timedelta(days=5),
        score=70 + number * 2,
        started_on=started,
        status="active",
    )
    status = StatusChange(
        office=office.code, from_status="", to_status=OfficeStatus.active.value, at=tx.now
    )
    return [contract, installation, user, status]

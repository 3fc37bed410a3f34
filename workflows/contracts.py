"""The rules of agreements: in force or not, and the numbers of contracts."""

from datetime import date

import jdatetime
from sqlalchemy import select, text

from engine.calendar import local_date
from engine.transaction import Transaction
from workflows.models import Contract, FrameworkAgreement

#: One statement gives the next number and makes the year's counter, without gaps or races.
_NEXT = text(
    "INSERT INTO contract_number (year, last) VALUES (:year, 1)"
    " ON CONFLICT (year) DO UPDATE SET last = contract_number.last + 1 RETURNING last"
)


def agreement_in_force(tx: Transaction) -> FrameworkAgreement | None:
    """Return the framework agreement with the governorate that holds today (3-1, A6)."""
    today = local_date(tx.now)
    query = select(FrameworkAgreement).where(
        FrameworkAgreement.status == "active",
        FrameworkAgreement.valid_from <= today,
        FrameworkAgreement.valid_to >= today,
    )
    return tx.session.scalars(query.order_by(FrameworkAgreement.valid_to.desc())).first()


def contract_in_force(tx: Transaction, office: str) -> Contract | None:
    """Return an office's contract that is exchanged and has not run out."""
    query = select(Contract).where(
        Contract.office == office,
        Contract.status == "active",
        Contract.valid_to >= local_date(tx.now),
    )
    return tx.session.scalars(query.order_by(Contract.valid_to.desc())).first()


def next_contract_no(tx: Transaction, day: date) -> str:
    """Return the next number of the Jalali year, as 1405/ق/0001; part of the transaction."""
    year: int = jdatetime.date.fromgregorian(date=day).year
    last: int = tx.session.execute(_NEXT, {"year": year}).scalar_one()
    return f"{year}/ق/{last:04}"

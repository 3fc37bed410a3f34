"""The districts of the company: where its electricity distribution managements are."""

from sqlalchemy import select

from engine.transaction import Transaction
from forms.text import sort_key
from workflows.models import District

__all__ = ["District", "active", "every", "served_by"]


def every(tx: Transaction) -> list[District]:
    """Return all districts in the order of the Persian alphabet."""
    rows = tx.session.scalars(select(District))
    return sorted(rows, key=lambda district: sort_key(district.county_fa))


def active(tx: Transaction) -> list[District]:
    """Return the districts that take cases, in the order of the Persian alphabet."""
    return [district for district in every(tx) if district.active]


def served_by(tx: Transaction, code: str) -> str:
    """Return the district that serves a county: itself, or its parent's code (PROCEDURE 5.5)."""
    district = tx.session.get(District, code)
    return district.parent or district.code if district else ""

"""Reference data of a fresh installation; rows that exist are left as people edited them."""

from importlib.resources import files
from typing import Any

import orjson
from sqlalchemy import select

from engine import calendar
from engine.models import Base
from engine.transaction import Transaction
from forms.jalali import parse_jalali
from workflows.models import District, PrerequisiteItem, Service, TemplateVersion


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = orjson.loads(
        (files("workflows") / "data" / f"{name}.json").read_bytes()
    )
    return rows


def seed(tx: Transaction) -> None:
    """Add districts, services, prerequisites, the model contract and the calendar."""
    calendar.seed(tx.session)
    _add(tx, [_district(row) for row in _rows("districts")])
    _add(tx, [Service(**row) for row in _rows("services")])
    _add(tx, [PrerequisiteItem(position=n, **row) for n, row in enumerate(_rows("prerequisites"))])
    _add(tx, [_template()])
    tx.session.flush()


def _add(tx: Transaction, rows: list[Any]) -> None:
    """Add the rows of one table whose code is not there yet."""
    table: type[Base] = type(rows[0])
    known = set(tx.session.scalars(select(table.__table__.c.code)))
    tx.session.add_all(row for row in rows if row.code not in known)


def _district(row: dict[str, Any]) -> District:
    return District(
        code=row["code"],
        name_fa=f"مدیریت توزیع برق شهرستان {row['fa']}",
        name_en=f"{row['en']} electricity distribution management",
        county_fa=row["fa"],
        county_en=row["en"],
        sci_code=row["sci_code"],
        parent=row["parent"],
        active=not row["parent"],
    )


def _template() -> TemplateVersion:
    return TemplateVersion(
        code="T-1405-01",
        fa="متن نمونهٔ تفاهم‌نامهٔ دفاتر پیشخوان، نسخهٔ ۱۴۰۵/۰۱",
        en="Model agreement with counter offices, version 1405/01",
        valid_from=parse_jalali("1405/01/01"),
    )

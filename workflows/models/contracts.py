"""Agreements: the framework agreement with the governorate and the contracts with offices."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models import Base


class FrameworkAgreement(Base):
    """The agreement with the governorate on delegating services (3-1, 4-1)."""

    __tablename__ = "framework_agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_no: Mapped[str] = mapped_column(String(60), unique=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    #: Codes of form 7-2 that may be delegated.
    services: Mapped[list[Any]]
    #: draft, active or terminated; in force = active and today within its dates.
    status: Mapped[str] = mapped_column(String(20))


class TemplateVersion(Base):
    """A version of the model text of office contracts."""

    __tablename__ = "template_version"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    fa: Mapped[str] = mapped_column(String(200))
    en: Mapped[str] = mapped_column(String(200))
    valid_from: Mapped[date]
    active: Mapped[bool] = mapped_column(default=True)


class Contract(Base):
    """The co-operation agreement with one office (3-3-2, 4-3-2)."""

    __tablename__ = "contract"
    __table_args__ = (Index(None, "office", "status"), Index(None, "instance_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    #: As 1405/ق/0001, digits ASCII; None until it is registered centrally.
    contract_no: Mapped[str | None] = mapped_column(String(40), unique=True)
    office: Mapped[str] = mapped_column(ForeignKey("office.code"))
    #: None where the contract is older than this system.
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))
    template_version: Mapped[str] = mapped_column(ForeignKey("template_version.code"))
    #: Codes of form 7-2: the annex of this contract.
    services: Mapped[list[Any]]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    #: Pages of one copy with its annexes.
    pages: Mapped[int]
    copies: Mapped[int]
    #: Pages of each copy that bear the office's signature and stamp (4-3-2: all of them).
    pages_signed: Mapped[int] = mapped_column(default=0)
    office_signed_on: Mapped[date | None]
    district_signed_on: Mapped[date | None]
    exchanged_on: Mapped[date | None]
    #: Id of the stored file; "" where there is none.
    scan: Mapped[str] = mapped_column(String(36), default="")
    #: draft, active, not_signed, expired or terminated.
    status: Mapped[str] = mapped_column(String(20))


class ContractNumber(Base):
    """The last number given in a Jalali year; numbers have no gaps."""

    __tablename__ = "contract_number"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]

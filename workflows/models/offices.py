"""The office register, the referral letters, and the history of each office's status."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.models import Base


class Office(Base):
    """One counter office, from its first application on; never deleted."""

    __tablename__ = "office"
    __table_args__ = (Index(None, "district", "status"), Index(None, "status"))

    #: The scope of office posts; ASCII digits, with Latin letters in front of some.
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    licence_no: Mapped[str] = mapped_column(String(60))
    licence_valid_to: Mapped[date]
    #: real or legal.
    owner_kind: Mapped[str] = mapped_column(String(10))
    manager_name: Mapped[str] = mapped_column(String(120))
    #: National ID of the manager: personal data.
    manager_nid: Mapped[str] = mapped_column(String(10))
    #: National ID of the legal person; "" for a real one.
    legal_id: Mapped[str] = mapped_column(String(11), default="")
    mobile: Mapped[str] = mapped_column(String(20))
    phone: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(Text)
    postal_code: Mapped[str] = mapped_column(String(10))
    district: Mapped[str] = mapped_column(ForeignKey("district.code"))
    #: A value of ``workflows.offices.OfficeStatus``.
    status: Mapped[str] = mapped_column(String(20))
    #: Day on which the office began to work for the company.
    started_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    #: Search key of name, code, manager and licence number (``forms.text.search_key``).
    search_key: Mapped[str] = mapped_column(String(400), default="")


class Referral(Base):
    """A letter by which the guild introduces one office (3-2-1); each letter counts once."""

    __tablename__ = "referral"
    __table_args__ = (UniqueConstraint("letter_key", "letter_date"), Index(None, "office"))

    id: Mapped[int] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(ForeignKey("office.code"))
    letter_no: Mapped[str] = mapped_column(String(40))
    #: The number with ASCII digits and small letters: the same letter however it was typed.
    letter_key: Mapped[str] = mapped_column(String(40))
    letter_date: Mapped[date]
    request_no: Mapped[str] = mapped_column(String(40))
    request_date: Mapped[date]
    #: Case that registered it last.
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))


class StatusChange(Base):
    """One move of an office from a status to another."""

    __tablename__ = "status_change"
    __table_args__ = (Index(None, "office", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(ForeignKey("office.code"))
    #: "" for the first status.
    from_status: Mapped[str] = mapped_column(String(20))
    to_status: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    #: None where no case of this system made the move.
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))
    #: Log-in name; "" for the system.
    by: Mapped[str] = mapped_column(String(80), default="")

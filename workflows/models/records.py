"""What the steps of a case leave behind: inquiry, installation, trained users."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.models import Base


class Inquiry(Base):
    """One answer of a district about an office (3-2-2, 4-2-2)."""

    __tablename__ = "inquiry"
    __table_args__ = (Index(None, "office"), Index(None, "instance_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(ForeignKey("office.code"))
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instance.id"))
    district: Mapped[str] = mapped_column(ForeignKey("district.code"))
    #: confirmed or rejected.
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    #: The district's letter of reply.
    reply_no: Mapped[str] = mapped_column(String(40))
    reply_date: Mapped[date]
    #: What the other organisations answered, one row each.
    organisations: Mapped[list[Any]]
    #: Location, conduct and report of the review on the spot.
    field_review: Mapped[dict[str, Any]]


class Installation(Base):
    """The one installation of the customer-services system at an office (4-3-3)."""

    __tablename__ = "installation"
    __table_args__ = (Index(None, "office"), Index(None, "instance_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(ForeignKey("office.code"))
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))
    #: Log-in name of the headquarters expert.
    expert: Mapped[str] = mapped_column(String(80))
    visited_on: Mapped[date]
    computers: Mapped[list[Any]]
    printers: Mapped[list[Any]]
    app_version: Mapped[str] = mapped_column(String(60), default="")
    ip: Mapped[str] = mapped_column(String(40), default="")
    remote_tool: Mapped[str] = mapped_column(String(40), default="")
    #: Id of the remote-support tool, never its password.
    remote_id: Mapped[str] = mapped_column(String(60), default="")
    #: Day on which the office accepted it; only an accepted installation counts.
    accepted_on: Mapped[date | None]


class OfficeUser(Base):
    """An electricity user of an office (4-3-4): the person, not a log-in to this system."""

    __tablename__ = "office_user"
    __table_args__ = (Index(None, "office", "status"), Index(None, "nid", "status"))

    id: Mapped[int] = mapped_column(primary_key=True)
    office: Mapped[str] = mapped_column(ForeignKey("office.code"))
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instance.id"))
    name: Mapped[str] = mapped_column(String(120))
    #: National ID: personal data.
    nid: Mapped[str] = mapped_column(String(10))
    mobile: Mapped[str] = mapped_column(String(20))
    #: Log-in name in the customer-services system; its password is kept nowhere here.
    username: Mapped[str] = mapped_column(String(80), default="")
    trained_on: Mapped[date | None]
    #: 0..100; 70 passes (A13).
    score: Mapped[int | None]
    started_on: Mapped[date | None]
    #: active or inactive.
    status: Mapped[str] = mapped_column(String(20))

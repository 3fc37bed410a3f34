"""Reference data that people edit: districts, the service list 7-2, prerequisites."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models import Base


class District(Base):
    """An electricity distribution management of the company (PROCEDURE 5.5)."""

    __tablename__ = "district"

    #: Lower-case ASCII; the scope of district posts.
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name_fa: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    county_fa: Mapped[str] = mapped_column(String(80))
    county_en: Mapped[str] = mapped_column(String(80))
    #: Code of the Statistical Centre; "" for the two newest counties.
    sci_code: Mapped[str] = mapped_column(String(10), default="")
    #: District that serves this county while it has no management of its own; "" else.
    parent: Mapped[str] = mapped_column(String(40), default="")
    #: An inactive district takes no new cases.
    active: Mapped[bool] = mapped_column(default=True)


class Service(Base):
    """A row of form 7-2: one service that may be delegated to an office."""

    __tablename__ = "service"

    #: S01 … S28.
    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    fa: Mapped[str] = mapped_column(String(200))
    en: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)


class PrerequisiteItem(Base):
    """Something that an office must have before it works for the company (4-3-1, A9)."""

    __tablename__ = "prerequisite_item"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Place in the list; the document names the line first.
    position: Mapped[int]
    fa: Mapped[str] = mapped_column(String(200))
    en: Mapped[str] = mapped_column(String(200))
    #: Without a mandatory item the office is not ready.
    mandatory: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)

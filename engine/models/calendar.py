"""Working days: holidays and weekends as data that people edit."""

from datetime import date
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.models.base import Base


class CalendarDay(Base):
    """A day that differs from the weekly rule."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    #: "" for all districts.
    district: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    #: holiday, workday or half; a half day does not count as a working day.
    kind: Mapped[str] = mapped_column(String(20))
    title_fa: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(80))
    #: Lunar dates of later years are estimates until they are announced.
    estimated: Mapped[bool] = mapped_column(default=False)


class WeekendRule(Base):
    """The weekly days off from a day on."""

    __tablename__ = "weekend_rule"

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    #: Python weekday numbers, Monday = 0; Thursday and Friday are [3, 4].
    days_off: Mapped[list[Any]]

"""Dates, durations and cycles of ISO 8601, and the timer events that wait for them.

SpiffWorkflow 3.2.0 reads ``-PT1H`` as one hour later, lets cycles of months drift and forgets
open work of a cycle when its host is done. So the values are read here, every value that cannot
be read is refused with a sentence, and a cycle is a row of single timers.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from engine.spiff import clock
from forms.expressions import TEHRAN, ExpressionError

_DURATION = re.compile(
    r"P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=.)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?"
)
_CYCLE = re.compile(r"R(\d{0,6})/(?:([^/]+)/)?([^/]+)")
#: Firings of one cycle that a case may see.
MOST_FIRINGS = 10_000


def _refused(text: object) -> ExpressionError:
    shown = str(text)[:60]
    return ExpressionError(
        f"«{shown}» زمان درستی نیست؛ تاریخ، مدت یا دورهٔ ISO 8601 بنویسید.",
        f"“{shown}” is no date, duration or cycle of ISO 8601.",
    )


class Duration:
    """A length of time; its months are calendar months."""

    def __init__(self, text: object) -> None:
        match = _DURATION.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise _refused(text)
        years, months, weeks, days, hours, minutes = (int(part or 0) for part in match.groups()[:6])
        seconds = Fraction(match.group(7) or 0)
        self.months = years * 12 + months
        self.rest = timedelta(
            weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=float(seconds)
        )

    def after(self, start: datetime, times: int = 1) -> datetime:
        """Return the instant so many lengths later; the last day of a shorter month."""
        months = start.year * 12 + start.month - 1 + self.months * times
        year, month = divmod(months, 12)
        try:
            day = min(start.day, monthrange(year, month + 1)[1])
            return start.replace(year=year, month=month + 1, day=day) + self.rest * times
        except (ValueError, OverflowError) as error:
            raise _refused(f"{start.isoformat()} + {times}") from error


def instant(text: object) -> datetime:
    """Return a date or an instant in UTC; what names no zone is meant for Tehran.

    Raises:
        ExpressionError: when it is neither.

    """
    try:
        read = datetime.fromisoformat(str(text))
        return (read if read.tzinfo else read.replace(tzinfo=TEHRAN)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _refused(text) from error


class Cycle:
    """A repetition: ``R3/PT10S``, ``R/<start>/P1M``; without a number it does not end."""

    def __init__(self, text: object, now: datetime) -> None:
        match = _CYCLE.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise _refused(text)
        times, start, length = match.groups()
        self.times = min(int(times), MOST_FIRINGS) if times else MOST_FIRINGS
        self.length = Duration(length)
        if not self.length.months and not self.length.rest:
            raise _refused(text)
        self.first = instant(start) if start else self.length.after(now)

    def due(self, number: int) -> datetime | None:
        """Return when it fires for the number-th time, counted from nought."""
        return self.length.after(self.first, number) if number < self.times else None


def is_literal(text: str, kind: str) -> bool:
    """Tell whether a text is a value itself, as modellers write it, and no expression."""
    try:
        {"timeDate": instant, "timeDuration": Duration}.get(kind, _cycle)(text)
    except ExpressionError:
        return False
    return True


def _cycle(text: str) -> Cycle:
    return Cycle(text, datetime.now(UTC))


class Timer(TimerEventDefinition):  # type: ignore[misc]
    """A timer that fires once; the instant is computed when the event is reached."""

    #: Local name of the XML element that holds its expression.
    kind = "timeDate"

    def due(self, task: Any) -> datetime | None:
        """Return when it fires; None when it will not any more."""
        stored = task.internal_data.get("event_value")
        if stored is None:
            stored = task.internal_data["event_value"] = self.first(task)
        return instant(stored) if stored else None

    def first(self, task: Any) -> str:
        """Compute the instant from the case's values."""
        value = task.workflow.script_engine.evaluate(task, self.expression)
        if self.kind == "timeDuration":
            return Duration(value).after(clock.now()).isoformat()
        return instant(value).isoformat()

    def has_fired(self, task: Any) -> bool:
        """Tell whether its time has come."""
        due = self.due(task)
        return due is not None and due <= clock.now()


class DurationTimer(Timer):
    """A timer that fires some time after the event is reached."""

    kind = "timeDuration"


class CycleTimer(Timer):
    """A timer that fires again and again: each firing arms the next one as a task of its own."""

    kind = "timeCycle"

    def first(self, task: Any) -> str:
        """Compute the first instant and keep what the next ones need."""
        value = task.workflow.script_engine.evaluate(task, self.expression)
        cycle = Cycle(value, clock.now())
        task.internal_data["cycle"] = [value, cycle.first.isoformat(), 0]
        first = cycle.due(0)
        return first.isoformat() if first else ""

    def arm_next(self, task: Any, following: Any) -> bool:
        """Give the following task the next instant; False after the last firing."""
        text, first, number = task.internal_data["cycle"]
        cycle = Cycle(text, clock.now())
        cycle.first = instant(first)
        due = cycle.due(number + 1)
        if due is None:
            return False
        following["cycle"] = [text, first, number + 1]
        following["event_value"] = due.isoformat()
        return True


#: The timer definitions by the XML element that holds the expression.
KINDS: dict[str, type[Timer]] = {one.kind: one for one in (Timer, DurationTimer, CycleTimer)}

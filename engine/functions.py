"""The functions that expressions may call, bound to a step's instant and calendar."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from engine.calendar import local_date
from engine.transaction import Transaction
from forms.expressions import PURE_FUNCTIONS, ExpressionError


def functions_for(tx: Transaction) -> Mapping[str, Callable[..., Any]]:
    """Return the functions of gateways, timers, scripts and form rules for one step."""

    def working_days(count: int) -> str:
        """Return the end of the count-th working day from now, as an ISO instant."""
        try:
            return tx.calendar.due(tx.now, count).isoformat()
        except (TypeError, ValueError) as error:
            raise ExpressionError(
                "تعداد روز کاری درست نیست.", "The number of working days is out of range."
            ) from error

    def is_working_day(day: str) -> bool:
        """Tell whether an ISO day counts for deadlines."""
        try:
            return tx.calendar.is_working_day(date.fromisoformat(day))
        except (TypeError, ValueError):
            return False

    return {
        **PURE_FUNCTIONS,
        "today": lambda: local_date(tx.now).isoformat(),
        "working_days": working_days,
        "is_working_day": is_working_day,
    }

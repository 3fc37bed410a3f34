"""Deadlines in words: «۲ روز کاری مانده», «۳ روز دیرکرد»."""

from dataclasses import dataclass
from datetime import datetime

from engine.calendar import NO_DUE, local_date
from engine.transaction import Transaction
from web.i18n import _, fanum


@dataclass(frozen=True)
class Due:
    """A deadline as a page shows it."""

    #: late, today, soon, ok or none.
    kind: str
    words: str
    at: datetime | None


def due(tx: Transaction, at: datetime) -> Due:
    """Return a deadline in words: lateness in days, what is left in working days."""
    if at >= NO_DUE:
        return Due("none", _("No deadline"), None)
    today, day = local_date(tx.now), local_date(at)
    if at < tx.now:
        days = (today - day).days
        late = _("%(days)s days late", days=fanum(days)) if days > 1 else _("1 day late")
        return Due("late", late if days else _("Late since today"), at)
    if day == today:
        return Due("today", _("Due today"), at)
    left = tx.calendar.working_days_between(today, day)
    kind = "soon" if left <= 2 else "ok"
    if left < 1:
        return Due(kind, _("Due before the next working day"), at)
    if left == 1:
        return Due(kind, _("1 working day left"), at)
    return Due(kind, _("%(days)s working days left", days=fanum(left)), at)

"""Entries of the event log as sentences that a person reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.events import EventType
from engine.models import EventLogEntry
from web.i18n import _, jdate, language
from web.people import post

#: Entries that are for machines and auditors, not for the timeline.
HIDDEN = frozenset(
    {
        EventType.element_completed,
        EventType.service_task_completed,
        EventType.file_read,
        EventType.file_stored,
        EventType.user_task_opened,
        EventType.office_changed,
    }
)


@dataclass(frozen=True)
class Sentence:
    """A sentence of the timeline."""

    text: str
    #: is-done, is-failed, is-note or "".
    kind: str


def _who(entry: EventLogEntry) -> str:
    """Return who acted: post, person, and for whom."""
    name = entry.actor_name_fa if language() == "fa" else entry.actor_name_en
    if not entry.role:
        return name
    who = f"{post(entry.role, entry.scope)} ({name})"
    if not entry.on_behalf_of:
        return who
    return _("%(who)s, on behalf of %(party)s", who=who, party=post(entry.on_behalf_of))


def _step(entry: EventLogEntry) -> str:
    return (entry.name_fa if language() == "fa" else entry.name_en) or entry.element_id


def _completed(entry: EventLogEntry, outcome: str) -> str:
    who, step = _who(entry), _step(entry)
    if outcome:
        return _("%(who)s completed “%(step)s”: %(outcome)s", who=who, step=step, outcome=outcome)
    return _("%(who)s completed “%(step)s”.", who=who, step=step)


def _assigned(entry: EventLogEntry, _outcome: str) -> str:
    to = str(entry.data.get("to_fa" if language() == "fa" else "to_en", ""))
    return _("%(who)s handed “%(step)s” to %(to)s.", who=_who(entry), step=_step(entry), to=to)


def _told(entry: EventLogEntry, _outcome: str) -> str:
    to = post(str(entry.data.get("to_role", "")), str(entry.data.get("to_scope", "")))
    text = str(entry.data.get("fa" if language() == "fa" else "en", ""))
    return _("Notice to %(to)s: %(text)s", to=to, text=text)


def _fired(entry: EventLogEntry, _outcome: str) -> str:
    return _("The time of “%(step)s” came.", step=_step(entry))


def _plain(entry: EventLogEntry) -> dict[str, Any]:
    return {"who": _who(entry), "step": _step(entry), "day": jdate(entry.at)}


def _say(template: Callable[[dict[str, Any]], str]) -> Callable[[EventLogEntry, str], str]:
    return lambda entry, _outcome: template(_plain(entry))


_SENTENCES: Mapping[str, tuple[Callable[[EventLogEntry, str], str], str]] = {
    EventType.process_instance_started: (
        _say(lambda w: _("%(who)s started “%(step)s”.", **w)),
        "is-note",
    ),
    EventType.process_instance_completed: (_say(lambda w: _("The case came to its end.", **w)), ""),
    EventType.user_task_claimed: (
        _say(lambda w: _("%(who)s took “%(step)s” in hand.", **w)),
        "is-note",
    ),
    EventType.user_task_unclaimed: (
        _say(lambda w: _("%(who)s put “%(step)s” back.", **w)),
        "is-note",
    ),
    EventType.user_task_assigned: (_assigned, "is-note"),
    EventType.user_task_completed: (_completed, "is-done"),
    EventType.user_task_cancelled: (
        _say(lambda w: _("“%(step)s” was withdrawn.", **w)),
        "is-failed",
    ),
    EventType.timer_fired: (_fired, "is-note"),
    EventType.message_received: (_say(lambda w: _("%(who)s sent “%(step)s”.", **w)), "is-done"),
    EventType.incident_opened: (
        _say(lambda w: _("A step failed; the case waits for a repair.", **w)),
        "is-failed",
    ),
    EventType.incident_resolved: (
        _say(lambda w: _("%(who)s let the failed step run again.", **w)),
        "is-done",
    ),
    EventType.notification_sent: (_told, "is-note"),
}


def sentence(entry: EventLogEntry, outcome: str = "") -> Sentence:
    """Return an entry as a sentence; ``outcome`` is what the form's choice said."""
    if entry.type not in _SENTENCES:
        return Sentence(entry.type, "")
    words, kind = _SENTENCES[entry.type]
    return Sentence(words(entry, outcome), kind)

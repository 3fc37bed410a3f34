"""The states of instances, user tasks and incidents."""

from enum import StrEnum


class InstanceState(StrEnum):
    """Where a process instance stands."""

    running = "running"
    completed = "completed"
    #: A step failed and waits for a person; see its incident.
    failed = "failed"


class UserTaskState(StrEnum):
    """Where a user task stands."""

    open = "open"
    completed = "completed"
    cancelled = "cancelled"


class IncidentState(StrEnum):
    """Whether an incident still needs a person."""

    open = "open"
    resolved = "resolved"

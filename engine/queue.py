"""Jobs: work that a step leaves behind for later, enlisted in the step's own transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import event
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Job:
    """One piece of work; the same id again is the same job and runs once."""

    #: A key of ``engine.jobs.WORK``.
    kind: str
    id: str
    #: JSON values; whoever runs the job trusts none of them.
    arguments: Mapping[str, Any] = field(default_factory=dict)


class Queue(Protocol):
    """Where jobs wait; ``engine.durable`` keeps them in the database."""

    def put(self, session: Session, job: Job) -> None:
        """Add a job that exists when, and only when, the session's transaction commits."""

    def close(self) -> None:
        """Let go of what the queue holds open."""


class MemoryQueue:
    """A queue for one process: for tests and simulations, which run the jobs themselves."""

    def __init__(self) -> None:
        self.pending: dict[str, Job] = {}

    def put(self, session: Session, job: Job) -> None:
        """Add a job after the commit; a rolled-back step leaves none."""

        def keep(_session: Session) -> None:
            self.pending.setdefault(job.id, job)

        event.listen(session, "after_commit", keep, once=True)

    def close(self) -> None:
        """Hold nothing open."""

    def take(self) -> Job | None:
        """Remove and return the oldest job."""
        first = next(iter(self.pending), None)
        return self.pending.pop(first) if first is not None else None

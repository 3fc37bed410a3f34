"""One case walked by a program: the verbs that people and time would use."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, select

from engine import instances, jobs, tasks
from engine.errors import Refusal, StepLimit
from engine.events import EventType
from engine.history import entries
from engine.identity import Actor
from engine.models import (
    EventLogEntry,
    Incident,
    MessageSubscription,
    ProcessInstance,
    UserTask,
)
from engine.queue import MemoryQueue
from engine.simulation.submissions import Drawing, Work, draw, person_for
from engine.spiff.runtime import Workflow
from engine.states import IncidentState, InstanceState, UserTaskState
from engine.step import take_up
from engine.transaction import Engine, Transaction

#: Times that other values are tried where a handler refuses what the form took.
MOST_TRIES = 20
#: Entries of the log that are read at once.
_BATCH = 500
_CASES = select(ProcessInstance).order_by(ProcessInstance.started_at)
_DATA = select(ProcessInstance.data).where(ProcessInstance.id == bindparam("case"))
_OPEN_TASKS = select(UserTask).where(UserTask.state == UserTaskState.open)
_SUBSCRIPTIONS = select(MessageSubscription)
_INCIDENTS = select(Incident).where(Incident.state == IncidentState.open).order_by(Incident.id)
#: The entries of the event log that tell what became of an element.
_OF_ELEMENTS = frozenset(
    kind.value
    for kind in EventType
    if kind.value.startswith(("element:", "user_task:", "timer:", "message:", "service_task:"))
)


class NotFilled(Exception):
    """No values were found that a task's form and handlers take."""

    def __init__(self, work: Work, reason: Refusal | None) -> None:
        super().__init__(work.form_key)
        self.work = work
        self.reason = reason


@dataclass(frozen=True)
class Passage:
    """An event-log entry of an element."""

    process_key: str
    element_id: str
    event: str
    name: str
    at: datetime


@dataclass(frozen=True)
class Standing:
    """Where a case stands between two steps, the cases that it has started included."""

    ended: bool
    #: The values of the case itself.
    data: dict[str, Any]
    #: The user tasks that wait, in the order in which they were opened.
    tasks: list[UserTask]
    #: The messages and signals that are waited for.
    subscriptions: list[MessageSubscription]
    #: When the next timer fires.
    next_due: datetime | None
    #: What failed outside the steps of people.
    incident: Incident | None


class SimulatedCase:
    """A case in a given engine, with a clock that only moves when it is told to.

    Cases that it starts by messages belong to it: their tasks and timers are walked as well.
    """

    def __init__(self, engine: Engine, random: Random, now: datetime) -> None:
        self.engine = engine
        self.random = random
        self.now = now
        self.id = ""
        self.standing = Standing(
            ended=False, data={}, tasks=[], subscriptions=[], next_due=None, incident=None
        )
        #: Everything that happened to elements, in order.
        self.passages: list[Passage] = []
        #: Variables that keep the values with which the case began.
        self._given: frozenset[str] = frozenset()
        self._read: Counter[str] = Counter()
        self._opened: dict[str, tuple[int, int]] = {}
        self._rounds: Counter[str] = Counter()
        self._steps = 0
        if not isinstance(engine.queue, MemoryQueue):
            raise TypeError("a simulation runs its jobs itself, from a queue in memory")
        self._queue = engine.queue
        engine.clock = lambda: self.now

    def start(self, key: str, values: dict[str, Any], actor: Actor | None = None) -> None:
        """Begin the case; without an actor the engine itself starts it."""
        context = self.engine.transaction(actor) if actor else self.engine.transaction()
        with context as tx:
            self.id = instances.start(tx, key, values).id
        self._given = frozenset(values)
        self._after_step()

    def take_over(self, instance_id: str) -> None:
        """Go on with a case that was started before."""
        self.id = instance_id
        self._after_step()

    def _after_step(self) -> None:
        """Run the jobs that the step left, then look at what it has led to."""
        self._steps += 1
        self._read_logs()
        while job := self._queue.take():
            jobs.perform(self.engine, job)
            self._read_logs()

    def _read_logs(self) -> None:
        with self.engine.reading() as tx:
            rows = tx.session.scalars(_CASES).all()
            cases = sorted(rows, key=lambda row: row.id != self.id)
            for row in cases:
                self._read_log(tx, row.id)
            self.standing = self._looked(tx, cases)

    def _read_log(self, tx: Transaction, instance_id: str) -> None:
        batch: list[EventLogEntry] | None = None
        while batch is None or len(batch) == _BATCH:
            batch = entries(tx, instance_id, after=self._read[instance_id], limit=_BATCH)
            for entry in batch:
                self._read[instance_id] = entry.number
                self._note(entry)

    def _note(self, entry: EventLogEntry) -> None:
        if entry.type == EventType.user_task_opened:
            self._opened[entry.task_id] = (self._steps, len(self.passages))
        if entry.element_id and entry.type in _OF_ELEMENTS:
            self.passages.append(
                Passage(entry.process_key, entry.element_id, entry.type, entry.name_fa, entry.at)
            )

    def _looked(self, tx: Transaction, cases: list[ProcessInstance]) -> Standing:
        running = [row for row in cases if row.state == InstanceState.running]
        return Standing(
            ended=cases[0].state == InstanceState.completed,
            data=dict(tx.session.scalars(_DATA, {"case": self.id}).one()),
            tasks=sorted(tx.session.scalars(_OPEN_TASKS), key=lambda row: self._opened[row.id]),
            subscriptions=sorted(
                tx.session.scalars(_SUBSCRIPTIONS),
                key=lambda row: (row.process_key, row.element_id, row.name),
            ),
            next_due=min((row.next_due_at for row in running if row.next_due_at), default=None),
            incident=tx.session.scalars(_INCIDENTS).first(),
        )

    def opened_in(self, task: UserTask) -> int:
        """Return the number of the step that opened a task."""
        return self._opened[task.id][0]

    def complete(self, task: UserTask, values: dict[str, Any]) -> None:
        """Submit a task's values."""
        with self.engine.transaction(person_for(task)) as tx:
            revision = instances.get(tx, task.instance_id).revision
            tasks.complete(tx, task.id, values, revision=revision)
        self._rounds[task.key] += 1
        self._after_step()

    def send(self, row: MessageSubscription, values: dict[str, Any]) -> None:
        """Deliver a message or signal."""
        with self.engine.transaction(person_for(row)) as tx:
            revision = instances.get(tx, row.instance_id).revision
            instances.send(tx, row.id, values, revision=revision)
        self._after_step()

    def do(self, work: Work, given: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
        """Complete a task or send a message with generated values; return them.

        What is given is not drawn.

        Raises:
            NotFilled: when its form, or a handler behind it, takes none that were tried.

        """
        refused: Refusal | None = None
        for _ in range(MOST_TRIES):
            values = self._drawn(work, given)
            if values is None:
                break
            try:
                self._submit(work, values)
            except StepLimit:
                raise
            except Refusal as refusal:
                refused = refusal
            else:
                return values
        raise NotFilled(work, refused)

    def _drawn(self, work: Work, given: Mapping[str, Any]) -> dict[str, Any] | None:
        first = isinstance(work, UserTask) and not self._rounds[work.key]
        drawing = Drawing(self.random, given, self._given if first else frozenset())
        with self.engine.transaction() as tx:
            return draw(tx, instances.get(tx, work.instance_id), work, drawing)

    def _submit(self, work: Work, values: dict[str, Any]) -> None:
        if isinstance(work, UserTask):
            self.complete(work, values)
        else:
            self.send(work, values)

    def pass_time(self) -> bool:
        """Let the clock jump to the next timer and fire it; False when none is set."""
        if self.standing.next_due is None:
            return False
        self.now = max(self.now, self.standing.next_due)
        for job in jobs.due(self.engine):
            jobs.fire(self.engine, str(job.arguments["id"]))
        self._after_step()
        return True

    def workflows(self) -> list[Workflow]:
        """Return what runs, to look at."""
        with self.engine.reading() as tx:
            rows = tx.session.scalars(_CASES).all()
            running = [row for row in rows if row.state == InstanceState.running]
            return [take_up(tx, row).workflow for row in running]

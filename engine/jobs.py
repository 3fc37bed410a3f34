"""Work outside the steps of people: due timers, handlers with outside effects, messages.

A job may run more than once (a worker can die after the work and before the note of it), so
each looks first whether it was done. ``WORK`` is the closed set of kinds; arguments come from
the queue and are only ids, which are looked up again.
"""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol
from uuid import uuid4

from sqlalchemy import select

from engine import messages, outside
from engine.database import unreachable
from engine.errors import Conflict, StaleRevision
from engine.execution import guarded
from engine.incidents import open_incident
from engine.models import Message, MessageSubscription, ProcessInstance
from engine.queue import Job, MemoryQueue
from engine.service_tasks import Outside
from engine.states import InstanceState
from engine.step import locked, take_up
from engine.transaction import Engine, Transaction

log = logging.getLogger(__name__)
#: Cases whose timers one round enqueues.
MOST = 500
#: How a step in the database is tried again: it fails only when others hold the case.
STEP = Outside(run=lambda _context, _parameters: None, attempts=8, pause=0.2, backoff=2.0)


class Tries(Protocol):
    """How a worker calls a function until it succeeds; a durable one remembers that it did."""

    def __call__(self, policy: Outside, work: Callable[[], Any]) -> Any:
        """Return what the work returned.

        Raises:
            Exception: the last failure, when the policy's attempts are used up.

        """


def once(policy: Outside, work: Callable[[], Any]) -> Any:  # noqa: ARG001  (it is a ``Tries``)
    """Try once: for tests and simulations."""
    return work()


def due(engine: Engine) -> list[Job]:
    """Return a job for each case that has a timer to fire, the longest overdue first.

    The id bears the case's revision, so a timer that two nodes see is one job, and what remains
    due after a step is a new one.
    """
    with engine.reading() as tx:
        query = select(ProcessInstance.id, ProcessInstance.revision).where(
            ProcessInstance.state == InstanceState.running,
            ProcessInstance.next_due_at <= tx.now,
        )
        rows = tx.session.execute(query.order_by(ProcessInstance.next_due_at).limit(MOST))
        return [Job("timer", f"timer:{row.id}:{row.revision}", {"id": row.id}) for row in rows]


def fire(engine: Engine, instance_id: str) -> bool:
    """Fire what is due in one case; False when another node has done it already."""
    with engine.transaction() as tx:
        instance = locked(tx, instance_id)
        if instance.next_due_at is None or instance.next_due_at > tx.now:
            return False
        step = take_up(tx, instance)
        guarded(step, step.workflow.advance)
        return True


def _or_incident(
    engine: Engine, work: Callable[[], Any], instance_id: str, kind: str, **where: str
) -> bool:
    """Do work that a case waits for; when it fails for good, a person is asked.

    That the database is away is no failure of the work; neither is a case that has moved on.
    """
    try:
        return bool(work())
    except StaleRevision:
        return False
    except Exception as error:
        if unreachable(error):
            raise
        log.exception("%s of %s failed", kind, instance_id)
        with engine.transaction() as tx:
            open_incident(tx, instance_id, kind, describe(error), **where)
        return False


def _timer(engine: Engine, arguments: Mapping[str, Any], tries: Tries) -> bool:
    """Fire a case's timers; a step that fails stops no other case."""
    instance_id = str(arguments["id"])
    work = partial(tries, STEP, partial(fire, engine, instance_id))
    return _or_incident(engine, work, instance_id, "timer")


def _service_task(engine: Engine, arguments: Mapping[str, Any], tries: Tries) -> bool:
    """Call a handler with effects outside, then let its case go on."""
    instance_id, task_id = str(arguments["instance"]), str(arguments["task"])
    with engine.reading() as tx:
        call = outside.service_call(tx, instance_id, task_id)
    if call is None:  # done before, or withdrawn by a deadline
        return False
    handler, context, parameters = call

    def work() -> Any:
        values = tries(handler, partial(_limited, handler, context, parameters))
        finish = partial(outside.finish, engine, instance_id, task_id, values or {})
        return tries(STEP, finish)

    where = {"element_id": context.element_id, "task_id": task_id}
    return _or_incident(engine, work, instance_id, "service_task", **where)


def _limited(handler: Outside, context: Any, parameters: Mapping[str, Any]) -> Any:
    """Call a handler and wait for it no longer than its time limit.

    A thread cannot be killed, so a handler that comes late has worked in vain: its result is
    dropped, and the idempotency key keeps its effect single.
    """
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="handler")
    try:
        return pool.submit(handler.run, context, parameters).result(handler.time_limit)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def describe(error: BaseException) -> str:
    """Return what went wrong, in a line for an incident."""
    cause = error.__cause__ or error
    return f"{type(cause).__name__}: {cause}"[:2000]


def _message(engine: Engine, arguments: Mapping[str, Any], tries: Tries) -> bool:
    """Bring a message to a case that waits for it, or start the case that it begins."""
    message_id = str(arguments["id"])
    with engine.reading() as tx:
        sender = tx.session.get_one(Message, message_id).sender
    work = partial(tries, STEP, partial(messages.deliver, engine, message_id))
    return _or_incident(engine, work, sender, "message", task_id=message_id)


def _signal(engine: Engine, arguments: Mapping[str, Any], tries: Tries) -> bool:
    """Bring a signal to one of the cases that waited when it was thrown."""
    message_id, subscription_id = str(arguments["id"]), str(arguments["to"])
    with engine.reading() as tx:
        row = tx.session.get(MessageSubscription, subscription_id)
    if row is None:  # taken before, or the case has moved on
        return False
    work = partial(tries, STEP, partial(messages.deliver_to, engine, message_id, subscription_id))
    return _or_incident(engine, work, row.instance_id, "signal", task_id=message_id)


WORK: Mapping[str, Callable[[Engine, Mapping[str, Any], Tries], bool]] = {
    "timer": _timer,
    "service_task": _service_task,
    "message": _message,
    "signal": _signal,
}


def recover(tx: Transaction) -> int:
    """Enqueue anew what running cases wait for, after their queue was left behind.

    A job that is done twice by this finds nothing left to do.
    """
    fresh = uuid4().hex[:8]
    waiting = [
        Job("message", f"message:{message_id}:{fresh}", {"id": message_id})
        for message_id in tx.session.scalars(select(Message.id).where(Message.state == "pending"))
    ]
    running = select(ProcessInstance).where(ProcessInstance.state == InstanceState.running)
    for instance in tx.session.scalars(running.execution_options(yield_per=100)):
        for task_id in take_up(tx, instance).workflow.waiting_services():
            where = {"instance": instance.id, "task": task_id}
            waiting.append(Job("service_task", f"service_task:{task_id}:{fresh}", where))
    for job in waiting:
        tx.put(job)
    return len(waiting)


def perform(engine: Engine, job: Job, tries: Tries = once) -> bool:
    """Do a job; False when there was nothing left to do or an incident opened."""
    return WORK[job.kind](engine, job.arguments, tries)


def run_due(engine: Engine) -> int:
    """Fire all due timers here and now; return in how many cases."""
    return sum(perform(engine, job) for job in due(engine))


def run_pending(engine: Engine) -> int:
    """Do all jobs of a queue in memory, and those that they bring; return how many were done."""
    queue, count = engine.queue, 0
    if not isinstance(queue, MemoryQueue):
        raise TypeError("only a queue in memory is run by hand")
    while job := queue.take():
        try:
            count += perform(engine, job)
        except Conflict:
            log.exception("job %s failed", job.id)
    return count

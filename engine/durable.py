"""Jobs in the database, run by any number of workers: the only code that imports DBOS.

DBOS Transact keeps queues in the same SQLite file or PostgreSQL database as the cases, so a job
enlists in its step's transaction. Values cross the queue as JSON: nothing that stands in the
database is ever unpickled.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from time import sleep
from typing import Any, cast

import orjson
from dbos import DBOS, DBOSClient, DBOSConfig
from dbos import Serializer as DbosSerializer
from sqlalchemy import delete, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.database import unreachable
from engine.jobs import perform
from engine.models import Worker
from engine.queue import Job
from engine.service_tasks import Outside
from engine.transaction import Engine

log = logging.getLogger(__name__)
QUEUE = "kartabl"
WORKFLOW = "job"
#: Jobs outlive a new version of the program: their arguments are ids, their kinds are kept.
VERSION = "1"
#: Seconds of silence after which a worker counts as dead and others take its jobs.
SILENCE = 30
#: Days that finished jobs are kept.
KEPT_DAYS = 7

#: The engine whose jobs this process runs; DBOS allows one in a process.
_running: list[Engine] = []
#: Ids of the jobs that this process has in hand.
_in_hand: set[str] = set()
#: Jobs of this process that a round found in nobody's hand.
_stray: set[str] = set()


class JsonSerializer(DbosSerializer):
    """Write what crosses the queue as JSON; an exception as its words."""

    def serialize(self, data: Any) -> str:
        """Return JSON text."""
        return orjson.dumps(data, default=_plain).decode()

    def deserialize(cls, serialized_data: str) -> Any:  # noqa: N805  (as in the library)
        """Return the values."""
        data = orjson.loads(serialized_data)
        if isinstance(data, dict) and data.keys() == {"__failed__"}:
            return RuntimeError(data["__failed__"])
        return data

    def name(self) -> str:
        """Return the name under which the values are marked."""
        return "kartabl_json"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseException):
        return {"__failed__": f"{type(value).__name__}: {value}"}
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)


def _address(url: URL) -> str:
    """Return the database's address as DBOS takes it."""
    name = "sqlite" if url.drivername.startswith("sqlite") else "postgresql"
    return url.set(drivername=name).render_as_string(hide_password=False)


def migrate(url: URL) -> None:
    """Create the queue's own tables or bring them up to date."""
    _quiet()
    DBOS.migrate(_address(url))


def _quiet() -> None:
    logging.getLogger("dbos").setLevel(logging.WARNING)


class DurableQueue:
    """The queue of an installation: a job is a row that commits with its step."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._client: DBOSClient | None = None

    def put(self, session: Session, job: Job) -> None:
        """Add a job in the session's transaction; one with the same id is left as it is."""
        if self._client is None:
            self._client = DBOSClient(
                system_database_url=_address(self._url), serializer=JsonSerializer(), lazy=True
            )
        options = {
            "queue_name": QUEUE,
            "workflow_name": WORKFLOW,
            "workflow_id": job.id,
            "app_version": VERSION,
        }
        self._client.enqueue_in_transaction(
            session,
            options,  # type: ignore[arg-type]
            job.kind,
            job.id,
            dict(job.arguments),
        )

    def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            self._client.destroy()


@DBOS.workflow(name=WORKFLOW)
def run(kind: str, job_id: str, arguments: dict[str, Any]) -> bool:
    """Do one job; a step of it that is done is not done again after a crash."""
    _in_hand.add(job_id)
    try:
        job = Job(kind, job_id, arguments)
        return bool(_patiently(lambda: perform(_running[0], job, _durably)))
    finally:
        _in_hand.discard(job_id)


def _patiently(work: Callable[[], Any]) -> Any:
    """Call again while the database is away: that is no failure of the work."""
    pause = 0.5
    while True:
        try:
            return work()
        except DBAPIError as error:
            if not unreachable(error) or not _running:
                raise
            log.warning("the database is away; a job waits for it")
        sleep(pause)
        pause = min(pause * 2, 15.0)


def _durably(policy: Outside, work: Callable[[], Any]) -> Any:
    """Call until it succeeds, and remember the result in the database."""
    options = {
        "name": "work",
        "retries_allowed": policy.attempts > 1,
        "max_attempts": policy.attempts,
        "interval_seconds": policy.pause,
        "backoff_rate": policy.backoff,
    }
    return DBOS.run_step(cast("Any", options), lambda: _patiently(work))


def launch(engine: Engine, worker_id: str, at_once: int) -> None:
    """Begin to run jobs in this process."""
    _quiet()
    _running[:] = [engine]
    config: DBOSConfig = {
        "name": "kartabl",
        "system_database_url": _address(engine.database.url),
        "serializer": JsonSerializer(),
        "executor_id": worker_id,
        "application_version": VERSION,
        "log_level": "WARNING",
        "max_executor_threads": max(8, at_once * 2),
    }
    DBOS(config=config)
    DBOS.launch()
    DBOS.register_queue(
        QUEUE, worker_concurrency=at_once, polling_interval_sec=0.5, on_conflict="always_update"
    )


def stop() -> None:
    """End this process's work; jobs in the middle of a step are finished first."""
    DBOS.destroy(workflow_completion_timeout_sec=10)
    _running.clear()


def enqueue(engine: Engine, jobs: list[Job]) -> None:
    """Enqueue jobs that belong to no step: what time brings."""
    if jobs:
        with engine.transaction() as tx:
            for job in jobs:
                tx.put(job)


def beat(engine: Engine, worker_id: str) -> None:
    """Show that this worker lives."""
    with engine.transaction() as tx:
        row = tx.session.get(Worker, worker_id)
        if row is None:
            tx.session.add(Worker(id=worker_id, seen_at=tx.now))
        else:
            row.seen_at = tx.now


def take_over(engine: Engine, me: str) -> int:
    """Put the jobs of dead workers back into the queue; return how many.

    DBOS itself recovers only what an executor of the same id had held, and only at its start. A
    job of this very process that has been in nobody's hand for two rounds is taken up as well.
    """
    with engine.reading() as tx:
        since = tx.now - timedelta(seconds=SILENCE)
        living = set(tx.session.scalars(select(Worker.id).where(Worker.seen_at >= since)))
    held = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    stray = {job.workflow_id for job in held if job.executor_id == me} - _in_hand
    lost = [job.workflow_id for job in held if job.executor_id not in living]
    lost += stray & _stray
    _stray.clear()
    _stray.update(stray)
    for job_id in lost:
        log.warning("job %s, which was left behind, is run again", job_id)
        DBOS.resume_workflow(job_id)
    return len(lost)


def clean_up(engine: Engine) -> None:
    """Forget finished jobs and workers that are long gone."""
    before = engine.clock() - timedelta(days=KEPT_DAYS)
    done = DBOS.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"],
        end_time=cast("Any", before.isoformat()),
        limit=1000,
        load_input=False,
        load_output=False,
    )
    DBOS.delete_workflows([job.workflow_id for job in done])
    with engine.transaction() as tx:
        tx.session.execute(delete(Worker).where(Worker.seen_at < before))

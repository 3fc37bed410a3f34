"""Jobs: handlers with effects outside the step, their failures, and what withdraws them."""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import history, incidents, jobs
from engine.events import EventType
from engine.models import Incident
from engine.queue import MemoryQueue
from engine.service_tasks import JobContext, Outside
from engine.states import InstanceState
from tests.engine.bpmn import end, parallel, path, service, start, timer_boundary, user
from tests.engine.conftest import CHIEF, CLERK, World

LANES = {"کارمند": ["begin", "a", "mail", "late", "b", "finish", "other"]}


class Post:
    """A handler that sends letters; it can be made to fail, and remembers what it sent."""

    def __init__(self) -> None:
        self.calls: list[tuple[JobContext, dict[str, Any]]] = []
        self.failing = 0

    def send(self, context: JobContext, parameters: Mapping[str, Any]) -> dict[str, Any]:
        self.calls.append((context, dict(parameters)))
        if self.failing:
            self.failing -= 1
            raise ConnectionError("the post office is closed")
        return {"letter": f"L-{len(self.calls)}"}


@pytest.fixture
def post(world: World) -> Post:
    post = Post()
    world.engine.handlers = {**world.engine.handlers, "post": Outside(post.send, attempts=3)}
    return post


def queue(world: World) -> MemoryQueue:
    assert isinstance(world.engine.queue, MemoryQueue)
    return world.engine.queue


def mailing(world: World) -> str:
    """Start a case: a user task, then a letter, then another user task."""
    world.draw(
        start(starters="clerk"),
        user("a"),
        service("mail", "post", to="note", copies="count + 1"),
        user("b"),
        end(),
        path("begin", "a", "mail", "b", "finish"),
        lanes=LANES,
    )
    return world.start(CLERK)


def kinds(world: World, case: str) -> list[str]:
    with world.engine.reading() as tx:
        return [entry.type for entry in history.entries(tx, case)]


def open_incidents(world: World) -> list[Incident]:
    with world.engine.reading() as tx:
        return list(tx.session.scalars(select(Incident).where(Incident.state == "open")))


def test_a_step_commits_before_its_letter_is_sent(world: World, post: Post) -> None:
    case = mailing(world)
    world.do(CLERK, case, "a", note="اهر", count=1)
    assert (post.calls, world.keys(case)) == ([], [])
    assert world.instance(case).state == InstanceState.running
    assert jobs.run_pending(world.engine) == 1
    [(context, parameters)] = post.calls
    assert parameters == {"to": "اهر", "copies": 2}
    assert context.instance_id == case
    assert context.data["note"] == "اهر"
    assert world.keys(case) == ["b"]
    assert world.data(case)["letter"] == "L-1"
    told = kinds(world, case)
    begun = told.index(EventType.service_task_started)
    assert begun < told.index(EventType.service_task_completed)
    with world.engine.reading() as tx:
        assert history.verify(tx, case) is None


def test_a_step_that_is_taken_back_leaves_no_job(world: World, post: Post) -> None:
    case = mailing(world)
    task = world.open(case)["a"]
    with pytest.raises(RuntimeError), world.engine.transaction(CLERK) as tx:
        from engine import tasks

        tasks.complete(tx, task.id, {"note": "x", "count": 0}, revision=1)
        raise RuntimeError
    assert queue(world).take() is None
    assert world.keys(case) == ["a"]


def test_the_same_job_twice_is_done_once(world: World, post: Post) -> None:
    case = mailing(world)
    world.do(CLERK, case, "a", note="x", count=0)
    job = queue(world).take()
    assert job is not None
    assert jobs.perform(world.engine, job)
    assert not jobs.perform(world.engine, job)
    assert len(post.calls) == 1
    assert world.keys(case) == ["b"]


def test_a_handler_that_fails_asks_a_person_and_is_tried_again(world: World, post: Post) -> None:
    case = mailing(world)
    world.do(CLERK, case, "a", note="x", count=0)
    post.failing = 1
    jobs.run_pending(world.engine)
    [incident] = open_incidents(world)
    assert (incident.element_id, incident.kind) == ("mail", "service_task")
    assert "ConnectionError: the post office is closed" in incident.message
    assert world.instance(case).state == InstanceState.running
    with world.engine.transaction(CHIEF) as tx:
        incidents.retry(tx, incident.id, "the office is open again")
    jobs.run_pending(world.engine)
    assert world.keys(case) == ["b"]
    assert open_incidents(world) == []
    first, second = (context.idempotency_key for context, _parameters in post.calls)
    assert first == second


def test_a_failing_branch_leaves_the_others_alone(world: World, post: Post) -> None:
    world.draw(
        start(starters="clerk"),
        parallel("split"),
        service("mail", "post"),
        user("other"),
        parallel("join"),
        end(),
        path("begin", "split", "mail", "join", "finish"),
        path("split", "other", "join"),
        lanes=LANES,
    )
    case = world.start(CLERK)
    post.failing = 1
    jobs.run_pending(world.engine)
    world.do(CLERK, case, "other")
    [incident] = open_incidents(world)
    with world.engine.transaction(CHIEF) as tx:
        incidents.retry(tx, incident.id, "")
    jobs.run_pending(world.engine)
    assert world.instance(case).state == InstanceState.completed


def test_what_comes_after_the_deadline_is_dropped(world: World, post: Post) -> None:
    world.draw(
        start(starters="clerk"),
        service("mail", "post"),
        timer_boundary("late", "mail", "working_days(1)", interrupting=True),
        user("b"),
        end(),
        end("gone"),
        path("begin", "mail", "finish"),
        path("late", "b", "gone"),
        lanes=LANES,
    )
    case = world.start(CLERK)
    job = queue(world).take()
    assert job is not None
    world.pass_time(days=7)
    jobs.run_due(world.engine)
    assert world.keys(case) == ["b"]
    assert not jobs.perform(world.engine, job)
    assert post.calls == []
    assert "letter" not in world.data(case)


def test_a_handler_that_takes_too_long_has_failed(world: World) -> None:
    def sleep(_context: JobContext, _parameters: Mapping[str, Any]) -> None:
        time.sleep(1)

    slow = Outside(sleep, time_limit=0.05)
    world.engine.handlers = {**world.engine.handlers, "post": slow}
    case = mailing(world)
    world.do(CLERK, case, "a", note="x", count=0)
    jobs.run_pending(world.engine)
    [incident] = open_incidents(world)
    assert "TimeoutError" in incident.message


def test_a_timer_is_one_job_however_often_it_is_seen(world: World) -> None:
    world.draw(
        start(starters="clerk"),
        user("a"),
        timer_boundary("late", "a", "working_days(1)", interrupting=True),
        end(),
        end("gone"),
        path("begin", "a", "finish"),
        path("late", "gone"),
        lanes=LANES,
    )
    case = world.start(CLERK)
    assert jobs.due(world.engine) == []
    world.now += timedelta(days=7)
    [seen], [again] = jobs.due(world.engine), jobs.due(world.engine)
    assert seen.id == again.id
    assert jobs.perform(world.engine, seen)
    assert not jobs.perform(world.engine, again)
    assert jobs.due(world.engine) == []
    assert kinds(world, case).count(EventType.timer_fired) == 1

"""Invariants of the engine on random diagrams, in random orders.

A failure prints the diagram's blocks and the choices; hypothesis replays it by its seed.
"""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from engine import calendar, deployments, history, instances, jobs, tasks
from engine.errors import Refusal
from engine.events import EventType
from engine.models import Base, ProcessInstance, UserTask
from engine.spiff import codec
from engine.states import InstanceState
from engine.step import take_up
from engine.transaction import Engine
from tests.engine.blocks import Block, blocks, bundle
from tests.engine.conftest import CLERK, OFFICE, ROLES, TODAY, World
from tests.installations import everything

#: Steps of one walk; loops could go on for ever.
MOST = 25


@contextmanager
def _world(block: Block) -> Iterator[World]:
    world: World
    with tempfile.TemporaryDirectory() as place:
        engine = Engine(
            f"sqlite:///{place}/test.db",
            roles=ROLES,
            handlers={},
            files=Path(place),
            clock=lambda: world.now,
        )
        world = World(engine)
        Base.metadata.create_all(engine.database)
        with engine.transaction() as tx:
            calendar.seed(tx.session)
            deployments.deploy(tx, bundle(block), "TEST-00")
        yield world
        engine.close()


@dataclass
class Walk:
    """One case on its random way."""

    world: World
    luck: random.Random
    case: str = ""
    done: list[str] = field(default_factory=list)

    def go(self) -> None:
        """Start, and take random legal steps, checking all invariants after each."""
        self.case = self.world.start(CLERK)
        self.check()
        for _ in range(MOST):
            if self.world.instance(self.case).state != InstanceState.running:
                return
            self.step()
            self.check()

    def step(self) -> None:
        due = self.world.instance(self.case).next_due_at
        if due is not None and self.luck.random() < 0.4:
            self.world.now = due + timedelta(seconds=1)
            jobs.run_due(self.world.engine)
            self.done.append("time")
            return
        task = self.luck.choice(list(self.world.open(self.case).values()))
        self.refused(task)
        self.world.complete(CLERK, task, **{f"v{task.key}": self.luck.randrange(101)})
        self.done.append(task.key)

    def refused(self, task: UserTask) -> None:
        """Try what may not be done; nothing changes by it."""
        before = everything(self.world.engine)
        good = {f"v{task.key}": 1}
        for actor, values, revision in (
            (OFFICE, good, None),
            (CLERK, {f"v{task.key}": 101}, None),
            (CLERK, {"typename": "x"}, None),
            (CLERK, good, 0),
        ):
            current = self.world.instance(self.case).revision if revision is None else revision
            with pytest.raises(Refusal), self.world.engine.transaction(actor) as tx:
                tasks.complete(tx, task.id, values, revision=current)
        assert everything(self.world.engine) == before

    def check(self) -> None:
        with self.world.engine.reading() as tx:
            instance = instances.get(tx, self.case)
            assert history.verify(tx, self.case) is None
            rows = {row.id for row in instances.tasks_of(tx, self.case)}
            if instance.state != InstanceState.running:
                assert rows == set()
                return
            step = take_up(tx, instance)
            assert {task.id for task in step.workflow.open_tasks()} == rows
            assert instance.next_due_at == step.workflow.next_due()
            assert instance.data == step.workflow.values()
            assert rows or instance.next_due_at, "nobody can take this case on"
            loaded = codec.load(instance.workflow, step.published.bundle)
            assert codec.dump(loaded) == instance.workflow


def _replay(world: World, case: str, again: World) -> str:
    """Do in a fresh database what a case's history says; return the new case."""
    with world.engine.reading() as tx:
        entries = history.entries(tx, case)
    again.now = entries[0].at
    other = again.start(CLERK)
    for entry in entries:
        if entry.type == EventType.user_task_completed:
            again.now = entry.at
            again.do(CLERK, other, entry.element_id, **entry.data["values"])
        elif entry.type == EventType.timer_fired and entry.at != again.now:
            again.now = entry.at
            jobs.run_due(again.engine)
    return other


def _state(world: World, case: str) -> tuple[Any, ...]:
    instance: ProcessInstance = world.instance(case)
    return (
        instance.state,
        instance.revision,
        world.keys(case),
        world.data(case),
        instance.next_due_at,
    )


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    print_blob=True,
)
@given(block=blocks(), seed=st.integers(0, 2**32))
def test_random_diagrams_in_random_orders(block: Block, seed: int) -> None:
    note(f"blocks: {block!r}, seed: {seed}")
    with _world(block) as world, _world(block) as again:
        assert world.now == TODAY
        walk = Walk(world, random.Random(seed))
        try:
            walk.go()
        finally:
            note(f"steps: {walk.done}")
        other = _replay(world, walk.case, again)
        assert _state(again, other) == _state(world, walk.case)

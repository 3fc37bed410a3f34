"""Random processes of nested blocks, in random order, against an interpreter of the blocks."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import pytest

from engine.lint import Known, check
from tests.engine.bpmn import end, flow, inclusive, parallel, path, script, start, user, xor
from tests.engine.conftest import ANY, ROLES
from tests.engine.elements import process, several, sub, times, within
from tests.engine.walking import Walk, bundle_of

KNOWN = Known(ROLES, frozenset(), frozenset({"test/any"}))


@dataclass
class Block:
    """A piece of a process between two elements."""

    kind: str
    name: str
    parts: list["Block"] = field(default_factory=list)
    #: Which parts run: all, one, or some; for a loop how often.
    chosen: list[int] = field(default_factory=list)
    rounds: int = 1


class Maker:
    """Makes random blocks and draws them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.count = 0

    def block(self, depth: int) -> Block:
        """Return a random block."""
        self.count += 1
        name = f"n{self.count}"
        if depth == 0:
            return Block("task", name)
        kinds = ["task", "and", "or", "xor", "row", "loop", "sub", "many", "each"]
        kind = self.random.choice(kinds)
        if kind == "task":
            return Block(kind, name)
        many = 1 if kind in {"loop", "sub", "many", "each"} else self.random.randint(2, 3)
        parts = [self.block(depth - 1) for _ in range(many)]
        indexes = range(many)
        chosen = {
            "or": sorted(self.random.sample(indexes, self.random.randint(1, many))),
            "xor": [self.random.choice(indexes)],
        }.get(kind, list(indexes))
        return Block(kind, name, parts, chosen, self.random.randint(1, 3))

    def draw(self, block: Block) -> tuple[str, str, str]:
        """Return XML, and the ids of its first and last element."""
        name = block.name
        if block.kind == "task":
            return user(name), name, name
        drawn = [self.draw(part) for part in block.parts]
        inner = "".join(xml for xml, _first, _last in drawn)
        if block.kind == "row":
            ends = [(a[2], b[1]) for a, b in pairwise(drawn)]
            return inner + "".join(flow(*pair) for pair in ends), drawn[0][1], drawn[-1][2]
        if block.kind in {"sub", "many", "each"}:
            [(_xml, first, last)] = drawn
            ends = path(f"{name}b", first) + path(last, f"{name}e")
            whole = sub(name, start(f"{name}b"), inner, end(f"{name}e"), ends)
            marker = several(times(str(block.rounds)), sequential=block.kind == "each")
            return whole if block.kind == "sub" else within(whole, marker), name, name
        if block.kind == "loop":
            return self._loop(block, inner, drawn[0])
        split, join = f"{name}s", f"{name}j"
        gate = {"and": parallel, "or": inclusive, "xor": xor}[block.kind]
        options = {} if block.kind == "and" else {"default": f"{name}d"}
        flows = "".join(
            flow(split, first, "" if block.kind == "and" else str(n in block.chosen))
            + flow(last, join)
            for n, (_xml, first, last) in enumerate(drawn)
        )
        default = "" if block.kind == "and" else flow(split, join, flow_id=f"{name}d")
        return gate(split, **options) + gate(join) + inner + flows + default, split, join

    def _loop(self, block: Block, inner: str, drawn: tuple[str, str, str]) -> tuple[str, str, str]:
        name, (_xml, first, last) = block.name, drawn
        again = f"{name} < {block.rounds}"
        xml = (
            script(f"{name}i", f"{name} = 0")
            + xor(f"{name}m")
            + inner
            + script(f"{name}c", f"{name} = {name} + 1")
            + xor(f"{name}x", default=f"{name}d")
            + xor(f"{name}o")
            + path(f"{name}i", f"{name}m", first)
            + path(last, f"{name}c", f"{name}x")
            + flow(f"{name}x", f"{name}m", again)
            + flow(f"{name}x", f"{name}o", flow_id=f"{name}d")
        )
        return xml, f"{name}i", f"{name}o"


class Running:
    """One run of a block."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.rounds = 0
        self.inner: list[Running] = []
        self.ended = False
        self._begin()

    def _begin(self) -> None:
        block = self.block
        if block.kind in {"and", "or"}:
            self.inner = [Running(block.parts[n]) for n in block.chosen]
        elif block.kind == "many":
            self.inner = [Running(block.parts[0]) for _ in range(block.rounds)]
        elif block.kind != "task":
            self.inner = [Running(block.parts[block.chosen[0]])]

    def open(self) -> list[str]:
        """Return the tasks that are open."""
        if self.ended:
            return []
        if self.block.kind == "task":
            return [self.block.name]
        return sorted(name for run in self.inner for name in run.open())

    def after(self, name: str) -> "Iterator[Running]":
        """Yield what may be when a task is completed: several runs may have one of its name."""
        if self.block.kind == "task":
            done = copy(self)
            done.ended = True
            yield done
            return
        for n, run in enumerate(self.inner):
            if name in run.open():
                for changed in run.after(name):
                    whole = copy(self)
                    whole.inner = [*self.inner[:n], changed, *self.inner[n + 1 :]]
                    if all(one.ended for one in whole.inner):
                        whole._round_done()
                    yield whole

    def shape(self) -> str:
        """Return what tells this from another state of the same block."""
        inner = sorted(run.shape() for run in self.inner)
        return f"{self.block.name} {self.rounds} {self.ended} {inner}"

    def _round_done(self) -> None:
        self.rounds += 1
        block = self.block
        if block.kind == "row" and self.rounds < len(block.parts):
            self.inner = [Running(block.parts[self.rounds])]
        elif block.kind in {"loop", "each"} and self.rounds < block.rounds:
            self._begin()
        else:
            self.ended = True


@pytest.mark.parametrize("seed", range(120))
def test_blocks_run_as_they_are_drawn(seed: int) -> None:
    maker = Maker(seed)
    block = Block("row", "n0", [maker.block(3), maker.block(2)], [0, 1])
    xml, first, last = maker.draw(block)
    diagram = process(start(), xml, end(), path("begin", first), path(last, "finish"))
    found = check({"d.bpmn": diagram, "test/any.json": ANY}, KNOWN)
    assert [p for p in found if p.severity == "error"] == []
    bundle = bundle_of(diagram)
    for order in range(3):
        choose, walk = Random(order), Walk(bundle)
        states = [Running(block)]
        for _task in range(2_000):
            assert states
            assert walk.keys == states[0].open()
            assert walk.completed == (not walk.keys)
            if walk.completed:
                break
            key = choose.choice(walk.keys)
            walk.complete(choose.choice([i for i, t in walk.open.items() if t.element.id == key]))
            may_be = {new.shape(): new for state in states for new in state.after(key)}
            states = [new for new in may_be.values() if new.open() == walk.keys]
        assert walk.completed

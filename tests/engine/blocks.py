"""Random sound diagrams: blocks of tasks, choices, parallel branches, loops, deadlines, scopes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from hypothesis import strategies as st

from tests.engine.bpmn import (
    diagram,
    end,
    flow,
    inclusive,
    parallel,
    path,
    script,
    start,
    timer_boundary,
    user,
    xor,
)
from tests.engine.conftest import form

#: What may stand where one step stands; a list is a block of that kind with blocks inside.
Block = str | list["Block"]
KINDS = ("then", "either", "both", "any", "again", "deadline", "scope")


def blocks(depth: int = 3) -> st.SearchStrategy[Block]:
    """Return a strategy for blocks that are nested so deep at the most."""
    leaf = st.sampled_from(["task", "task", "script"])
    inner = leaf if depth == 1 else leaf | blocks(depth - 1) | blocks(depth - 1)
    return st.tuples(st.sampled_from(KINDS), inner, inner).map(list)


@dataclass
class Drawing:
    """A diagram while it is drawn."""

    parts: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def name(self, word: str) -> str:
        """Return a fresh id."""
        return f"{word}{next(self.numbers)}"

    def task(self) -> str:
        """Draw a user task whose form has one value, named like the task with a v before it."""
        name = self.name("t")
        self.parts.append(user(name, f"test/{name}"))
        self.tasks.append(name)
        return name


#: Id of the first element of a drawn block and of the last.
Ends = tuple[str, str]


def _task(to: Drawing) -> Ends:
    name = to.task()
    return name, name


def _script(to: Drawing) -> Ends:
    name = to.name("s")
    to.parts.append(script(name, f"x{name} = 1"))
    return name, name


def _then(to: Drawing, one: Block, other: Block) -> Ends:
    (first, middle), (next_one, last) = draw(to, one), draw(to, other)
    to.parts.append(path(middle, next_one))
    return first, last


def _either(to: Drawing, one: Block, other: Block) -> Ends:
    asked, split, merge = to.task(), to.name("x"), to.name("m")
    to.parts += [xor(split, f"f_{split}_default"), xor(merge), path(asked, split)]
    (a, a_end), (b, b_end) = draw(to, one), draw(to, other)
    to.parts += [
        flow(split, a, f"v{asked} > 50"),
        flow(split, b, flow_id=f"f_{split}_default"),
        path(a_end, merge) + path(b_end, merge),
    ]
    return asked, merge


def _split(to: Drawing, one: Block, other: Block, draw_gateway: Callable[[str], str]) -> Ends:
    split, join = to.name("g"), to.name("j")
    to.parts += [draw_gateway(split), draw_gateway(join)]
    for block in (one, other):
        first, last = draw(to, block)
        to.parts.append(path(split, first) + path(last, join))
    return split, join


def _both(to: Drawing, one: Block, other: Block) -> Ends:
    return _split(to, one, other, parallel)


def _any(to: Drawing, one: Block, other: Block) -> Ends:
    """Draw an inclusive choice: one branch always, the other where the value says so."""
    asked, split, join = to.task(), to.name("o"), to.name("i")
    to.parts += [inclusive(split, f"f_{split}_default"), inclusive(join), path(asked, split)]
    (a, a_end), (b, b_end) = draw(to, one), draw(to, other)
    to.parts += [
        flow(split, a, f"v{asked} > 30"),
        flow(split, b, f"v{asked} > 60"),
        flow(split, join, flow_id=f"f_{split}_default"),
        path(a_end, join) + path(b_end, join),
    ]
    return asked, join


def _again(to: Drawing, one: Block, _other: Block) -> Ends:
    """Draw a rework loop around a block."""
    head, more, after = to.name("h"), to.name("x"), to.name("s")
    first, last = draw(to, one)
    asked = to.task()
    to.parts += [
        xor(head),
        xor(more, f"f_{more}_default"),
        script(after, f"x{after} = 1"),
        path(head, first) + path(last, asked, more),
        flow(more, head, f"v{asked} > 80"),
        flow(more, after, flow_id=f"f_{more}_default"),
    ]
    return head, after


def _deadline(to: Drawing, one: Block, _other: Block) -> Ends:
    """Draw a task with a deadline that leads to another block."""
    asked, late, merge = to.task(), to.name("d"), to.name("m")
    first, last = draw(to, one)
    to.parts += [
        timer_boundary(late, asked, "working_days(2)", interrupting=True),
        xor(merge),
        path(late, first) + path(last, merge) + path(asked, merge),
    ]
    return asked, merge


def _scope(to: Drawing, one: Block, _other: Block) -> Ends:
    """Draw an embedded sub-process."""
    scope, begin, finish = to.name("p"), to.name("b"), to.name("e")
    inside = Drawing(tasks=to.tasks, numbers=to.numbers)
    first, last = draw(inside, one)
    body = f'<bpmn:startEvent id="{begin}"/>{"".join(inside.parts)}{end(finish)}'
    flows = path(begin, first) + path(last, finish)
    to.parts.append(f'<bpmn:subProcess id="{scope}">{body}{flows}</bpmn:subProcess>')
    return scope, scope


_DRAWN = {
    "then": _then,
    "either": _either,
    "both": _both,
    "any": _any,
    "again": _again,
    "deadline": _deadline,
    "scope": _scope,
}


def draw(to: Drawing, block: Block) -> Ends:
    """Draw a block; return its first and last element."""
    if isinstance(block, str):
        return _task(to) if block == "task" else _script(to)
    kind, one, other = block
    return _DRAWN[str(kind)](to, one, other)


def bundle(block: Block) -> dict[str, bytes]:
    """Return the files of a process that is this block."""
    to = Drawing()
    first, last = draw(to, block)
    flows = path("begin", first) + path(last, "finish")
    scopes = [part.split('"')[1] for part in to.parts if part.startswith("<bpmn:subProcess")]
    lanes = {"کارمند": ["begin", "finish", *to.tasks, *scopes]}
    drawn = diagram("p", start(starters="clerk"), *to.parts, end(), flows, lanes=lanes)
    value = {"type": "integer", "minimum": 0, "maximum": 100}
    forms = {
        f"test/{name}.json": form(f"test/{name}", {f"v{name}": value}, required=[f"v{name}"])
        for name in to.tasks
    }
    return {"p.bpmn": drawn, **forms}

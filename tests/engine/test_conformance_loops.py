"""Gateways inside rework loops, long loops, and branches in random order."""

from random import Random

import pytest

from tests.engine.bpmn import end, flow, inclusive, parallel, path, script, start, user, xor
from tests.engine.elements import boundary, process, sub, timer
from tests.engine.walking import Walk, bundle_of, calls


def rework(split: str, names: str = "x y") -> tuple[str, ...]:
    """Return branches between two gateways, and a check that may send them back."""
    ids = names.split()
    gate = parallel if split == "and" else inclusive
    condition = "True" if split == "or" else ""
    return (
        start(),
        xor("merge"),
        gate("split", **({"default": "none"} if split == "or" else {})),
        gate("join"),
        *(user(i) for i in ids),
        user("check"),
        xor("again", default="done"),
        end(),
        path("begin", "merge", "split"),
        *(flow("split", i, condition) for i in ids),
        *(path(i, "join") for i in ids),
        flow("split", "join", flow_id="none") if condition else "",
        path("join", "check", "again"),
        flow("again", "merge", 'outcome == "again"'),
        flow("again", "finish", flow_id="done"),
    )


@pytest.mark.parametrize(("split", "names"), [("and", "x y"), ("and", "x y z"), ("or", "x y z")])
def test_gateways_in_rework_loops(split: str, names: str) -> None:
    """The plain library runs 58 to 88 of 100 such orders wrongly."""
    bundle = bundle_of(process(*rework(split, names)))
    for seed in range(100):
        choose, walk = Random(seed), Walk(bundle)
        for round_number in range(3):
            order = names.split()
            choose.shuffle(order)
            for n, key in enumerate(order):
                assert walk.keys == sorted(order[n:])
                walk.do(key, **{key: seed})
            assert walk.keys == ["check"]
            walk.do("check", outcome="again" if round_number < 2 else "done")
        assert walk.completed
        assert [walk.trace.count(key) for key in [*names.split(), "join", "check"]] == [3] * (
            len(names.split()) + 2
        )


def test_a_rework_loop_beside_a_branch_that_waits() -> None:
    inner = [part for part in rework("and") if 'id="begin"' not in part]
    loop = "".join(inner).replace('sourceRef="begin"', 'sourceRef="outer"')
    whole = (
        start(),
        parallel("outer"),
        loop,
        user("other"),
        end("last"),
        path("begin", "outer", "other", "last"),
    )
    bundle = bundle_of(process(*whole))
    for seed in range(40):
        choose, walk = Random(seed), Walk(bundle)
        for _round in range(3):
            for key in choose.sample(["x", "y"], 2):
                walk.do(key)
            assert walk.keys == ["check", "other"]
            walk.do("check", outcome="again")
        assert walk.keys == ["other", "x", "y"]
        assert max(walk.sizes[4:]) - min(walk.sizes[4:]) < 1_500


COUNTED = (
    start(),
    user("a"),
    script("s", "rounds = rounds + 1 if defined('rounds') else 1"),
    xor("g", default="out"),
    end(),
    path("begin", "a", "s", "g"),
    flow("g", "a", 'outcome == "again"'),
    flow("g", "finish", flow_id="out"),
)
REMINDED = (
    *COUNTED,
    boundary("b", "a", timer("Duration", "PT1H"), interrupting=False),
    script("remind", "told = 1"),
    end("told"),
    path("b", "remind", "told"),
)
SUB = (
    start(),
    sub(
        "s",
        start("s1"),
        parallel("k"),
        user("x"),
        user("y"),
        parallel("l"),
        end("s2"),
        path("s1", "k", "x", "l", "s2"),
        path("k", "y", "l"),
    ),
    xor("g", default="out"),
    end(),
    path("begin", "s", "g"),
    flow("g", "s", 'outcome == "again"'),
    flow("g", "finish", flow_id="out"),
)


@pytest.mark.parametrize("parts", [COUNTED, REMINDED, SUB], ids=["plain", "reminded", "sub"])
def test_the_thousandth_round_costs_what_the_third_did(parts: tuple[str, ...]) -> None:
    walk = Walk(bundle_of(process(*parts)))
    costs = {}

    def one_round(outcome: str) -> None:
        if parts is REMINDED:
            walk.wait(hours=2)
        for key in walk.keys:
            walk.do(key, outcome=outcome)

    for number in range(1, 1000):
        if number in {3, 999}:
            costs[number] = calls(lambda: one_round("again")), walk.sizes[-1]
        else:
            one_round("again")
    assert not walk.completed
    one_round("stop")
    assert walk.completed
    if parts is not SUB:
        assert walk.values["rounds"] == 1000
    assert costs[999][0] <= costs[3][0] * 1.02
    assert costs[999][1] <= costs[3][1] + 64


def test_a_cycle_that_fires_for_ever_does_not_grow() -> None:
    parts = (
        start(),
        user("a"),
        boundary("b", "a", timer("Cycle", "R/PT1H"), interrupting=False),
        script("remind", "told = 1"),
        end("told"),
        end(),
        path("begin", "a", "finish"),
        path("b", "remind", "told"),
    )
    walk = Walk(bundle_of(process(*parts)))
    for _firing in range(300):
        walk.wait(hours=1)
    assert walk.trace.count("remind") == 300
    assert max(walk.sizes[10:]) - min(walk.sizes[10:]) < 64
    walk.do("a")
    assert walk.completed


def test_a_cycle_of_months_does_not_drift() -> None:
    parts = (
        start(),
        user("a"),
        boundary("b", "a", timer("Cycle", "R/2026-12-31T09:00:00+00:00/P1M"), interrupting=False),
        script("remind", "told = 1"),
        end("told"),
        end(),
        path("begin", "a", "finish"),
        path("b", "remind", "told"),
    )
    walk = Walk(bundle_of(process(*parts)))
    days = []
    for _firing in range(5):
        walk.step(lambda workflow: days.append(workflow.next_due()))
        walk.now = days[-1]
        walk.step(lambda workflow: workflow.advance())
    assert [f"{day:%m-%d}" for day in days] == ["12-31", "01-31", "02-28", "03-31", "04-30"]

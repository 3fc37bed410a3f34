"""Explore every marking of a process: each token must find its end, and none meet its double.

The search stops at a bound and says so.
"""

from collections import deque
from collections.abc import Iterator

from engine.lint.net import FIRED, Net
from engine.lint.problem import Problem, problem
from engine.spiff.elements import Diagram

#: Markings that are explored.
BOUND = 20_000


def check(file: str, scope: Diagram) -> Iterator[Problem]:
    """Find gateways that wait for ever and steps that run twice at once."""
    if scope.type == "adHocSubProcess":
        return
    net = Net(scope)
    seen, todo = {net.start()}, deque([net.start()])
    stuck: set[str] = set()
    doubled: set[str] = set()
    ends = {e.id for e in scope.elements.values() if e.type == "endEvent"}
    while todo and len(seen) <= BOUND:
        marking = todo.popleft()
        doubled |= {
            f
            for f, count in marking
            if count > 1 and not f.startswith(FIRED) and net.targets[f] not in ends
        }
        after = list(net.steps(marking))
        if not after:
            stuck |= {flow for flow, _count in marking if not flow.startswith(FIRED)}
        for new in after:
            if new not in seen and all(count <= 2 for _flow, count in new):
                seen.add(new)
                todo.append(new)
    for element_id in sorted({net.targets[flow] for flow in stuck}):
        yield problem(file, "deadlock", scope.elements[element_id])
    for element_id in sorted({net.targets[flow] for flow in doubled}):
        yield problem(file, "doubles", scope.elements[element_id])
    if len(seen) > BOUND:
        yield problem(file, "bound", scope, severity="warning")

"""Explore every marking of a process: each token must find its end, and none meet its double.

Tokens lie on sequence flows. An activity takes one token and gives one; an exclusive gateway
gives to one of its flows, a parallel one waits for all its flows; a boundary event may take the
token of its task (interrupting) or add one, once. What needs nobody happens before anything
else, as in the engine. Processes with inclusive gateways are not explored. The search stops at
a bound and says so.
"""

from collections import deque
from collections.abc import Iterator

from engine.lint.problem import Problem, problem
from engine.spiff.elements import Diagram, Element

#: Markings that are explored.
BOUND = 20_000
#: Marks a non-interrupting boundary event that has fired while its task is open.
FIRED = "@"
#: Elements that need nobody and no time.
AUTOMATIC = frozenset(
    [
        "exclusiveGateway",
        "parallelGateway",
        "scriptTask",
        "serviceTask",
        "task",
        "intermediateThrowEvent",
        "endEvent",
    ]
)

Marking = tuple[tuple[str, int], ...]


class Net:
    """A process as a token game."""

    def __init__(self, scope: Diagram) -> None:
        self.scope = scope
        self.incoming: dict[str, list[str]] = {e: [] for e in scope.elements}
        self.outgoing: dict[str, list[str]] = {e: [] for e in scope.elements}
        for flow in scope.sequence:
            self.incoming[flow.target].append(flow.id)
            self.outgoing[flow.source].append(flow.id)
        self.boundaries: dict[str, list[Element]] = {}
        for element in scope.elements.values():
            if element.attached_to:
                self.boundaries.setdefault(element.attached_to, []).append(element)

    def start(self) -> Marking:
        """Return the marking right after the start event."""
        return _marking(dict.fromkeys(self.outgoing[self.scope.start().id], 1))

    def steps(self, marking: Marking) -> Iterator[tuple[str, Marking]]:
        """Yield each step that may happen: the element and the marking after it."""
        tokens = dict(marking)
        for automatic in (True, False):
            moved = False
            for element in self.scope.elements.values():
                if (element.type in AUTOMATIC) is automatic:
                    for after in self._fire(element, tokens):
                        moved = True
                        yield element.id, _marking(after)
            if moved:
                return

    def _fire(self, element: Element, tokens: dict[str, int]) -> Iterator[dict[str, int]]:
        ready = [flow for flow in self.incoming[element.id] if tokens.get(flow)]
        if element.type == "parallelGateway":
            if ready and len(ready) == len(self.incoming[element.id]):
                yield _moved(tokens, ready, self.outgoing[element.id])
            return
        for flow in ready:
            yield from self._pass(element, tokens, flow)

    def _pass(
        self, element: Element, tokens: dict[str, int], flow: str
    ) -> Iterator[dict[str, int]]:
        out = self.outgoing[element.id]
        attached = self.boundaries.get(element.id, ())
        spent = [mark for b in attached if tokens.get(mark := FIRED + b.id)]
        if element.type in {"exclusiveGateway", "eventBasedGateway"}:
            for one in out:
                yield _moved(tokens, [flow], [one])
        elif element.event == "terminate":
            yield {}
        else:
            yield _moved(tokens, [flow, *spent], out)
        for boundary in attached:
            extra = self.outgoing[boundary.id]
            if boundary.interrupting:
                yield _moved(tokens, [flow, *spent], extra)
            elif FIRED + boundary.id not in spent:
                yield _moved(tokens, [], [*extra, FIRED + boundary.id])


def _marking(tokens: dict[str, int]) -> Marking:
    return tuple(sorted((flow, count) for flow, count in tokens.items() if count))


def _moved(tokens: dict[str, int], taken: list[str], given: list[str]) -> dict[str, int]:
    after = dict(tokens)
    for flow in taken:
        after[flow] -= 1
    for flow in given:
        after[flow] = after.get(flow, 0) + 1
    return after


def check(file: str, scope: Diagram) -> Iterator[Problem]:
    """Find gateways that wait for ever and steps that run twice at once."""
    if any(e.type == "inclusiveGateway" for e in scope.elements.values()):
        return
    net = Net(scope)
    seen, todo = {net.start()}, deque([net.start()])
    stuck: set[str] = set()
    doubled: set[str] = set()
    targets = {flow.id: flow.target for flow in scope.sequence}
    ends = {e.id for e in scope.elements.values() if e.type == "endEvent"}
    while todo and len(seen) <= BOUND:
        marking = todo.popleft()
        doubled |= {f for f, count in marking if count > 1 and targets[f] not in ends}
        after = [new for _element, new in net.steps(marking)]
        if not after:
            stuck |= {flow for flow, _count in marking}
        for new in after:
            if new not in seen and all(count <= 2 for _flow, count in new):
                seen.add(new)
                todo.append(new)
    for element_id in sorted({targets[flow] for flow in stuck}):
        yield problem(file, "deadlock", scope.elements[element_id])
    for element_id in sorted({targets[flow] for flow in doubled}):
        yield problem(file, "doubles", scope.elements[element_id])
    if len(seen) > BOUND:
        yield problem(file, "bound", scope, severity="warning")

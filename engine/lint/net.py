"""A process as a token game: which steps a marking allows, and the markings after them.

Tokens lie on sequence flows. An activity takes one token and gives one to each of its flows; an
exclusive gateway gives to one of its flows, an inclusive one to some, a parallel one waits for
all its flows and an inclusive one for those that can still come; a boundary event may take the
token of its task (interrupting) or add one, once. What needs nobody happens before anything else.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from engine.lint.events import ACTIVITIES
from engine.lint.flows import outgoing
from engine.spiff.elements import Diagram, Element, Flow

#: Marks a non-interrupting boundary event that has fired while its task is open.
FIRED = "@"
#: Flows out of an inclusive gateway up to which every choice is looked at.
MOST_CHOICES = 6
#: Elements that need nobody and no time.
AUTOMATIC = frozenset(
    {
        *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "scriptTask"),
        *("serviceTask", "task", "sendTask", "intermediateThrowEvent", "endEvent"),
    }
)

Marking = tuple[tuple[str, int], ...]


class Net:
    """A process or sub-process."""

    def __init__(self, scope: Diagram) -> None:
        self.scope = scope
        self.incoming: dict[str, list[str]] = {e: [] for e in scope.elements}
        self.outgoing: dict[str, list[Flow]] = {}
        #: Where a flow ends; links have flows of their own.
        self.targets: dict[str, str] = {}
        for element_id, flows in outgoing(scope).items():
            named = [Flow(f.id or f"link {f.source}", *_rest(f)) for f in flows]
            self.outgoing[element_id] = named
            for flow in named:
                self.incoming[flow.target].append(flow.id)
                self.targets[flow.id] = flow.target
        self.boundaries: dict[str, list[Element]] = {}
        for element in scope.elements.values():
            if element.attached_to:
                self.boundaries.setdefault(element.attached_to, []).append(element)
        self._reach: dict[str, frozenset[str]] = {}

    def start(self) -> Marking:
        """Return the marking right after the start event."""
        return _marking(dict.fromkeys(_ids(self.outgoing[self.scope.start().id]), 1))

    def steps(self, marking: Marking) -> Iterator[Marking]:
        """Yield the marking after each step that may happen."""
        tokens = dict(marking)
        for automatic in (True, False):
            moved = False
            for element in self.scope.elements.values():
                if (element.type in AUTOMATIC) is automatic:
                    for after in self._fire(element, tokens):
                        moved = True
                        yield _marking(after)
            if moved:
                return

    def _fire(self, element: Element, tokens: dict[str, int]) -> Iterator[dict[str, int]]:
        ready = [flow for flow in self.incoming[element.id] if tokens.get(flow)]
        if not ready:
            return
        if element.type == "parallelGateway":
            if len(ready) == len(self.incoming[element.id]):
                yield _moved(tokens, ready, _ids(self.outgoing[element.id]))
        elif element.type == "inclusiveGateway":
            if not self._still_comes(element, tokens, ready):
                for chosen in self._choices(element):
                    yield _moved(tokens, ready, chosen)
        else:
            for flow in ready:
                yield from self._pass(element, tokens, flow)

    def _still_comes(self, join: Element, tokens: dict[str, int], ready: Sequence[str]) -> bool:
        """Tell whether a token can reach an empty flow of a join and none that has one."""
        empty = set(self.incoming[join.id]) - set(ready)
        return any(
            empty & (reach := self._reached(flow, join.id)) and not reach & set(ready)
            for flow, count in tokens.items()
            if count and not flow.startswith(FIRED) and flow not in ready
        )

    def _reached(self, flow: str, join: str) -> frozenset[str]:
        """Return the flows into a join that a token on a flow can reach, not through the join."""
        key = f"{flow} {join}"
        if key not in self._reach:
            seen: set[str] = set()
            todo = [flow]
            while todo:
                one = todo.pop()
                target = self.targets[one]
                if one in seen:
                    continue
                seen.add(one)
                if target != join:
                    todo += _ids(self.outgoing[target])
                    for boundary in self.boundaries.get(target, ()):
                        todo += _ids(self.outgoing[boundary.id])
            self._reach[key] = frozenset(f for f in seen if self.targets[f] == join)
        return self._reach[key]

    def _choices(self, element: Element) -> Iterator[list[str]]:
        """Yield the sets of flows that conditions may choose, and the default alone."""
        flows = self.outgoing[element.id]
        free = [f.id for f in flows if f.id != element.default and f.condition != "True"]
        always = [f.id for f in flows if f.id != element.default and f.condition == "True"]
        if element.default and not always:
            yield [element.default]
        if not free or always:
            yield always or free or [element.default]
        yield from ([*some, *always] for some in _some_of(free))

    def _leaving(self, element: Element) -> Iterator[list[str]]:
        """Yield the sets of flows that a token may take out of an activity or event."""
        flows = self.outgoing[element.id]
        conditional = [f for f in flows if f.conditional and f.id != element.default]
        if element.type not in ACTIVITIES or not conditional:
            yield _ids(flows)
            return
        always = [f.id for f in flows if not f.conditional and f.id != element.default]
        if element.default or always:
            yield [*always, *([element.default] if element.default else [])]
        yield from ([*always, *some] for some in _some_of(_ids(conditional)))

    def _pass(
        self, element: Element, tokens: dict[str, int], flow: str
    ) -> Iterator[dict[str, int]]:
        attached = self.boundaries.get(element.id, ())
        spent = [mark for b in attached if tokens.get(mark := FIRED + b.id)]
        if element.type in {"exclusiveGateway", "eventBasedGateway"}:
            for one in self.outgoing[element.id]:
                yield _moved(tokens, [flow], [one.id])
        elif element.event in {"terminate", "error", "cancel"} and element.type == "endEvent":
            yield {}
        else:
            for chosen in self._leaving(element):
                yield _moved(tokens, [flow, *spent], chosen)
        for boundary in attached:
            extra = _ids(self.outgoing[boundary.id])
            if boundary.interrupting:
                yield _moved(tokens, [flow, *spent], extra)
            elif FIRED + boundary.id not in spent:
                yield _moved(tokens, [], [*extra, FIRED + boundary.id])


def _some_of(flows: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the choices of one flow or more; of many flows one, two or all."""
    count = len(flows)
    for size in range(1, count + 1) if count <= MOST_CHOICES else (1, 2, count):
        yield from combinations(flows, size)


def _rest(flow: Flow) -> tuple[str, str, str, bool]:
    return flow.source, flow.target, flow.condition, flow.conditional


def _ids(flows: Sequence[Flow]) -> list[str]:
    return [flow.id for flow in flows]


def _marking(tokens: dict[str, int]) -> Marking:
    return tuple(sorted((flow, count) for flow, count in tokens.items() if count))


def _moved(tokens: dict[str, int], taken: Sequence[str], given: Sequence[str]) -> dict[str, int]:
    after = dict(tokens)
    for flow in taken:
        after[flow] -= 1
    for flow in given:
        after[flow] = after.get(flow, 0) + 1
    return after

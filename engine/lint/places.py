"""Where elements stand: scopes inside scopes, and processes that call one another."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from engine.spiff.elements import Diagram, Element


class Places:
    """All processes and sub-processes of a bundle."""

    def __init__(self, scopes: Sequence[tuple[str, Diagram]]) -> None:
        self.scopes = scopes
        self.by_key = {scope.key: scope for _file, scope in reversed(scopes)}

    @property
    def processes(self) -> set[str]:
        """The keys of the processes."""
        return {scope.key for _file, scope in self.scopes if not scope.parent}

    def inside(self, element: Element) -> Diagram | None:
        """Return the process that runs in an activity, embedded or called."""
        if element.type == "callActivity":
            found = self.by_key.get(element.called)
            return found if found is not None and not found.parent else None
        return self.by_key.get(element.id)

    def watched(self, scope: Diagram) -> list[Element]:
        """Return the event sub-processes of a scope."""
        return [element for element in scope.elements.values() if element.watching]

    def is_watching(self, scope: Diagram) -> bool:
        """Tell whether a scope is an event sub-process."""
        outer = self.by_key.get(scope.parent)
        return outer is not None and outer.elements[scope.key].watching

    def all_in(self, scope: Diagram, seen: frozenset[str] = frozenset()) -> Iterator[Element]:
        """Yield what a scope holds, at any depth, called processes included."""
        for element in scope.elements.values():
            yield element
            inner = self.inside(element)
            if inner is not None and inner.key not in seen:
                yield from self.all_in(inner, seen | {scope.key, inner.key})

    @cached_property
    def hosts(self) -> dict[str, list[tuple[Diagram, Element]]]:
        """For each scope the activities in which it runs, with the scope of each."""
        found: dict[str, list[tuple[Diagram, Element]]] = {}
        for _file, scope in self.scopes:
            for element in scope.elements.values():
                inner = self.inside(element)
                if inner is not None:
                    found.setdefault(inner.key, []).append((scope, element))
        return found

    def catchers(self, scope: Diagram, activity: Element) -> list[Element]:
        """Return the boundary events of an activity."""
        return [e for e in scope.elements.values() if e.attached_to == activity.id]

    def watchers(self, scope: Diagram) -> list[Element]:
        """Return the start events of the event sub-processes of a scope."""
        inner = (self.by_key.get(element.id) for element in self.watched(scope))
        return [
            element
            for watching in inner
            if watching is not None
            for element in watching.elements.values()
            if element.type == "startEvent"
        ]


def catches(catcher: Element, thrower: Element) -> bool:
    """Tell whether an event catches an error, escalation or cancel that another one throws."""
    return catcher.event == thrower.event and catcher.code in {"", thrower.code}


def is_caught(places: Places, scope: Diagram, thrower: Element, seen: frozenset[str]) -> bool:
    """Tell whether something around a throwing event catches it, wherever its scope runs."""
    if scope.key in seen:
        return False
    if any(catches(one, thrower) for one in places.watchers(scope)):
        return True
    return any(
        any(catches(one, thrower) for one in places.catchers(outer, activity))
        or (not activity.watching and is_caught(places, outer, thrower, seen | {scope.key}))
        or (activity.watching and _beyond(places, outer, thrower, seen | {scope.key}))
        for outer, activity in places.hosts.get(scope.key, ())
    )


def _beyond(places: Places, scope: Diagram, thrower: Element, seen: frozenset[str]) -> bool:
    """Tell the same for what an event sub-process throws: its neighbours do not catch it."""
    return any(
        any(catches(one, thrower) for one in places.catchers(outer, activity))
        or is_caught(places, outer, thrower, seen | {scope.key})
        for outer, activity in places.hosts.get(scope.key, ())
    )

"""What people would submit, from a file: in order for each task."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any


class Answers:
    """Answers by BPMN id; each is given once."""

    def __init__(self, given: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self._given = given
        self._places = {element_id: place for place, element_id in enumerate(given)}
        self._taken: Counter[str] = Counter()

    def place(self, element_id: str) -> int:
        """Return where a task stands in the file."""
        return self._places.get(element_id, len(self._places))

    def has(self, element_id: str) -> bool:
        """Tell whether an answer is left."""
        return self._taken[element_id] < len(self._given.get(element_id, ()))

    def take(self, element_id: str) -> dict[str, Any]:
        """Return the next answer of a user task."""
        answer = self._given[element_id][self._taken[element_id]]
        self._taken[element_id] += 1
        return dict(answer)

    def result(self, element_id: str, earlier: int) -> dict[str, Any]:
        """Return what a service task brings after it ran so often; the last one stays."""
        given = self._given.get(element_id)
        return dict(given[min(earlier, len(given) - 1)]) if given else {}

    def names(self) -> set[str]:
        """Return the variables that the answers set."""
        return {name for answers in self._given.values() for answer in answers for name in answer}

    def unknown(self, known: set[str]) -> list[str]:
        """Return the ids for which no task stands in the diagrams."""
        return [element_id for element_id in self._given if element_id not in known]

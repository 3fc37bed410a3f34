"""The gate: reasons to refuse diagrams, each with its element and a sentence in two languages.

``check`` is what every deployment runs and what ``kartabl lint`` prints. In reading order:
``problem`` (what a finding is), ``rules`` (the sentences), ``files`` (bytes to diagrams),
``places`` (what stands in what), ``elements`` (one node), ``events`` (what is thrown and caught),
``flows`` (the graph), ``net`` and ``soundness`` (all its markings), ``variables`` (who sets what).
"""

from collections.abc import Iterator, Mapping

from engine.lint import elements, events, files, flows, soundness, variables
from engine.lint.places import Places
from engine.lint.problem import Known, Problem, problem
from engine.spiff.elements import Diagram

__all__ = ["Known", "Problem", "check"]

#: Flow nodes of one scope, and a quarter of its flows: the parser is recursive.
MOST_NODES = 300


def check(bundle: Mapping[str, bytes], known: Known) -> list[Problem]:
    """Return every reason to refuse a bundle; empty means that it may be published."""
    read = files.read(bundle)
    found = [*read.problems, *files.form_problems(bundle), *files.decision_problems(bundle)]
    found += (
        problem(name, "too-large", scope, str(MOST_NODES))
        for name, scope in read.scopes
        if not _fits(scope)
    )
    # The other rules would only tell it again, and for long.
    scopes = [(name, scope) for name, scope in read.scopes if _fits(scope)]
    places = Places(scopes)
    for name, scope in scopes:
        found += _scope(name, scope, known, places)
    found += flows.call_cycles([scope for _name, scope in scopes], _file_of(scopes))
    found += variables.check(places, known, variables.forms_of(bundle))
    if not any(one.severity == "error" for one in found):
        found += files.parse_problems(bundle)
    return found


def _fits(scope: Diagram) -> bool:
    return max(len(scope.elements), len(scope.sequence) // 4) <= MOST_NODES


def _scope(name: str, scope: Diagram, known: Known, places: Places) -> Iterator[Problem]:
    found = [
        *elements.check(name, scope, known, places),
        *events.check(name, scope, places),
        *flows.check(name, scope),
    ]
    yield from found
    blocking = {"start-count", "loose-flow", "link", "unattached"}
    if not any(one.rule in blocking for one in found):
        yield from soundness.check(name, scope)


def _file_of(scopes: list[tuple[str, Diagram]]) -> dict[str, str]:
    return {scope.key: name for name, scope in scopes}

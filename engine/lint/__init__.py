"""The gate: reasons to refuse diagrams, each with its element and a sentence in two languages.

``check`` is what every deployment runs and what ``kartabl lint`` prints. In reading order:
``problem`` (what a finding is), ``rules`` (the sentences), ``files`` (bytes to diagrams),
``elements`` (one node), ``flows`` (the graph), ``soundness`` (all its markings).
"""

from collections.abc import Mapping

from engine.lint import elements, files, flows, soundness
from engine.lint.problem import Known, Problem
from engine.spiff.elements import Diagram

__all__ = ["Known", "Problem", "check"]


def check(bundle: Mapping[str, bytes], known: Known) -> list[Problem]:
    """Return every reason to refuse a bundle; empty means that it may be published."""
    read = files.read(bundle)
    found = [*read.problems, *files.form_problems(bundle)]
    processes = {key for _name, scope in read.scopes if (key := scope.process_key)}
    for name, scope in read.scopes:
        found += elements.check(name, scope, known, processes)
        found += flows.check(name, scope)
        if not any(p.severity == "error" for p in found if p.file == name):
            found += soundness.check(name, scope)
    found += flows.call_cycles([scope for _name, scope in read.scopes], _file_of(read.scopes))
    if not any(problem.severity == "error" for problem in found):
        found += files.parse_problems(bundle)
    return found


def _file_of(scopes: list[tuple[str, Diagram]]) -> dict[str, str]:
    return {scope.key: name for name, scope in scopes}

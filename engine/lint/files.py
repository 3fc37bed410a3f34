"""Bytes to diagrams: readable XML, the BPMN schema, one definition of each process."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.lint.problem import Problem, problem
from engine.spiff.drawing import diagrams, loose_lanes, not_run
from engine.spiff.elements import Diagram, XmlRefused, element_ids, encoding_of, read_xml
from engine.spiff.parser import schema_errors
from engine.spiff.trial import trial
from forms.catalog import parse_form
from forms.closed import problems as form_faults

#: How the first bytes of files in other encodings than UTF-8 look.
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
DMN = "https://www.omg.org/spec/DMN/"


@dataclass(frozen=True)
class Read:
    """What could be read of a bundle."""

    #: (file, process or embedded sub-process).
    scopes: list[tuple[str, Diagram]]
    problems: list[Problem]


def _bpmn(bundle: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: bundle[name] for name in sorted(bundle) if name.endswith(".bpmn")}


def read(bundle: Mapping[str, bytes]) -> Read:
    """Read every diagram of a bundle; one bad file does not hide the others."""
    result = Read([], [])
    seen: set[str] = set()
    for name, content in _bpmn(bundle).items():
        try:
            found = list(_diagrams(name, content, result.problems))
        except XmlRefused as error:
            result.problems.append(problem(name, "xml", detail=str(error)))
            continue
        for scope in found:
            if scope.key in seen and not scope.parent:
                result.problems.append(problem(name, "duplicate-process", scope, scope.key))
            elif scope.key in seen:
                result.problems.append(problem(name, "duplicate-id", scope, scope.key))
            seen.add(scope.key)
            result.scopes.append((name, scope))
    return result


def _diagrams(name: str, content: bytes, found: list[Problem]) -> list[Diagram]:
    if content.startswith(_WIDE):
        found.append(problem(name, "encoding", detail="UTF-16"))
        return []
    root = read_xml(content, name)
    encoding = encoding_of(root)
    if encoding not in {"UTF-8", "ASCII", "US-ASCII"}:
        found.append(problem(name, "encoding", detail=encoding))
        return []
    counts = Counter(element_ids(root))
    found += (problem(name, "duplicate-id", one, one) for one, n in counts.items() if n > 1)
    found += (problem(name, "xsd", where, fault) for fault, where in schema_errors(root))
    found += (problem(name, "unsupported", where, what) for where, what in not_run(root))
    for lane, rule, what in loose_lanes(root):
        harmless = rule == "reference"
        found.append(problem(name, rule, lane, what, "warning" if harmless else "error"))
    scopes = diagrams(root)
    if not scopes:
        found.append(problem(name, "no-process"))
    return scopes


def form_problems(bundle: Mapping[str, bytes]) -> Iterator[Problem]:
    """Find forms that are unreadable, open, or unlabelled."""
    for name, content in sorted(bundle.items()):
        if not name.endswith(".json"):
            continue
        try:
            faults = form_faults(parse_form(content))
        except (ValueError, AttributeError, TypeError, KeyError) as error:
            yield problem(name, "form", detail=str(error))
            continue
        for fault in faults:
            yield problem(name, "form", detail=f"{fault.field}: {fault.message_en}")


def decision_problems(bundle: Mapping[str, bytes]) -> Iterator[Problem]:
    """Find decision files that are no DMN."""
    for name, content in sorted(bundle.items()):
        if not name.endswith(".dmn"):
            continue
        try:
            root = read_xml(content, name)
        except XmlRefused as error:
            yield problem(name, "xml", detail=str(error))
            continue
        if not str(root.tag).startswith("{" + DMN):
            yield problem(name, "xml", detail=f"{name}: no DMN decision")


def parse_problems(bundle: Mapping[str, bytes]) -> Iterator[Problem]:
    """Let SpiffWorkflow read what passed all our rules, under a time limit; its word comes last."""
    rule, detail = trial(_bpmn(bundle))
    if rule:
        yield problem("", rule, detail=detail)

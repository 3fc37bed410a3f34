"""Bytes to diagrams: readable XML, the BPMN schema, one definition of each process."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.lint.problem import Problem, problem
from engine.spiff.elements import Diagram, XmlRefused, diagrams, read_xml
from engine.spiff.parser import parse, schema_errors
from forms.catalog import parse_form
from forms.closed import problems as form_faults


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
            root = read_xml(content, name)
        except XmlRefused as error:
            result.problems.append(problem(name, "xml", detail=str(error)))
            continue
        result.problems.extend(problem(name, "xsd", detail=e) for e in schema_errors(root))
        found = diagrams(root)
        if not found:
            result.problems.append(problem(name, "no-process"))
        for scope in found:
            if scope.key in seen:
                result.problems.append(problem(name, "duplicate-process", scope, scope.key))
            seen.add(scope.key)
            result.scopes.append((name, scope))
    return result


def form_problems(bundle: Mapping[str, bytes]) -> Iterator[Problem]:
    """Find forms that are unreadable, open, or unlabelled."""
    for name, content in sorted(bundle.items()):
        if not name.endswith(".json"):
            continue
        try:
            faults = form_faults(parse_form(content))
        except ValueError as error:
            yield problem(name, "form", detail=str(error))
            continue
        for fault in faults:
            yield problem(name, "form", detail=f"{fault.field}: {fault.message_en}")


def parse_problems(bundle: Mapping[str, bytes]) -> Iterator[Problem]:
    """Let SpiffWorkflow read what passed all our rules; its word comes last."""
    try:
        parse(_bpmn(bundle))
    except XmlRefused as error:
        yield problem("", "parse", detail=str(error))

"""What a simulation is asked for; all of it comes from outside and is checked here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import orjson

from engine.lint import Problem
from engine.simulation.problems import Place, found

#: When a simulation begins unless it is told: a Saturday, the first working day of the week.
START = datetime(2026, 1, 3, 8, 0, tzinfo=UTC)
MOST_STEPS = 1_000
#: Files and bytes of each that are read; the gate has its own, smaller, bounds.
MOST_FILES, MOST_BYTES = 200, 4_000_000
#: Names that the engine gives a meaning of their own inside a case.
RESERVED = frozenset({"data_objects"})

Values = dict[str, Any]
_T = TypeVar("_T")


class RequestRefused(ValueError):
    """A request that cannot be simulated; ``problems`` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = list(problems)


@dataclass(frozen=True)
class Request:
    """One simulation."""

    #: Bundle file name -> content.
    files: Mapping[str, bytes]
    #: Key of the process; "" for the one that no other calls.
    process: str = ""
    #: Values with which the case begins.
    data: Mapping[str, Any] = field(default_factory=dict)
    #: BPMN id of a task -> what is submitted, round by round.
    answers: Mapping[str, Sequence[Values]] = field(default_factory=dict)
    #: Whether tasks without an answer are completed with generated values.
    auto: bool = False
    seed: int = 0
    #: Whether the clock jumps to the next timer when nothing else can happen.
    advance_time: bool = False
    #: Tasks, messages and timers after which the run stops.
    max_steps: int = MOST_STEPS
    #: Names and values of the messages to deliver, in order.
    messages: Sequence[tuple[str, Values]] = ()
    now: datetime = START


def read_request(raw: Any) -> Request:
    """Return the simulation that a JSON object asks for.

    Raises:
        RequestRefused: naming the member that is missing or wrong.

    """
    if not isinstance(raw, dict):
        raise RequestRefused(found("not-an-object", detail="request"))
    files = _given_files(_given(raw, "files")) | read_files(_list(raw, "paths"))
    if not any(name.endswith(".bpmn") for name in files):
        raise RequestRefused(found("no-diagram"))
    return Request(
        files=files,
        process=_typed(raw, "process", str, ""),
        data=values(_given(raw, "data"), "data"),
        answers=answers(_given(raw, "answers")),
        auto=_typed(raw, "auto", bool, False),
        seed=_typed(raw, "seed", int, 0),
        advance_time=_typed(raw, "advance_time", bool, False),
        max_steps=_typed(raw, "max_steps", int, MOST_STEPS),
        messages=[_message(each) for each in _list(raw, "messages")],
        now=instant(_typed(raw, "now", str, "")),
    )


def _given(raw: Mapping[str, Any], name: str) -> Any:
    value = raw.get(name)
    return {} if value is None else value


def _typed(raw: Mapping[str, Any], name: str, kind: type[_T], default: _T) -> _T:
    value = raw.get(name)
    if value is None:
        return default
    if type(value) is not kind:  # True is no number here
        raise RequestRefused(found("wrong-type", detail=name))
    return value


def _list(raw: Mapping[str, Any], name: str) -> list[Any]:
    return _typed(raw, name, list, [])


def parse_json(text: str | bytes, where: str) -> Any:
    """Return a JSON value.

    Raises:
        RequestRefused: when the text is no JSON.

    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise RequestRefused(found("json", Place(where), detail=str(error))) from error


def values(raw: Any, where: str) -> Values:
    """Return an object whose names a case may hold.

    Raises:
        RequestRefused: when it is no object or holds a reserved name.

    """
    if not isinstance(raw, dict):
        raise RequestRefused(found("not-an-object", detail=where))
    for name in sorted(RESERVED & raw.keys()):
        raise RequestRefused(found("reserved-name", detail=name))
    return raw


def answers(raw: Any) -> dict[str, list[Values]]:
    """Return the answers by task; one object stands for a list of one.

    Raises:
        RequestRefused: when a task's answers are neither.

    """
    return {
        task: [
            values(each, f"answers.{task}")
            for each in (given if isinstance(given, list) else [given])
        ]
        for task, given in values(raw, "answers").items()
    }


def _message(raw: Any) -> tuple[str, Values]:
    if not isinstance(raw, dict) or not isinstance(raw.get("name"), str):
        raise RequestRefused(found("not-an-object", detail="messages"))
    return raw["name"], values(_given(raw, "data"), "messages.data")


def instant(text: str) -> datetime:
    """Return when the simulation begins; an instant without an offset is in UTC.

    Raises:
        RequestRefused: when it is no ISO 8601 instant.

    """
    if not text:
        return START
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise RequestRefused(found("instant", detail=text[:80])) from error
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def _given_files(raw: Any) -> dict[str, bytes]:
    if not isinstance(raw, dict) or not all(isinstance(text, str) for text in raw.values()):
        raise RequestRefused(found("wrong-type", detail="files"))
    named = [bundle_name(name, text.encode("utf-8", "replace")) for name, text in raw.items()]
    return _together(named)


def read_files(paths: Iterable[Any]) -> dict[str, bytes]:
    """Read the files of a bundle from disk.

    Raises:
        RequestRefused: naming the file that is missing, too large, or there twice.

    """
    return _together(bundle_name(str(path), read_path(str(path))) for path in paths)


def read_path(name: str) -> bytes:
    """Return the content of a file.

    Raises:
        RequestRefused: when it is missing, unreadable or too large.

    """
    path = Path(name)
    try:
        if not path.is_file():
            raise RequestRefused(found("file-missing", Place(name), detail=name))
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, RequestRefused):
            raise
        raise RequestRefused(
            found("file-unreadable", Place(name), detail=f"{name}: {error}")
        ) from error
    if len(content) > MOST_BYTES:
        raise RequestRefused(found("file-large", Place(name), detail=name))
    return content


def bundle_name(name: str, content: bytes) -> tuple[str, bytes]:
    """Return the name under which a bundle holds a file; a form's is its key."""
    if not name.endswith(".json"):
        return name, content
    try:
        key = orjson.loads(content)["key"]
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return name, content
    return (f"{key}.json" if isinstance(key, str) and key else name), content


def _together(named: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for name, content in named:
        if name in files or len(files) >= MOST_FILES:
            raise RequestRefused(found("file-twice", Place(name), detail=name))
        files[name] = content
    return files

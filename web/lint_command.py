"""The command ``kartabl lint``: what the gate would say of files, without publishing them."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import orjson

from engine.lint import Known, Problem, check
from engine.lint.files import read
from engine.lint.problem import problem
from engine.lint.variables import forms_of
from engine.spiff.elements import MOST_BYTES
from forms.catalog import builtin_forms
from workflows.handlers import HANDLERS
from workflows.roles import ROLES

#: Exit status when a file is refused.
REFUSED = 2
KINDS = (".bpmn", ".dmn", ".json")


@click.command("lint")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text")
def command(paths: Sequence[str], layout: str) -> None:
    """Check diagrams, decisions and forms as every deployment does.

    The files are looked at together, as one bundle. Tasks of diagrams that name no role and no
    form of ours need none. Exit status: 0 when all is well, 2 when something is refused.
    """
    problems: list[Problem] = []
    bundle = {_shown(path): content for path in paths if (content := _read(path, problems))}
    problems += _check(bundle)
    ok = not any(one.severity == "error" for one in problems)
    if layout == "json":
        told = {"ok": ok, "problems": [one.as_dict() for one in problems]}
        click.echo(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
    else:
        for one in problems:
            click.echo(f"{one.severity}: {one}\n    {one.message_fa}")
        click.echo("ok" if ok else "refused")
    sys.exit(0 if ok else REFUSED)


def _shown(path: str) -> str:
    """Return a path that can be printed, whatever bytes the file system holds."""
    return path.encode("utf-8", "replace").decode()


def _read(path: str, problems: list[Problem]) -> bytes:
    """Return a file's bytes; none where it cannot be read, and a problem."""
    name = _shown(path)
    try:
        if not path.endswith(KINDS):
            problems.append(problem(name, "kind"))
            return b""
        if not Path(path).is_file():
            problems.append(problem(name, "unreadable", detail="no such file"))
            return b""
        with Path(path).open("rb") as file:
            return file.read(MOST_BYTES + 1) or b" "
    except (OSError, ValueError) as error:
        problems.append(problem(name, "unreadable", detail=str(error)))
        return b""


def _check(bundle: Mapping[str, bytes]) -> list[Problem]:
    try:
        strict = _names_ours(bundle)
        ours = {f"{key}.json": form for key, form in builtin_forms().items()} if strict else {}
        keys = forms_of({**ours, **bundle}).keys()
        known = Known(ROLES, HANDLERS, frozenset(keys), strict)
        return check({**ours, **bundle}, known)
    except Exception as error:  # noqa: BLE001  (nobody who checks a file is to see a traceback)
        detail = f"{type(error).__name__}: {error}"
        return [problem("", "parse", detail=detail)]


def _names_ours(bundle: Mapping[str, bytes]) -> bool:
    """Tell whether a diagram names a role or a form, and so means to be run here."""
    titles = {role.fa for role in ROLES.values()}
    return any(
        scope.lanes & titles or any("formKey" in e.properties for e in scope.elements.values())
        for _file, scope in read(bundle).scopes
    )

"""The rules that the code's shape keeps: direction of imports, one commit, no eval, short files."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("forms", "engine", "workflows", "web")
#: Words that STYLE forbids in names of modules and classes.
FORBIDDEN_MODULES = {"utils", "helpers", "misc", "common"}


def sources() -> Iterator[Path]:
    """Yield our Python files, without migrations."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not {"versions", "node_modules"} & set(path.parts):
                yield path


def test_imports_run_one_way() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield name, node


def test_only_the_transaction_commits() -> None:
    places = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        for name, _call in _calls(path)
        if name == "commit"
    }
    assert places == {"engine/transaction.py"}


def test_nothing_evaluates_text_as_python() -> None:
    for path in sources():
        for name, call in _calls(path):
            builtin = isinstance(call.func, ast.Name)
            assert not (builtin and name in {"eval", "exec", "compile", "__import__"}), path
            assert name != "render_template_string", path


@pytest.mark.parametrize("path", list(sources()), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 400
    assert path.stem not in FORBIDDEN_MODULES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name
        if isinstance(node, ast.ClassDef):
            assert not re.search(r"\w(Service|Manager)$", node.name), node.name


def test_no_person_or_machine_is_named() -> None:
    """Synthetic national IDs begin with 999 or 99; no path of a developer's machine stands here."""
    for path in sources():
        assert not re.search(r"/(work|root|home)/", path.read_text("utf-8")), path

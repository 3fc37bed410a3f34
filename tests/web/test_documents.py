"""What README and docs say of the settings and the commands is true and whole."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from web.cli import main
from web.settings import Settings, from_environment, table

ROOT = Path(__file__).parents[2]


def commands(group: click.Group = main, prefix: str = "kartabl") -> Iterator[str]:
    """Yield each command as it is typed."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}"


@pytest.mark.parametrize("command", list(commands()))
def test_every_command_is_explained(command: str) -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    assert any(command in path.read_text("utf-8") for path in documents), command
    result = CliRunner().invoke(main, [*command.split()[1:], "--help"])
    assert result.exit_code == 0


def test_the_table_of_settings_in_the_readme_is_true(tmp_path: Path) -> None:
    found = re.findall(
        r"^\| `(KARTABL_\w+)` \|(.*?)\|(.*?)\|$", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    written = [(name, default.strip(" `"), meaning.strip()) for name, default, meaning in found]
    defaults = {
        f"KARTABL_{each.name.upper()}": each.metadata["default"]
        for each in Settings.__dataclass_fields__.values()
    }
    settings = from_environment({}, data_dir=tmp_path)
    assert written == [(name, defaults[name], meaning) for name, _, meaning in table(settings)]

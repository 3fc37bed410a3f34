"""What an installation can set, by environment variables that begin with ``KARTABL_``."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import click

PREFIX = "KARTABL_"


class SettingRefused(Exception):
    """A setting cannot be used; the sentence says which and why."""


def _setting(default: str, meaning: str) -> Any:
    return field(metadata={"default": default, "meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """The settings of one run; ``from_environment`` reads them, ``kartabl settings`` prints them.

    Each field's metadata holds its default as one would write it and what it means.
    """

    data_dir: Path = _setting("var", "Folder of the database, the uploaded files and the key.")
    database_url: str = _setting(
        "", "SQLAlchemy address of the database; empty: SQLite in the data folder."
    )
    secret_key: str = _setting(
        "", "Key that signs sessions; empty: made once and kept in the data folder (mode 0600)."
    )
    host: str = _setting("127.0.0.1", "Address on which the server listens.")
    port: int = _setting("8000", "Port on which the server listens.")
    demo: bool = _setting(
        "no", "Whether demo users may log in; their cookie then works over plain HTTP."
    )
    session_hours: int = _setting("10", "Hours without a request after which a session ends.")
    max_upload_mb: int = _setting("40", "Most megabytes of one request, all its files together.")
    max_form_parts: int = _setting("2000", "Most fields of one request.")
    threads: int = _setting("4", "Requests that the server answers at the same time.")
    jobs: int = _setting(
        "4", "Jobs that this process runs at the same time; 0: only `kartabl worker` runs them."
    )
    trusted_proxies: int = _setting(
        "0", "Reverse proxies in front whose X-Forwarded headers tell the visitor's address."
    )
    hosts: str = _setting("", "Host names that are answered, comma separated; empty: all.")

    @property
    def url(self) -> str:
        """Return the database's address."""
        return self.database_url or f"sqlite:///{self.data_dir / 'kartabl.sqlite3'}"

    @property
    def files(self) -> Path:
        """Return the folder of uploaded files."""
        return self.data_dir / "files"

    @property
    def address(self) -> str:
        """Return the address to open in a browser."""
        return f"http://{self.host}:{self.port}"


def _read(kind: type, name: str, text: str) -> Any:
    try:
        if kind is bool:
            return {"yes": True, "no": False, "1": True, "0": False}[text.strip().lower()]
        return kind(text)
    except (KeyError, ValueError) as error:
        wanted = "yes or no" if kind is bool else "a whole number"
        raise SettingRefused(f"{PREFIX}{name.upper()} must be {wanted}, not {text!r}.") from error


def from_environment(environ: Mapping[str, str] = os.environ, **given: Any) -> Settings:
    """Read the settings; what is given by name wins over the environment.

    Raises:
        SettingRefused: when a value cannot be read or the data folder cannot be made.

    """
    values = {
        each.name: _read(
            each.type,  # type: ignore[arg-type]
            each.name,
            environ.get(PREFIX + each.name.upper(), each.metadata["default"]),
        )
        for each in fields(Settings)
    }
    values |= {name: value for name, value in given.items() if value is not None}
    values["data_dir"] = values["data_dir"].expanduser().resolve()
    values["secret_key"] = values["secret_key"] or _kept_key(values["data_dir"])
    return Settings(**values)


def settings_or_exit(**given: Any) -> Settings:
    """Read the settings for a command; one that cannot be used ends it with its sentence."""
    try:
        return from_environment(**given)
    except SettingRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _kept_key(data_dir: Path) -> str:
    """Return the data folder's key; make it at the first start, readable by its owner alone."""
    place = data_dir / "secret_key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        place.touch(mode=0o600, exist_ok=False)
        place.write_text(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise SettingRefused(f"The data folder {data_dir} cannot be written: {error}.") from error
    return place.read_text().strip()


def table(settings: Settings) -> list[tuple[str, str, str]]:
    """Return (variable, value, meaning) of each setting; the key itself is not shown."""
    return [
        (
            PREFIX + each.name.upper(),
            "(hidden)" if each.name == "secret_key" else str(getattr(settings, each.name)),
            each.metadata["meaning"],
        )
        for each in fields(settings)
    ]

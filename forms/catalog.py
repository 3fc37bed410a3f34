"""Find a form by its key and read it: JSON Schema, UI schema, rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import jsonschema_rs
import orjson

from forms.formats import CHECK


@dataclass(frozen=True)
class Rule:
    """A condition over the form's and the case's values, and what to say when it fails."""

    field: str
    condition: str
    fa: str
    en: str
    #: Whether it also holds where a field that it reads was left empty.
    empty: bool = False


@dataclass(frozen=True)
class Form:
    """A form as it was published."""

    key: str
    title: Mapping[str, str]
    #: Shown above the fields; empty where the title says enough.
    intro: Mapping[str, str]
    schema: Mapping[str, Any]
    ui: Mapping[str, Any]
    rules: tuple[Rule, ...]
    #: Rules that are shown and do not refuse.
    warnings: tuple[Rule, ...]

    @property
    def properties(self) -> Mapping[str, Any]:
        """The schema of each field."""
        return self.schema.get("properties", {})  # type: ignore[no-any-return]

    @property
    def required(self) -> frozenset[str]:
        """The fields that must be filled whenever they are shown."""
        return frozenset(self.schema.get("required", []))

    def widget(self, name: str) -> Mapping[str, Any]:
        """Return the UI schema of a field."""
        return self.ui["fields"].get(name, {})  # type: ignore[no-any-return]

    def label(self, name: str, language: str) -> str:
        """Return a field's label; its name where it has none."""
        return str(self.widget(name).get("label", {}).get(language, name))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields in the order in which they are shown."""
        return tuple(name for section in self.ui["sections"] for name in section["fields"])

    @cached_property
    def option_sources(self) -> frozenset[str]:
        """The lists from which fields (of tables as well) take their choices."""
        return frozenset(ui["options"] for ui in _widgets(self.ui["fields"]) if "options" in ui)

    @cached_property
    def validator(self) -> Any:
        """The compiled schema."""
        return jsonschema_rs.Draft202012Validator(
            {k: v for k, v in self.schema.items() if k != "required"},
            formats=CHECK,
            validate_formats=True,
        )


def _widgets(fields: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for ui in fields.values():
        yield ui
        yield from _widgets(ui.get("columns", {}))


def _rules(rows: list[dict[str, Any]]) -> tuple[Rule, ...]:
    return tuple(
        Rule(r["field"], r["assert"], r["message"]["fa"], r["message"]["en"], r.get("empty", False))
        for r in rows
    )


def parse_form(content: bytes) -> Form:
    """Read a form file.

    Raises:
        ValueError: when it is no form.

    """
    try:
        raw = orjson.loads(content)
        return Form(
            key=raw["key"],
            title=raw["title"],
            intro=raw.get("intro", {}),
            schema=raw["schema"],
            ui=raw["ui"],
            rules=_rules(raw.get("rules", [])),
            warnings=_rules(raw.get("warnings", [])),
        )
    except (KeyError, TypeError, orjson.JSONDecodeError) as error:
        raise ValueError(f"not a form: {error}") from error


def _walk(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".json"):
            yield f"{prefix}{entry.name.removesuffix('.json')}", entry.read_bytes()


def builtin_forms() -> dict[str, bytes]:
    """Return the forms of this package by key."""
    return dict(_walk(files("forms") / "schemas"))

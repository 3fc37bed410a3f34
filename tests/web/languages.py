"""Which words of a page are in the other language, beside what people typed."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Column, select

import workflows.models  # noqa: F401  (its tables belong to the schema)
from engine.models import Base
from engine.transaction import Engine
from tests.web.persona import Page, plain

PERSIAN = re.compile("[\u0600-\u06ff]")
_LATIN = re.compile(r"\b[A-Za-z][A-Za-z'’]+\b")
#: Attributes that people hear or see.
_SPOKEN = ("aria-label", "placeholder", "title", "alt", "data-confirm")
#: Codes, log-in names and file names stand in <bdi>.
_UNREAD = {"script", "style", "bdi"}
#: Latin words that Persian pages write as they are: names of formats, products and things.
_KEPT = {"IP", "PDF", "PNG", "JPEG", "WebP", "POS", "UPS", "PC", "SN", "ADSL", "VDSL"}
_KEPT |= {"AnyDesk", "TeamViewer", "Windows", "BPMN", "OpenAPI"}


def foreign(page: Page, data: Iterable[str] = ()) -> list[str]:
    """Return the words of the language that the page is not in; ``data`` is what people typed."""
    texts = list(_read(page.tree, page.tree.get("lang")))
    if page.tree.get("lang") == "fa":
        found = (set(_LATIN.findall(text)) - _KEPT for text in texts)
        return sorted(word for words in found for word in words)
    typed = sorted(data, key=len, reverse=True)
    return [text for text in texts if PERSIAN.search(_without(text, typed))]


def _without(text: str, typed: Iterable[str]) -> str:
    for each in typed:
        text = text.replace(each, "")
    return text


def _read(element: Any, language: str) -> Iterator[str]:
    """Yield what is read or heard of an element, without codes and what is marked as foreign."""
    known = isinstance(element.tag, str) and element.tag not in _UNREAD
    if not known or element.get("lang", language) != language:
        return
    yield from (plain(element.get(name)) for name in _SPOKEN if element.get(name))
    yield plain(element.text or "")
    for child in element:
        yield from _read(child, language)
        yield plain(child.tail or "")


def typed_texts(kartabl: Engine) -> set[str]:
    """Return the Persian texts of the database that are data, not words of the system."""
    found: set[str] = set()
    with kartabl.reading() as tx:
        for table in Base.metadata.sorted_tables:
            for column in filter(_is_data, table.columns):
                for value in tx.session.scalars(select(column)):
                    found |= {plain(text) for text in _texts(value) if PERSIAN.search(text)}
    return found


def _is_data(column: Column[Any]) -> bool:
    name = f"{column.table.name}.{column.name}"
    # Occasions of the calendar are typed in Persian; other texts in _fa are words of the system.
    return name == "calendar_day.title_fa" or not (name.endswith(("_fa", ".fa", ".content")))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key not in ("fa", "to_fa"):
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value

"""Two languages, Jalali dates, digits: how pages say things."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jdatetime
from flask import Flask, g, request, session
from flask_babel import Babel, force_locale, gettext
from flask_login import current_user
from jinja2 import pass_context
from jinja2.runtime import Context

from engine.calendar import NO_DUE, TEHRAN

LANGUAGES = {"fa": "فارسی", "en": "English"}
DEFAULT = "fa"
#: Session key and cookie of the language that a person chose.
CHOICE = "language"
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_COMPILED = Path(__file__).parent / "translations/fa/LC_MESSAGES/messages.mo"


def init(app: Flask) -> None:
    """Give the application its languages, filters and globals.

    Raises:
        RuntimeError: when the translations were not compiled; pages would mix languages.

    """
    if not _COMPILED.exists():
        raise RuntimeError("compile the translations first: pybabel compile -d web/translations")
    Babel(app, locale_selector=language, default_locale="en")
    for words in (jdate, jtime, fanum, pick, filesize, iso):
        app.jinja_env.filters[words.__name__] = _of_request(words)
    app.jinja_env.globals.update(language=language, languages=LANGUAGES)


def _of_request(words: Callable[..., str]) -> Callable[..., str]:
    """Keep Jinja from working out a filter on a constant once, in the first reader's language."""

    @pass_context
    def filtered(_context: Context, *args: Any, **options: Any) -> str:
        return words(*args, **options)

    return filtered


def language() -> str:
    """Return this request's language: chosen in the session, the person's own, the cookie's."""
    if "language" not in g:
        own = getattr(current_user, "language", None)
        wishes = (session.get(CHOICE), own, request.cookies.get(CHOICE))
        g.language = next((wish for wish in wishes if wish in LANGUAGES), DEFAULT)
    return str(g.language)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Say everything in this language, for answers that carry both."""
    before = language()
    g.language = code
    with force_locale(code):
        yield
    g.language = before


def _(text: str, /, **values: object) -> str:
    """Return a text of the catalogue in this request's language."""
    return str(gettext(text, **values))


def fanum(value: object) -> str:
    """Write digits as the reader's language does."""
    text = str(value)
    return text.translate(_PERSIAN) if language() == "fa" else text


def _day(value: date | datetime | str) -> date | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.astimezone(TEHRAN).date()
    return value


def jdate(value: date | datetime | str | None) -> str:
    """Write a day as Jalali, ``1405/09/03``; instants by their day in Tehran."""
    if value in (None, "", NO_DUE):
        return ""
    day = _day(value)
    if day is None:
        return str(value)
    return fanum(jdatetime.date.fromgregorian(date=day).strftime("%Y/%m/%d"))


def jtime(value: datetime | None) -> str:
    """Write an instant as Jalali day and hour in Tehran."""
    if value is None:
        return ""
    return f"{jdate(value)} {fanum(value.astimezone(TEHRAN).strftime('%H:%M'))}"


def iso(value: date | datetime) -> str:
    """Write a day or an instant for the ``datetime`` attribute of ``<time>``."""
    return value.isoformat()


def pick(thing: Any, name: str = "") -> str:
    """Return the text of a bilingual thing in the reader's language.

    A mapping with ``fa`` and ``en``, or an object with ``fa``/``en`` or ``name_fa``/``name_en``
    (another prefix than ``name`` can be given).
    """
    if thing is None:
        return ""
    code = language()
    if isinstance(thing, Mapping):
        return str(thing.get(code) or thing.get("fa") or "")
    if not name:
        name = "" if hasattr(thing, "fa") else "name"
    return str(getattr(thing, f"{name}_{code}" if name else code))


def filesize(size: int) -> str:
    """Write a number of bytes for people."""
    if size < 1024 * 1024:
        return _("%(number)s KB", number=fanum(max(1, round(size / 1024))))
    return _("%(number)s MB", number=fanum(f"{size / 1024 / 1024:.1f}"))

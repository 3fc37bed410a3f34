"""What every page does: open the database as the person logged in, and draw the shell."""

import json
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from engine import inbox, notifications
from engine.transaction import Engine, Transaction
from web.access import me, signed_in
from web.i18n import fanum

STATIC = Path(__file__).parent / "static"


def engine() -> Engine:
    """Return the application's engine."""
    return cast("Engine", current_app.extensions["kartabl"])


def reading() -> AbstractContextManager[Transaction]:
    """Look at the database as the person logged in."""
    return engine().reading(me())


def step() -> AbstractContextManager[Transaction]:
    """Change the database as the person logged in; leaving the block commits."""
    return engine().transaction(me())


def show(
    tx: Transaction, template: str, status: int = 200, /, **context: Any
) -> ResponseReturnValue:
    """Draw a page in the shell, with the badges of its menu."""
    badges = inbox.counts(tx) | {"unread": notifications.unread_count(tx)}
    return render_template(template, badges=badges, **context), status


def counted(number: int) -> str:
    """Write a number of tasks; beyond ``inbox.MOST_COUNTED`` nobody has counted."""
    most = inbox.MOST_COUNTED
    return fanum(number) if number <= most else f"{fanum(most)}+"


def plain(template: str, status: int = 200, /, **context: Any) -> ResponseReturnValue:
    """Draw a page that needs no database: log-in and errors."""
    return render_template(template, badges={}, **context), status


@lru_cache(maxsize=1)
def _manifest(changed: float) -> dict[str, str]:
    del changed  # only tells the cache that the front end was built again
    text = (STATIC / "dist/manifest.json").read_text()
    return cast("dict[str, str]", json.loads(text))


def asset(name: str) -> str:
    """Return the address of a built front-end file.

    Raises:
        RuntimeError: when the front end was not built or holds no such file.

    """
    try:
        changed = (STATIC / "dist/manifest.json").stat().st_mtime
        return url_for("site.static", name=f"dist/{_manifest(changed)[name]}")
    except (FileNotFoundError, KeyError) as error:
        raise RuntimeError(f"{name} is not built: run `make setup`") from error


def init(app: Flask) -> None:
    """Give the templates what every page needs."""
    app.jinja_env.globals.update(asset=asset, person=signed_in)
    app.jinja_env.filters["counted"] = counted

"""Posts and places in words: «مدیر توزیع برق شهرستان اهر»."""

from flask import Flask, g

from engine.identity import Actor
from web.i18n import fanum, language
from web.pages import engine
from workflows import districts
from workflows.roles import ROLES


def _places() -> dict[str, tuple[str, str]]:
    """Return the counties by code, read once a request."""
    if "places" not in g:
        with engine().reading() as tx:
            g.places = {row.code: (row.county_fa, row.county_en) for row in districts.every(tx)}
    places: dict[str, tuple[str, str]] = g.places
    return places


def place(code: str) -> str:
    """Return the name of a district; the code itself where there is none."""
    names = _places().get(code)
    return names[language() != "fa"] if names else code


def post(role: str, scope: str = "") -> str:
    """Return a post: the role's title with its district or office."""
    known = ROLES.get(role)
    title = known.title(language()) if known else role
    if not scope:
        return title
    where = place(scope) if known and known.scope == "district" else fanum(scope)
    return f"{title} {where}" if language() == "fa" else f"{title}, {where}"


def posts(actor: Actor) -> list[str]:
    """Return a person's posts."""
    return [post(role, scope) for role, scope in actor.assignments]


def init(app: Flask) -> None:
    """Give the templates the words."""
    app.jinja_env.globals.update(place=place, post=post, posts=posts)

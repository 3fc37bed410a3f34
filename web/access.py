"""Deny by default: a page without a declared rule answers nobody.

Rules say who may open a route at all; which cases, files and offices a person sees there is
``workflows.access``, asked by each view.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from engine.errors import Forbidden
from engine.identity import Actor

View = Callable[..., ResponseReturnValue]
Declared = TypeVar("Declared", bound=View)


@dataclass(frozen=True)
class Rule:
    """Who may open a route."""

    #: Open to people who are not logged in.
    public: bool = False
    #: Roles of which one is needed; empty: everybody who is logged in.
    roles: frozenset[str] = frozenset()

    def admits(self, actor: Actor | None) -> bool:
        """Tell whether a person, or a stranger, may open the route."""
        if self.public:
            return True
        return actor is not None and (not self.roles or bool(self.roles & actor.roles))


PUBLIC = Rule(public=True)
SIGNED_IN = Rule()
_declared: dict[Callable[..., Any], Rule] = {}


def only(*roles: str) -> Rule:
    """Make a rule for the holders of some roles."""
    return Rule(roles=frozenset(roles))


def allow(rule: Rule) -> Callable[[Declared], Declared]:
    """Declare who may open a view."""

    def declare(view: Declared) -> Declared:
        _declared[view] = rule
        return view

    return declare


def rules(app: Flask) -> dict[str, Rule | None]:
    """Return the rule of each endpoint; None where it was forgotten, which refuses everybody."""
    return {name: _declared.get(view) for name, view in app.view_functions.items()}


def me() -> Actor:
    """Return the person who is logged in.

    Raises:
        Forbidden: when nobody is; a route with a rule never comes here then.

    """
    person = signed_in()
    if person is None:
        raise Forbidden
    return person


def signed_in() -> Actor | None:
    """Return the person who is logged in, or for whom a program acts; None for a stranger."""
    if "caller" in g:  # only the API sets it, and there no session counts
        caller: Actor = g.caller
        return caller
    return current_user.actor if current_user.is_authenticated else None


def guard() -> ResponseReturnValue | None:
    """Refuse the request unless its endpoint's rule admits the person."""
    if request.endpoint is None:
        return None
    rule = _declared.get(current_app.view_functions[request.endpoint])
    if rule is None:
        raise Forbidden
    if rule.public:  # files and the log-in page ask the database for nobody
        return None
    person = signed_in()
    if person is None:
        return _ask_to_log_in()
    if not rule.admits(person):
        raise Forbidden
    return None


def _ask_to_log_in() -> ResponseReturnValue:
    if _is_script():
        return "", 401
    target = request.full_path if request.method == "GET" else _page_before()
    return redirect(url_for("auth.login", next=local_path(target.rstrip("?"))))


def _is_script() -> bool:
    return "HX-Request" in request.headers or "X-CSRFToken" in request.headers


def _page_before() -> str:
    """Return the page whose form was sent without a session, to go on there after the log-in."""
    try:
        return urlsplit(request.referrer or "").path
    except ValueError:  # no browser of a person sends such an address
        return "/"


def local_path(target: str) -> str:
    """Return a path of this site, or "/" for anything that could lead away from it."""
    away = target.startswith("//") or "\\" in target or not target.isprintable()
    return target if target.startswith("/") and not away else "/"


def can(endpoint: str) -> bool:
    """Tell whether the person who is logged in may open a route; templates hide links by it."""
    rule = _declared.get(current_app.view_functions[endpoint])
    return rule is not None and rule.admits(signed_in())


def init(app: Flask) -> None:
    """Put the guard before every request."""
    app.before_request(guard)
    app.jinja_env.globals["can"] = can

"""Who asks: the person of the access token, and nobody by a cookie."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, request

from engine import tokens
from engine.errors import Conflict, ScopeMissing, TokenRefused
from engine.identity import Actor
from engine.models import AccessToken
from engine.tokens import Bearer, Scope
from web.i18n import LANGUAGES, speaking
from web.pages import engine

Said = TypeVar("Said")


def token() -> AccessToken:
    """Return the token with which the request came."""
    row: AccessToken = g.token
    return row


def identify(scope: Scope) -> Actor:
    """Find out for whom the program acts and note that it did.

    Raises:
        TokenRefused, TokenThrottled: when the token is none.
        ScopeMissing: when it was made for less.

    """
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise TokenRefused
    found = _bearer(text.strip())
    g.token, g.caller, g.language = found.token, found.actor, found.actor.language
    if scope not in found.token.scopes:
        raise ScopeMissing
    return found.actor


def _bearer(text: str) -> Bearer:
    try:
        with engine().reading() as tx:
            found = tokens.bearer(tx, text)
            due = tokens.use_is_due(tx, found.token)
    except TokenRefused:
        with engine().transaction() as tx:
            tokens.note_failure(tx, request.remote_addr or "")
        raise
    if found.demo and not current_app.config["DEMO"]:
        raise TokenRefused  # demo people, whose password is printed, stay out of production
    if due:
        _note_use(found.token)
    return found


def _note_use(row: AccessToken) -> None:
    try:
        with engine().transaction() as tx:
            tokens.note_use(tx, row.id)
    except Conflict:  # a busy database must not refuse who may come in
        current_app.logger.warning("the use of token %s was not noted", row.id)


def speech(code: str, words: Callable[..., Said], *arguments: Any) -> Said:
    """Return what a function says in a language."""
    with speaking(code):
        return words(*arguments)


def both(name: str, words: Callable[..., str], *arguments: Any) -> dict[str, str]:
    """Return a text in each language, as ``name_fa`` and ``name_en``."""
    return {f"{name}_{code}": speech(code, words, *arguments) for code in LANGUAGES}

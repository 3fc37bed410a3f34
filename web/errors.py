"""Refusals and faults as pages: what happened and what to do next."""

import logging
from collections.abc import Sequence

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from engine.errors import Conflict, NotFound, Refusal
from web.access import signed_in
from web.i18n import _, language
from web.pages import plain

log = logging.getLogger(__name__)


def _page(status: int, message: str, typed: Sequence[str] = ()) -> ResponseReturnValue:
    return plain("error.html", status, status=status, message=message, typed=typed)


def _typed() -> list[str]:
    """Return the sentences that came with a refused form, so that nobody writes them again.

    Single words are left out: what a choice or a number said is nothing without its label.
    """
    texts = (text for name in request.form for text in request.form.getlist(name))
    return [text for text in texts if len(text.split()) > 1] if signed_in() else []


def refused(refusal: Refusal) -> ResponseReturnValue:
    """Answer a refusal of the engine with its own sentence."""
    typed = _typed() if isinstance(refusal, Conflict) else []
    return _page(refusal.status, refusal.message(language()), typed)


def stale_form(_error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose token is missing or belongs to a session that ended."""
    sentence = _("This page was opened in a session that has ended. Open it again and send it.")
    return _page(400, sentence, _typed())


def http(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask itself refuses."""
    status = error.code or 500
    if isinstance(error, SecurityError):  # a host that is not ours: no page can be drawn for it
        return Response(_("The request could not be understood."), status, mimetype="text/plain")
    sentences = {
        404: NotFound().message(language()),
        405: _("This address does not take that kind of request. Start from your inbox."),
        413: _("What you sent is too large. Send smaller files or fewer at once."),
    }
    if status < 400:
        return error.get_response()
    return _page(status, sentences.get(status, _("The request could not be understood.")))


def fault(_error: InternalServerError) -> ResponseReturnValue:
    """Answer a fault of ours; Flask has logged it, and nothing of the step was kept."""
    sentence = _("Something went wrong on our side. Nothing was changed; please try again.")
    return _page(500, sentence)


def init(app: Flask) -> None:
    """Answer every kind of error."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(InternalServerError, fault)

"""Refusals and faults as pages: what happened and what to do next."""

import logging

from flask import Flask
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from engine.errors import NotFound, Refusal
from web.i18n import _, language
from web.pages import plain

log = logging.getLogger(__name__)


def _page(status: int, message: str) -> ResponseReturnValue:
    return plain("error.html", status, status=status, message=message)


def refused(refusal: Refusal) -> ResponseReturnValue:
    """Answer a refusal of the engine with its own sentence."""
    return _page(refusal.status, refusal.message(language()))


def stale_form(_error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose token is missing or belongs to a session that ended."""
    return _page(
        400, _("This page was opened in a session that has ended. Open it again and send it.")
    )


def http(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask itself refuses."""
    status = error.code or 500
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

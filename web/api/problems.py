"""Refusals and faults as ``application/problem+json`` (RFC 9457), in both languages."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from engine.errors import (
    DefinitionRefused,
    FileRefused,
    FormInvalid,
    Invalid,
    NotFound,
    Refusal,
    ScanMissing,
    TokenRefused,
    TokenThrottled,
)
from engine.identity import WINDOW
from forms.validation import FieldError

MEDIA_TYPE = "application/problem+json"
_SENTENCES: Mapping[int, tuple[str, str]] = {
    404: (NotFound.fa, NotFound.en),
    405: (
        "این نشانی چنین درخواستی نمی‌پذیرد. سرآیند Allow می‌گوید چه می‌پذیرد.",
        "This address does not take that kind of request. The header Allow says what it takes.",
    ),
    413: ("آنچه فرستادید بیش از اندازه بزرگ است.", "What you sent is too large."),
    415: (
        "نوع محتوا پذیرفته نیست. سند رابط می‌گوید چه باید فرستاد.",
        "The content type is not taken here. The OpenAPI document says what to send.",
    ),
    500: (
        "در سمت ما خطایی رخ داد. چیزی تغییر نکرد؛ دوباره بفرستید.",
        "Something went wrong on our side. Nothing was changed; please try again.",
    ),
}
_UNREADABLE = ("درخواست خوانده نشد.", "The request could not be understood.")


class RequestInvalid(Invalid):
    """A request breaks the contract of its endpoint; ``errors`` names each part."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        super().__init__()
        self.errors = list(errors)


class BodyUnreadable(Refusal):
    """The body is no JSON."""

    fa = "بدنهٔ درخواست JSON درستی نیست."
    en = "The body is no well-formed JSON."


def problem(status: int, sentences: tuple[str, str], code: str, **more: Any) -> Response:
    """Make an answer that says what was refused and what to do next."""
    fa, en = sentences
    title = HTTPStatus(status).phrase
    body = {"title": title, "status": status, "code": code, "detail_fa": fa, "detail_en": en}
    return Response(orjson.dumps(body | more), status, content_type=MEDIA_TYPE)


def _code(kind: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def _points(refusal: Refusal) -> list[FieldError]:
    match refusal:
        case FormInvalid() | RequestInvalid():
            return refusal.errors
        case ScanMissing():
            return [FieldError("scan", refusal.message_fa, refusal.message_en)]
        case FileRefused():
            return [FieldError("file", refusal.message_fa, refusal.message_en)]
        case DefinitionRefused():
            return [
                FieldError(f"{p.file}#{p.element_id}".rstrip("#"), p.message_fa, p.message_en)
                for p in refusal.problems
            ]
    return []


def refused(refusal: Refusal) -> Response:
    """Answer a refusal with its own sentences, and for 422 with each point."""
    more: dict[str, Any] = {}
    if refusal.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        points = _points(refusal)
        more["errors"] = [{"field": p.path, "fa": p.message_fa, "en": p.message_en} for p in points]
    if isinstance(refusal, DefinitionRefused):
        more["problems"] = [each.as_dict() for each in refusal.problems]
    sentences = (refusal.message_fa, refusal.message_en)
    answer = problem(refusal.status, sentences, _code(type(refusal)), **more)
    if isinstance(refusal, TokenRefused):
        answer.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, TokenThrottled):
        answer.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return answer


def http(error: HTTPException) -> Response:
    """Answer what Flask itself refuses, and faults of ours, which Flask has logged."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    original = error.get_response()
    if status < HTTPStatus.BAD_REQUEST:
        return Response(status=status, headers={"Location": original.headers["Location"]})
    answer = problem(status, _SENTENCES.get(status, _UNREADABLE), _code(type(error)))
    if "Allow" in original.headers:
        answer.headers["Allow"] = original.headers["Allow"]
    return answer


def init(api: Flask) -> None:
    """Answer every kind of error."""
    api.register_error_handler(Refusal, refused)
    api.register_error_handler(HTTPException, http)

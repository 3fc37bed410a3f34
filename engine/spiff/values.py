"""Values that a case may keep: what can be written can be read again, on every database."""

import re
from typing import Any

import orjson

from forms.expressions import ExpressionError

#: Bytes of one case's state.
MOST_BYTES = 8_000_000
#: Lists and objects inside one another, within what a person or a handler gives.
MOST_LEVELS = 40
#: PostgreSQL keeps no NUL in text, and UTF-8 no half of a surrogate pair.
_UNFIT = re.compile("[\x00\ud800-\udfff]")


def _refused(fa: str, en: str) -> ExpressionError:
    return ExpressionError(
        f"این مقدارها نگه‌داشتنی نیست: {fa}.", f"These values cannot be kept: {en}."
    )


def check(values: Any) -> None:
    """Refuse values that could not be read again.

    Raises:
        ExpressionError: for a NUL or half a character in a text, names that are no text, numbers
            beyond 64 bits, and nesting without end.

    """
    todo = [(values, 0)]
    while todo:
        value, level = todo.pop()
        if level > MOST_LEVELS:
            raise _refused("بیش از اندازه تودرتو است", "they are nested too deep")
        if isinstance(value, str):
            _check_text(value)
        elif isinstance(value, dict):
            for name, inner in value.items():
                _check_text(name)
                todo.append((inner, level + 1))
        elif isinstance(value, list | tuple):
            todo += ((inner, level + 1) for inner in value)
        elif isinstance(value, int) and abs(value) >= 2**63:
            raise _refused("عدد بیش از اندازه بزرگ است", "a number is too large")


def _check_text(text: Any) -> None:
    if not isinstance(text, str):
        raise _refused("نام باید متن باشد", "a name must be a text")
    if _UNFIT.search(text):
        raise _refused("نویسهٔ نادرست دارد", "a character is not allowed")


def checked(state: Any) -> bytes:
    """Write a case's state.

    Raises:
        ExpressionError: when it holds what JSON cannot, or grows beyond ``MOST_BYTES``.

    """
    try:
        content = orjson.dumps(state)
    except TypeError as error:
        raise _refused(str(error), str(error)) from error
    if len(content) > MOST_BYTES:
        raise _refused("بیش از اندازه بزرگ است", "they are too large")
    return content

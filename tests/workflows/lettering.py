"""How much room a text needs at most, without a font at hand."""

import re

#: Height of a line of text at 12 px.
LINE = 14.4
#: Widths in px of Vazirmatn at 12 px, rounded up: of a letter joined to the next one, and of a last one.
_PERSIAN = {
    "اآأإ": (3.2, 3.2),
    "رزژ": (4.2, 4.2),
    "دذ": (5.8, 5.8),
    "و": (5.6, 5.6),
    "ل": (4.2, 7.8),
    "بتثپ": (4.8, 10.6),
    "نیئ": (4.8, 8.6),
    "فق": (6.2, 10.6),
    "کگ": (6.4, 10.6),
    "ه": (7.8, 6.4),
    "معغ": (7.1, 7.5),
    "جحخچطظ": (8.6, 9.0),
    "سشصض": (10.4, 15.1),
}
_LETTERS = {letter: both for group, both in _PERSIAN.items() for letter in group}
#: Letters that never join the next one.
_APART = frozenset("اآأإدذرزژو")
_OTHERS = {
    "\u200c\u0654": 0.0,
    " ijl'": 3.4,
    "ftrI.,:;!()،؛": 4.5,
    "«»-": 5.8,
    "mwMW": 10.7,
    "ABCDEFGHKLNOPQRSTUVXYZ": 8.7,
}
_SIGNS = {sign: width for group, width in _OTHERS.items() for sign in group}
#: Of any other sign.
_WIDEST = 7.2


def text_width(text: str) -> float:
    """Return how wide a line is at most at 12 px, in px; both scripts, without kerning."""
    width = 0.0
    for this, following in zip(text, [*text[1:], " "], strict=True):
        joined, last = _LETTERS.get(this, (0.0, _SIGNS.get(this, _WIDEST)))
        width += joined if following in _LETTERS and this not in _APART and joined else last
    return width


def wrapped(text: str, width: float) -> list[str]:
    """Break a text into the lines that it takes in a width, at spaces and after hyphens only."""
    lines = [""]
    for piece in re.findall(r"\s*[^\s-]+-?", text):
        if lines[-1] and text_width(lines[-1] + piece) > width:
            lines.append(piece.strip())
        else:
            lines[-1] += piece
    return lines

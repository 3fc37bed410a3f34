"""Persian text: what is stored, what is searched by, how it sorts (PROCEDURE 5.3)."""

import re
import unicodedata
from functools import lru_cache

ZWNJ = "\u200c"
_TO_ASCII = {ord(d): str(n % 10) for n, d in enumerate("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩")}
_TO_PERSIAN = {ord(str(n)): d for n, d in enumerate("۰۱۲۳۴۵۶۷۸۹")}
_LETTERS = {ord("ي"): "ی", ord("ى"): "ی", ord("ك"): "ک", ord("\u00a0"): " "}
#: Tatweel, ZWJ, soft hyphen, BOM and bidi marks carry nothing that a reader means.
_DROPPED = dict.fromkeys(
    map(
        ord,
        "\u0640\u200d\u00ad\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    )
)
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufeff]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_KEY_LETTERS = {ord(a): b for a, b in zip("ةأإآؤئ", "هاااوی", strict=True)}
_SEPARATORS = re.compile(r"[\s\u200c\-_/.]+")
#: The Persian alphabet in order; و stands before ه.
ALPHABET = "ءآابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_RANK = {letter: chr(0xE000 + n) for n, letter in enumerate(ALPHABET)}


def to_ascii_digits(text: str) -> str:
    """Return the text with Persian and Arabic digits as 0-9."""
    return text.translate(_TO_ASCII)


def to_persian_digits(text: str) -> str:
    """Return the text with 0-9 as Persian digits."""
    return text.translate(_TO_PERSIAN)


def clean(text: str) -> str:
    """Return the text as it is stored: one spelling of each letter, no invisible marks."""
    text = _CONTROL.sub("", text)
    text = _PRESENTATION.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text)
    text = unicodedata.normalize("NFC", text).translate(_LETTERS).translate(_DROPPED)
    text = re.sub(f"{ZWNJ}+", ZWNJ, text)
    text = re.sub(f" *{ZWNJ}(?= )|(?<= ){ZWNJ}", "", text)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip().strip(ZWNJ)


def search_key(text: str) -> str:
    """Return the key by which text is found whatever its spelling; no unique constraint on it."""
    text = to_ascii_digits(clean(text)).casefold().translate(_KEY_LETTERS)
    marks = unicodedata.normalize("NFD", text)
    text = "".join(c for c in marks if not unicodedata.combining(c))
    return _SEPARATORS.sub("", text)


@lru_cache(maxsize=4_096)
def sort_key(text: str) -> str:
    """Return a key that sorts Persian words as a dictionary does."""
    return "".join(_RANK.get(c, c) for c in clean(text).replace(ZWNJ, ""))

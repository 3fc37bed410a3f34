"""The Iranian formats: how a value is normalised, and when it is right (PROCEDURE 5.4)."""

import ipaddress
import re
from collections.abc import Callable
from datetime import date
from uuid import UUID

from forms.text import ZWNJ, clean, to_ascii_digits

_MOBILE = re.compile(r"(?:\+98|0098|98|0)?(9\d{9})")
_LANDLINE = re.compile(r"0[1-8]\d{9}")
_POSTAL = re.compile(r"[13-9]{5}\d{5}")
_OFFICE = re.compile(r"(?:[A-Z]{0,3}-?)?\d{4,12}")
_LETTER = re.compile(r"[0-9A-Za-z\u0621-\u06cc/\-._]{1,40}")
_DOCUMENT = re.compile(r"W-SA-\d{2}-\d{2}")
_LEGAL_WEIGHTS = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)


def _compact(text: str) -> str:
    """Normalise a number: ASCII digits, nothing between them."""
    return re.sub(rf"[\s\-{ZWNJ}]", "", to_ascii_digits(clean(text)))


def _plain(text: str) -> str:
    return to_ascii_digits(clean(text))


def _mobile(text: str) -> str:
    found = _MOBILE.fullmatch(_compact(text))
    return f"0{found.group(1)}" if found else _plain(text)


def is_national_id(text: str) -> bool:
    """Check a person's ten-digit number by its check digit; the city prefix is not checked."""
    if not re.fullmatch(r"\d{10}", text) or len(set(text)) == 1 or text[3:9] == "000000":
        return False
    rest = sum(int(d) * (10 - n) for n, d in enumerate(text[:9])) % 11
    return int(text[9]) == (rest if rest < 2 else 11 - rest)


def is_legal_id(text: str) -> bool:
    """Check a company's eleven-digit number by its check digit."""
    if not re.fullmatch(r"\d{11}", text) or len(set(text)) == 1 or text[3:9] == "000000":
        return False
    tens = int(text[9]) + 2
    rest = sum((int(d) + tens) * w for d, w in zip(text, _LEGAL_WEIGHTS, strict=False)) % 11
    return int(text[10]) == rest % 10


def _is_postal_code(text: str) -> bool:
    return bool(_POSTAL.fullmatch(text)) and len(set(text)) > 1


def _is_letter_number(text: str) -> bool:
    return bool(_LETTER.fullmatch(text)) and any(c.isdigit() for c in text)


def _is_public_ipv4(text: str) -> bool:
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return address.is_global and not address.is_multicast


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


#: Format name -> how what was typed becomes what is stored.
NORMALISE: dict[str, Callable[[str], str]] = {
    "national-id": _compact,
    "legal-id": _compact,
    "mobile": _mobile,
    "landline": _compact,
    "postal-code": _compact,
    "office-code": lambda text: _plain(text).upper(),
    "letter-no": _plain,
    "document-code": lambda text: _plain(text).upper(),
    "ipv4-public": _plain,
}

#: Format name -> whether a stored value is right.
CHECK: dict[str, Callable[[str], bool]] = {
    "national-id": is_national_id,
    "legal-id": is_legal_id,
    "mobile": lambda text: re.fullmatch(r"09\d{9}", text) is not None,
    "landline": lambda text: _LANDLINE.fullmatch(text) is not None,
    "postal-code": _is_postal_code,
    "office-code": lambda text: _OFFICE.fullmatch(text) is not None,
    "letter-no": _is_letter_number,
    "document-code": lambda text: _DOCUMENT.fullmatch(text) is not None,
    "ipv4-public": _is_public_ipv4,
    "date": _is_date,
    "file-id": _is_uuid,
}

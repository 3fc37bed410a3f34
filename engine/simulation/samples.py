"""Values that look like what people type: by format, by pattern, by length."""

import string
from collections.abc import Callable, Mapping, Sequence
from random import Random
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as patterns  # type: ignore[attr-defined]
from typing import Any

from forms.formats import is_legal_id, is_national_id

WORDS = (
    *("بررسی", "نتیجه", "دفتر", "گزارش", "پیگیری", "مهلت", "اعلام", "نمونه", "سند", "تأیید"),
    *("و", "در", "به", "برای"),
)
#: Repeats of a pattern's part that has no upper bound.
MOST_REPEATS = 12


def _digits(random: Random, count: int, of: str = string.digits) -> str:
    return "".join(random.choices(of, k=count))


def _checked(head: str, is_right: Callable[[str], bool]) -> str:
    """Return a number with the check digit that fits."""
    return next(n for digit in string.digits if is_right(n := f"{head}{digit}"))


def _national_id(random: Random) -> str:
    return _checked(f"999{random.randrange(1, 999_999):06}", is_national_id)


def _legal_id(random: Random) -> str:
    return _checked(f"140{random.randrange(1, 9_999_999):07}", is_legal_id)


def _postal_code(random: Random) -> str:
    return f"5166{random.choice('1346789')}{random.randrange(100_000):05}"


#: Format -> how a value of it is drawn; dates and files are drawn by ``form_values``.
BY_FORMAT: Mapping[str, Callable[[Random], str]] = {
    "national-id": _national_id,
    "legal-id": _legal_id,
    "mobile": lambda random: f"0914{_digits(random, 7)}",
    "landline": lambda random: f"041{_digits(random, 8)}",
    "postal-code": _postal_code,
    "office-code": lambda random: f"72{_digits(random, 6)}",
    "letter-no": lambda random: f"1405/ص/{random.randrange(1, 10_000)}",
    "document-code": lambda random: f"W-SA-{_digits(random, 2)}-{_digits(random, 2)}",
    "ipv4-public": lambda random: f"5.160.{random.randrange(256)}.{random.randrange(1, 255)}",
}


def text(random: Random, schema: Mapping[str, Any]) -> str:
    """Return words within the schema's lengths; a sentence where there is room for one."""
    if "pattern" in schema:
        return matching(random, str(schema["pattern"]))
    most = min(int(schema.get("maxLength", 200)), 200)
    least = int(schema.get("minLength", 0))
    wanted = random.randint(min(24, most), min(60, max(24, most)))
    words = ""
    while len(words) < max(wanted, least):
        words = f"{words} {random.choice(WORDS)}".strip()
    return words[: max(most, least)].strip().ljust(least, "م")


def matching(random: Random, pattern: str) -> str:
    """Return a text that a pattern takes; "" where the pattern is beyond this sampler."""
    try:
        return _sequence(random, patterns.parse(pattern))
    except (ValueError, RecursionError, OverflowError):
        return ""


def _sequence(random: Random, parts: Sequence[Any]) -> str:
    return "".join(_part(random, kind, value) for kind, value in parts)


def _part(random: Random, kind: Any, value: Any) -> str:
    if kind not in _DRAWN:
        raise ValueError(f"{kind} is not sampled")
    return _DRAWN[kind](random, value)


def _repeated(random: Random, value: tuple[int, int, Any]) -> str:
    least, most, parts = value
    count = random.randint(least, max(least, min(most, least + MOST_REPEATS)))
    return "".join(_sequence(random, parts) for _ in range(min(count, 1_000)))


_CATEGORIES = {
    kinds.CATEGORY_DIGIT: string.digits,
    kinds.CATEGORY_WORD: string.ascii_letters,
    kinds.CATEGORY_SPACE: " ",
    kinds.CATEGORY_NOT_DIGIT: string.ascii_letters,
    kinds.CATEGORY_NOT_SPACE: string.ascii_letters,
    kinds.CATEGORY_NOT_WORD: "-",
}


def _one_of(random: Random, choices: Sequence[tuple[Any, Any]]) -> str:
    if choices[0][0] is kinds.NEGATE:
        refused = "".join(_characters(choice) for choice in choices[1:])
        return random.choice([c for c in string.ascii_letters + string.digits if c not in refused])
    return random.choice(_characters(random.choice(choices)))


def _characters(choice: tuple[Any, Any]) -> str:
    kind, value = choice
    if kind is kinds.LITERAL:
        return chr(value)
    if kind is kinds.RANGE:
        low, high = value
        return "".join(map(chr, range(low, min(high, low + 200) + 1)))
    return _CATEGORIES[value]


#: Kind of a part -> how a text for it is drawn.
_DRAWN: Mapping[Any, Callable[[Random, Any], str]] = {
    kinds.LITERAL: lambda _random, value: chr(value),
    kinds.NOT_LITERAL: lambda _random, value: "a" if value != ord("a") else "b",
    kinds.ANY: lambda random, _value: random.choice(string.ascii_lowercase),
    kinds.AT: lambda _random, _value: "",
    kinds.IN: _one_of,
    kinds.MAX_REPEAT: _repeated,
    kinds.MIN_REPEAT: _repeated,
    kinds.SUBPATTERN: lambda random, value: _sequence(random, value[-1]),
    kinds.BRANCH: lambda random, value: _sequence(random, random.choice(value[1])),
}

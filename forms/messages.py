"""What is wrong with a value, in a sentence that says what to do."""

from collections.abc import Mapping
from typing import Any

REQUIRED = ("این مورد را پر کنید.", "Fill this in.")
NOT_A_CHOICE = ("یکی از گزینه‌ها را انتخاب کنید.", "Choose one of the options.")
UNKNOWN = ("این مورد در فرم نیست.", "This is not part of the form.")
MUST_AGREE = ("برای ادامه باید این مورد را تأیید کنید.", "This must be ticked to go on.")
OTHER = ("این مقدار درست نیست.", "This value is not right.")

FORMATS: Mapping[str, tuple[str, str]] = {
    "national-id": (
        "کد ملی درست نیست؛ ده رقم است و رقم آخر آن با بقیه می‌خواند.",
        "This is no national ID: ten digits, the last one checks the others.",
    ),
    "legal-id": (
        "شناسهٔ ملی درست نیست؛ یازده رقم است و رقم آخر آن با بقیه می‌خواند.",
        "This is no legal-entity ID: eleven digits, the last one checks the others.",
    ),
    "mobile": (
        "شمارهٔ همراه را مانند ۰۹۱۴۱۲۳۴۵۶۷ بنویسید.",
        "Write the mobile number as 09141234567.",
    ),
    "landline": (
        "شمارهٔ تلفن را با کد استان بنویسید، مانند ۰۴۱۳۳۳۳۳۳۳۳.",
        "Write the telephone number with its area code, as 04133333333.",
    ),
    "postal-code": (
        "کد پستی ده رقم است و در پنج رقم نخست آن ۰ و ۲ نیست.",
        "A postal code has ten digits; the first five hold no 0 and no 2.",
    ),
    "office-code": (
        "کد دفتر ۴ تا ۱۲ رقم است و می‌تواند با حرف‌های لاتین آغاز شود.",
        "An office code has 4 to 12 digits, with Latin letters before them if any.",
    ),
    "letter-no": (
        "شمارهٔ نامه دست‌کم یک رقم دارد و فاصله ندارد، مانند ۲۳۴/۱۱/۴۲۳۷.",
        "A letter number holds at least one digit and no space, as 234/11/4237.",
    ),
    "date": (
        "تاریخ را مانند ۱۴۰۵/۰۹/۰۳ بنویسید.",
        "Write the date as 1405/09/03 (Jalali).",
    ),
    "ipv4-public": (
        "نشانی IP معتبر اینترنتی بنویسید، مانند ۵.۱۶۰.۱۰.۲۰؛ نشانی داخلی پذیرفته نیست.",
        "Write a public IP address, as 5.160.10.20; a private one is not accepted.",
    ),
    "document-code": ("کد سند مانند W-SA-08-00 است.", "A document code looks like W-SA-08-00."),
    "file-id": ("پرونده را دوباره پیوست کنید.", "Attach the file again."),
}


def sentence(kind: str, value: Any, form_of: str) -> tuple[str, str]:
    """Return the Persian and English sentence for a broken schema keyword."""
    if kind == "format":
        return FORMATS.get(form_of, OTHER)
    if kind in {"const", "enum"}:
        return MUST_AGREE if value is True else NOT_A_CHOICE
    if kind == "type":
        return _type(str(value))
    if kind in _BOUNDS:
        fa, en = _BOUNDS[kind]
        return fa.format(value), en.format(value)
    return {"required": REQUIRED, "additionalProperties": UNKNOWN}.get(kind, OTHER)


def _type(expected: str) -> tuple[str, str]:
    if "integer" in expected:
        return "عدد بنویسید.", "Write a number."
    return OTHER


_BOUNDS: Mapping[str, tuple[str, str]] = {
    "minLength": ("دست‌کم {} نویسه بنویسید.", "Write at least {} characters."),
    "maxLength": ("حداکثر {} نویسه بنویسید.", "Write at most {} characters."),
    "minimum": ("عدد باید {} یا بیشتر باشد.", "The number must be {} or more."),
    "maximum": ("عدد باید {} یا کمتر باشد.", "The number must be {} or less."),
    "minItems": ("دست‌کم {} مورد لازم است.", "At least {} is needed."),
    "maxItems": ("حداکثر {} مورد پذیرفته است.", "At most {} are accepted."),
    "uniqueItems": ("مورد تکراری هست.", "Something stands twice."),
}

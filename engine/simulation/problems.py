"""What can be wrong with a simulation besides what the gate finds, in the gate's own shape."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.lint import Problem

#: Rule -> Persian and English; ``{}`` is the detail.
SENTENCES: Mapping[str, tuple[str, str]] = {
    "json": ("این JSON درستی نیست: {}", "This is no proper JSON: {}"),
    "not-an-object": ("«{}» باید یک شیء JSON باشد.", "“{}” must be a JSON object."),
    "wrong-type": ("نوع مقدار «{}» درست نیست.", "The value of “{}” is of the wrong type."),
    "reserved-name": ("نام «{}» برای موتور رزرو است.", "The name “{}” is reserved by the engine."),
    "instant": ("«{}» تاریخ و ساعت ISO 8601 نیست.", "“{}” is no ISO 8601 instant."),
    "no-diagram": (
        "هیچ نموداری داده نشده است؛ دست‌کم یک پروندهٔ BPMN لازم است.",
        "No diagram was given; at least one .bpmn file is needed.",
    ),
    "file-missing": ("پروندهٔ «{}» پیدا نشد.", "The file “{}” was not found."),
    "file-unreadable": ("پرونده خوانده نشد: {}", "The file could not be read: {}"),
    "file-large": ("پروندهٔ «{}» بیش از اندازه بزرگ است.", "The file “{}” is too large."),
    "file-twice": (
        "پروندهٔ «{}» دو بار آمده است یا پرونده‌ها بیش از اندازه‌اند.",
        "The file “{}” is there twice, or there are too many files.",
    ),
    "process-unknown": (
        "فرایندی با این شناسه در پرونده‌ها نیست؛ هست: {}",
        "The files hold no process of this id; they hold: {}",
    ),
    "process-unclear": (
        "چند فرایند اجراشدنی هست؛ با --process یکی را برگزینید: {}",
        "There are several executable processes; choose one by --process: {}",
    ),
    "message-unknown": (
        "هیچ رویدادی در نمودار پیام «{}» را نمی‌گیرد.",
        "No event of the diagram takes the message “{}”.",
    ),
    "message-unused": (
        "پیام «{}» داده شد و هیچ‌گاه کسی منتظرش نبود.",
        "The message “{}” was given and was never waited for.",
    ),
    "answer-unknown": (
        "در نمودار کاری با شناسهٔ «{}» نیست؛ پاسخش به کار نیامد.",
        "The diagram holds no task “{}”; its answer was not used.",
    ),
    "answer-refused": ("این پاسخ پذیرفته نشد: {}", "This answer was not accepted: {}"),
    "form-unfilled": (
        "برای این فرم مقدار پذیرفتنی ساخته نشد: {}",
        "No acceptable values were found for this form: {}",
    ),
    "stuck": (
        "پرونده اینجا مانده است و هیچ‌کس و هیچ زمانی آن را پیش نمی‌برد.",
        "The case is stuck here: no person, message or time will take it further.",
    ),
    "max-steps": (
        "پس از {} گام هنوز تمام نشده بود.",
        "It had not come to an end after {} steps.",
    ),
    "step-limit": (
        "نمودار در یک گام بیش از اندازه پیش رفت؛ شاید دور بی‌پایان دارد.",
        "The diagram ran on for too long in one step; it may go in a circle.",
    ),
    "time-limit": (
        "شبیه‌سازی بیش از {} ثانیه محاسبه کرد و متوقف شد.",
        "The simulation computed for more than {} seconds and was stopped.",
    ),
    "incident": ("گام خودکار ناموفق ماند: {}", "An automatic step failed: {}"),
    "expression": ("{}", "{}"),
    "internal": (
        "موتور این نمودار را اجرا نکرد: {}",
        "The engine could not run this diagram: {}",
    ),
}


@dataclass(frozen=True)
class Place:
    """What a finding is about."""

    file: str = ""
    element_id: str = ""
    element_name: str = ""


NOWHERE = Place()
Severity = Literal["error", "warning"]


def found(
    rule: str, place: Place = NOWHERE, *, detail: str = "", severity: Severity = "error"
) -> Problem:
    """Return a finding."""
    fa, en = SENTENCES[rule]
    return said(rule, fa.format(detail), en.format(detail), place, severity)


def said(
    rule: str, fa: str, en: str, place: Place = NOWHERE, severity: Severity = "error"
) -> Problem:
    """Return a finding with sentences of its own."""
    return Problem(place.file, rule, severity, place.element_id, place.element_name, fa, en)

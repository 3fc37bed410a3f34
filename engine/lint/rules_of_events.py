"""The gate's sentences about events, loops and variables: rule -> Persian and English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "event-definition": (
        "این رویداد نوع روشنی ندارد یا نوع آن در اینجا پشتیبانی نمی‌شود.",
        "This event has no definition, or one that is not supported here.",
    ),
    "reference": (
        "ارجاع «{}» به چیزی در این پرونده نمی‌رسد.",
        "The reference “{}” leads to nothing in this file.",
    ),
    "message": ("نام پیام این رویداد روشن نیست.", "The message of this event is not named."),
    "signal": ("نام سیگنال این رویداد روشن نیست.", "The signal of this event is not named."),
    "link": (
        "پیوند «{}» باید دقیقاً یک رویداد دریافت و دست‌کم یک رویداد ارسال در همین فرایند داشته باشد.",
        "The link “{}” needs exactly one catching and at least one throwing event in this process.",
    ),
    "uncaught": (
        "هیچ رویداد مرزی یا زیرفرایند رویدادی پیرامون این رویداد آن را نمی‌گیرد.",
        "No boundary event or event sub-process around this event catches it.",
    ),
    "never-thrown": (
        "درون کاری که این رویداد به آن وصل است هیچ‌جا چنین رویدادی رخ نمی‌دهد.",
        "Nothing inside the activity that this event watches ever throws it.",
    ),
    "never-waits": (
        "کاری که این رویداد به آن وصل است هرگز منتظر نمی‌ماند؛ این رویداد هیچ‌گاه رخ نمی‌دهد.",
        "The activity that this event is attached to never waits, so the event cannot happen.",
    ),
    "must-interrupt": (
        "رویداد خطا یا لغو همیشه کار را قطع می‌کند؛ آن را قطع‌کننده کنید.",
        "An error or cancel always interrupts; make the event interrupting.",
    ),
    "timer": (
        "زمان‌سنج باید تاریخ، مدت یا دوره داشته باشد.",
        "A timer needs a date, a duration or a cycle.",
    ),
    "timer-value": (
        "«{}» زمان درستی نیست؛ تاریخ، مدت یا دورهٔ ISO 8601 بنویسید.",
        "“{}” is no date, duration or cycle of ISO 8601.",
    ),
    "timer-cycle": (
        "دوره فقط برای رویداد مرزی یا زیرفرایند رویدادی است؛ اینجا تاریخ یا مدت بنویسید.",
        "A cycle belongs to a boundary event or event sub-process; write a date or duration here.",
    ),
    "condition": ("شرط این رویداد نوشته نشده است.", "The condition of this event is missing."),
    "event-gateway": (
        "درگاه رویدادی باید دست‌کم دو رویداد دریافت داشته باشد و پس از آن چیز دیگری نیاید.",
        "An event gateway needs at least two catching events behind it, and nothing else.",
    ),
    "event-twice": (
        "دو رویداد پس از این درگاه یکی‌اند؛ معلوم نیست کدام مسیر گرفته شود.",
        "Two events behind this gateway are the same, so nobody knows which path is taken.",
    ),
    "watching": (
        "زیرفرایند رویدادی دقیقاً یک رویداد آغازِ نوع‌دار دارد و هیچ جریانی به آن وصل نیست.",
        "An event sub-process has exactly one start event, with a definition, and no flows.",
    ),
    "loop-count": (
        "شمار تکرار روشن نیست: {}",
        "How often this repeats is not clear: {}",
    ),
    "loop-item": (
        "«{}» هم نام عضو فهرست است و هم مقدار دیگری در پرونده؛ نام دیگری بدهید.",
        "“{}” names both the item of the list and a value of the case; choose another name.",
    ),
    "variable": (
        "هیچ فرم، اسکریپت یا کار خودکاری به «{}» مقدار نمی‌دهد؛ نام را بررسی کنید.",
        "No form, script or handler gives “{}” a value; check the name.",
    ),
    "parallel-write": (
        "شاخه‌های موازی هر دو «{}» را می‌نویسند؛ مقدار شاخه‌ای می‌ماند که دیرتر برسد.",
        "Parallel branches both write “{}”; the branch that arrives last has its way.",
    ),
    "data-object": (
        "شیء دادهٔ «{}» در این فرایند یا پیرامون آن نیست.",
        "The data object “{}” is neither in this process nor around it.",
    ),
}

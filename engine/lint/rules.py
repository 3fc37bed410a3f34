"""The sentences of the gate: rule -> Persian and English; ``{}`` is the detail."""

from engine.lint import rules_of_events

SENTENCES: dict[str, tuple[str, str]] = {
    "xml": ("پرونده XML درستی نیست: {}", "This is no proper XML: {}"),
    "encoding": (
        "پرونده را با کدگذاری UTF-8 ذخیره کنید، نه {}.",
        "Save the file as UTF-8, not {}.",
    ),
    "kind": (
        "این نوع پرونده پذیرفته نیست؛ bpmn، dmn یا فرم json بدهید.",
        "This kind of file is not taken; give .bpmn, .dmn or a .json form.",
    ),
    "unreadable": ("پرونده خوانده نشد: {}", "The file could not be read: {}"),
    "too-large": (
        "این فرایند بیش از {} عنصر دارد؛ آن را به چند فرایند بشکنید.",
        "This process has more than {} elements; divide it into several.",
    ),
    "time-limit": (
        "خواندن نمودار در {} ثانیه به پایان نرسید.",
        "Reading the diagram did not end within {} seconds.",
    ),
    "duplicate-id": (
        "شناسهٔ «{}» دو بار آمده است؛ یکی را عوض کنید.",
        "The id “{}” stands twice; change one.",
    ),
    "xsd": ("پرونده با استاندارد BPMN نمی‌خواند: {}", "This breaks the BPMN schema: {}"),
    "parse": ("این نمودار خوانده نشد: {}", "The diagram could not be read: {}"),
    "no-process": (
        "فرایند اجراشدنی در پرونده نیست؛ isExecutable را true کنید.",
        "The file holds no executable process; set isExecutable to true.",
    ),
    "duplicate-process": (
        "فرایند «{}» دو بار آمده است؛ شناسهٔ یکی را عوض کنید.",
        "The process “{}” stands twice; change the id of one.",
    ),
    "form": ("فرم پذیرفته نیست: {}", "The form is not acceptable: {}"),
    "reserved-id": (
        "این شناسه برای موتور رزرو است؛ شناسهٔ دیگری بدهید.",
        "This id is reserved by the engine; give it another one.",
    ),
    "id-not-ascii": (
        "شناسه باید فقط حرف و رقم لاتین و زیرخط داشته باشد.",
        "An id takes only Latin letters, digits and underscores.",
    ),
    "unsupported": (
        "«{}» پشتیبانی نمی‌شود؛ آن را با عنصر دیگری جایگزین کنید.",
        "“{}” is not supported; replace it by another element.",
    ),
    "start-count": (
        "هر فرایند باید دقیقاً یک رویداد آغاز داشته باشد.",
        "A process needs exactly one start event.",
    ),
    "end-missing": ("فرایند رویداد پایان ندارد.", "The process has no end event."),
    "loose-flow": (
        "جریان «{}» به جایی وصل نیست؛ دو سر آن را وصل کنید.",
        "The flow “{}” has a loose end; connect both.",
    ),
    "wrong-way": (
        "جریان «{}» به رویداد آغاز یا مرزی می‌رسد یا از پایان بیرون می‌آید.",
        "The flow “{}” leads into a start or boundary event, or out of an end event.",
    ),
    "unreachable": (
        "هیچ مسیری به این عنصر نمی‌رسد.",
        "No path leads to this element.",
    ),
    "dead-end": (
        "مسیر پس از این عنصر قطع می‌شود؛ آن را به عنصر بعدی یا پایان وصل کنید.",
        "The path breaks off after this element; connect it to the next one or to an end.",
    ),
    "unattached": (
        "این رویداد مرزی به هیچ کاری وصل نیست.",
        "This boundary event is attached to no task.",
    ),
    "lane-unknown": (
        "خط «{}» نام هیچ نقشی نیست؛ نام یکی از نقش‌ها را بدهید.",
        "The lane “{}” names no role; give it the title of one.",
    ),
    "lane-missing": (
        "این کار در هیچ خطی نیست و روشن نیست به عهدهٔ کیست.",
        "This task lies in no lane, so nobody knows whose it is.",
    ),
    "lane-twice": (
        "«{}» در دو خط آمده است؛ روشن نیست به عهدهٔ کیست.",
        "“{}” lies in two lanes, so nobody knows whose it is.",
    ),
    "extension": (
        "«{}» از ابزار دیگری است و اینجا نادیده می‌ماند.",
        "“{}” belongs to another product and is ignored here.",
    ),
    "form-missing": (
        "فرم «{}» در این بسته نیست؛ یکی از فرم‌ها را برگزینید.",
        "The form “{}” is not in this bundle; choose one that is.",
    ),
    "due-in": ("مهلت باید شمار روزهای کاری باشد.", "dueIn is a number of working days."),
    "priority": ("اولویت باید عدد باشد.", "The priority is a number."),
    "four-eyes": (
        "گام «{}» که باید شخص دیگری انجام داده باشد، در نمودار نیست.",
        "The step “{}”, whose actor may not do this one, is not in the diagram.",
    ),
    "starters": ("«{}» در starters نام هیچ نقشی نیست.", "“{}” in starters names no role."),
    "handler": (
        "کار خودکار «{}» ثبت نشده است؛ یکی از کارهای ثبت‌شده را برگزینید.",
        "The handler “{}” is not registered; choose one that is.",
    ),
    "called-missing": (
        "فرایند «{}» که فراخوانده می‌شود، در این بسته نیست.",
        "The called process “{}” is not in this bundle.",
    ),
    "called-start": (
        "فرایند «{}» با رویداد خودش آغاز می‌شود و فراخواندنی نیست؛ آغاز آن را ساده کنید.",
        "The process “{}” begins with an event of its own and cannot be called; give it a plain start.",
    ),
    "call-cycle": (
        "این فرایندها یکدیگر را بی‌پایان فرامی‌خوانند: {}",
        "These processes call one another without end: {}",
    ),
    "expression": ("{}", "{}"),
    "function": (
        "تابع «{}» شناخته نیست.",
        "The function “{}” is not known.",
    ),
    "script": ("گام اسکریپت خالی است.", "The script task is empty."),
    "condition-missing": (
        "شرط «{}» نوشته نشده است؛ شرط بنویسید یا آن را مسیر پیش‌فرض کنید.",
        "The flow “{}” has no condition; write one or make it the default.",
    ),
    "default-missing": (
        "اگر هیچ شرطی برقرار نباشد، پرونده می‌ماند؛ یکی از مسیرها را پیش‌فرض کنید.",
        "Where no condition holds the case would be stuck; make one flow the default.",
    ),
    "default-unknown": (
        "مسیر پیش‌فرض «{}» از این درگاه بیرون نمی‌آید.",
        "The default flow “{}” does not leave this gateway.",
    ),
    "no-exit": (
        "از این عنصر راهی به پایان نیست؛ پرونده برای همیشه می‌چرخد.",
        "No path leads from this element to an end; a case would go round for ever.",
    ),
    "condition-ignored": (
        "شرط جریان «{}» اینجا نادیده می‌ماند؛ درگاه بگذارید یا شرط را بردارید.",
        "The condition of the flow “{}” is ignored here; put a gateway or remove it.",
    ),
    "deadlock": (
        "پرونده ممکن است اینجا برای همیشه بماند: همهٔ شاخه‌ها به این درگاه نمی‌رسند.",
        "A case could wait here for ever: not all branches reach this gateway.",
    ),
    "doubles": (
        "ممکن است این گام دو بار هم‌زمان انجام شود؛ شاخه‌های موازی را پیش از آن به هم برسانید.",
        "This step could run twice at once; join the parallel branches before it.",
    ),
    "bound": (
        "نمودار بزرگ‌تر از آن است که همهٔ حالت‌هایش آزموده شود.",
        "The diagram is too large to explore all its states.",
    ),
    **rules_of_events.SENTENCES,
}

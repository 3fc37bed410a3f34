"""Every refusal that a person may meet: one class each, with what to do next in two languages."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from forms.validation import FieldError


class Refusal(Exception):
    """An act that the rules do not allow; the step is rolled back whole."""

    status: ClassVar[int] = 400
    fa: ClassVar[str] = "این کار انجام نشد."
    en: ClassVar[str] = "This could not be done."

    def __init__(self, message_fa: str = "", message_en: str = "") -> None:
        self.message_fa = message_fa or self.fa
        self.message_en = message_en or self.en
        super().__init__(self.message_en)

    def message(self, language: str) -> str:
        """Return the sentence in the reader's language."""
        return self.message_fa if language == "fa" else self.message_en


class NotFound(Refusal):
    """The thing does not exist, or the actor may not know that it does."""

    status = 404
    fa = "چنین موردی پیدا نشد. نشانی را بررسی کنید یا از کارتابل خود آغاز کنید."
    en = "Nothing was found here. Check the address or start from your inbox."


class Forbidden(Refusal):
    """The actor's posts do not allow this."""

    status = 403
    fa = "سمت شما اجازهٔ این کار را نمی‌دهد. اگر باید انجامش دهید، از مدیر سامانه بخواهید."
    en = "Your post does not allow this. If it should, ask the system administrator."


class NotCandidate(Forbidden):
    """The actor holds no post to which this user task is routed."""

    fa = "این کار به سمت شما ارجاع نشده است. به کارتابل خود برگردید."
    en = "This task is not routed to your post. Go back to your inbox."


class FourEyes(Forbidden):
    """The same person did the step that this one controls."""

    fa = "چون گام پیش از این را خودتان انجام داده‌اید، این گام را باید شخص دیگری انجام دهد."
    en = "You did the step that this one controls, so another person must do this one."


class Conflict(Refusal):
    """The world moved on while the actor was looking at a page."""

    status = 409
    fa = "این پرونده در این فاصله تغییر کرده است. نوشته‌های شما مانده است؛ صفحه را دوباره ببینید."
    en = "The case has changed meanwhile. What you typed is kept; look at the page again."


class StaleRevision(Conflict):
    """The page showed an older revision of the process instance."""

    fa = (
        "این پرونده پس از باز شدن صفحهٔ شما تغییر کرده است. نوشته‌های شما مانده است؛ "
        "وضع تازه را ببینید و در صورت نیاز دوباره ارسال کنید."
    )
    en = (
        "The case has changed since your page was opened. What you typed is kept; "
        "look at the new state and submit again if it still fits."
    )


class TaskClosed(Conflict):
    """The user task was completed or withdrawn by someone else or by a deadline."""

    fa = "این کار پیش از این انجام یا بسته شده است. نتیجه را در تاریخچهٔ پرونده ببینید."
    en = "This task has already been completed or closed. See the result in the case history."


class AlreadyClaimed(Conflict):
    """Another person holds the user task."""

    fa = "این کار در دست همکار دیگری است. اگر باید شما انجامش دهید، از او بخواهید رهایش کند."
    en = "A colleague holds this task. If you should do it, ask them to release it."


class NotWaiting(Conflict):
    """The process instance no longer waits for this message."""

    fa = "پرونده دیگر منتظر این پیام نیست. وضع کنونی را در صفحهٔ پرونده ببینید."
    en = "The case no longer waits for this message. See its present state on the case page."


class StillFailing(Conflict):
    """A failed step was tried again and failed again; ``__cause__`` says how."""

    fa = "گام باز هم انجام نشد و پرونده همان‌جا مانده است. علت را برطرف کنید و دوباره بکوشید."
    en = "The step failed again and the case stays where it was. Mend the cause and try again."


class Invalid(Refusal):
    """What was sent cannot be accepted as it is."""

    status = 422
    fa = "آنچه فرستاده شد پذیرفته نشد. موارد گفته‌شده را درست کنید و دوباره بفرستید."
    en = "What was sent was not accepted. Correct the points named and send it again."


class FormInvalid(Invalid):
    """A form breaks its schema or its rules; ``errors`` names each field."""

    fa = "چند مورد در فرم باید درست شود؛ نوشته‌های شما مانده است."
    en = "Some points of the form need correcting; what you typed is kept."

    def __init__(self, errors: Sequence[FieldError], data: Mapping[str, Any]) -> None:
        super().__init__()
        self.errors = list(errors)
        self.data = dict(data)


class ScanMissing(Invalid):
    """A step recorded on behalf of an office needs the scan of the office's paper."""

    fa = "برای ثبت به نمایندگی از دفتر، تصویر سند امضاشدهٔ دفتر را پیوست کنید."
    en = "To record this on behalf of the office, attach a scan of the office's signed paper."


class FileRefused(Invalid):
    """An upload is of a kind or size that is not taken."""

    fa = "پرونده پذیرفته نشد. فقط PDF، PNG، JPEG یا WebP تا ۱۰ مگابایت بفرستید."
    en = "The file was not accepted. Send only PDF, PNG, JPEG or WebP up to 10 MB."


class HandlerRefused(Invalid):
    """A service task found that the step may not happen."""


class DefinitionRefused(Invalid):
    """A bundle did not pass the gate; ``problems`` names the elements."""

    fa = "نمودار پذیرفته نشد. موارد گفته‌شده را درست کنید."
    en = "The diagram was not accepted. Correct the points named."

    def __init__(self, problems: Sequence[Any]) -> None:
        super().__init__(message_en="The bundle was refused: " + "; ".join(map(str, problems)))
        self.problems = list(problems)


class StepLimit(Conflict):
    """The diagram ran more automatic steps than one transaction may hold."""

    fa = "نمودار در یک گام بیش از اندازه پیش رفت و متوقف شد. به مجری میز خدمت خبر دهید."
    en = "The diagram ran on for too long in one step and was stopped. Tell the process owner."


class LoginRefused(Refusal):
    """Unknown log-in name, wrong password or blocked person; which one is not told."""

    status = 401
    fa = "نام کاربری یا گذرواژه درست نیست. دوباره بنویسید."
    en = "The log-in name or password is wrong. Type them again."


class LoginThrottled(Refusal):
    """Too many refused log-ins for this name or address."""

    status = 429
    fa = "تلاش‌های ناموفق زیاد بود. پانزده دقیقه دیگر دوباره وارد شوید."
    en = "There were too many failed attempts. Log in again in fifteen minutes."


class TokenRefused(Refusal):
    """No token, an unknown, expired or revoked one, or a blocked person; which is not told."""

    status = 401
    fa = "توکن دسترسی نیست یا پذیرفته نشد. توکن معتبری در سرآیند Authorization بفرستید."
    en = "There is no access token or it was not accepted. Send a valid one as Authorization."


class TokenThrottled(Refusal):
    """Too many refused tokens from this address."""

    status = 429
    fa = "توکن‌های نادرست زیاد بود. پانزده دقیقه دیگر دوباره بفرستید."
    en = "There were too many refused tokens. Send again in fifteen minutes."


class ScopeMissing(Forbidden):
    """The token was made for less than this."""

    fa = "این توکن برای این کار ساخته نشده است. توکنی با اجازهٔ لازم بسازید."
    en = "This token was not made for this. Make one with the scope that is needed."

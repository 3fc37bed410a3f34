"""A person at a browser without JavaScript: opens pages, fills their real forms, presses buttons."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from forms.jalali import format_jalali
from tests.forms.samples import FILE, FILE2
from tests.workflows.journey import PDF
from workflows.demo import PASSWORD

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Upload:
    """A file that a person picks."""

    content: bytes = PDF
    name: str = "سند.pdf"


class Page:
    """What the browser shows after a click."""

    def __init__(self, response: TestResponse, *, answered: int = 0) -> None:
        self.response = response
        self.status = response.status_code
        #: Status of the answer to the form that led here.
        self.answered = answered or self.status
        self.path = response.request.path
        self.content = response.get_data()
        response.close()
        response.request.environ["wsgi.input"].close()  # a large upload lies in a file

    @cached_property
    def tree(self) -> Any:
        """The page's elements, without templates: a browser shows and posts none of them."""
        tree = html.document_fromstring(self.content.decode())
        for template in tree.xpath("//template"):
            template.drop_tree()
        return tree

    def all(self, xpath: str) -> list[Any]:
        """Return what an XPath finds."""
        return list(self.tree.xpath(xpath))

    def texts(self, css_class: str) -> list[str]:
        """Return the texts of the elements with a class."""
        found = self.all(f"//*[contains(concat(' ', @class, ' '), ' {css_class} ')]")
        return [plain(each.text_content()) for each in found]

    @property
    def words(self) -> str:
        """All that can be read in the page's main part."""
        return plain(self.tree.xpath("//main")[0].text_content())

    def links(self, prefix: str) -> list[str]:
        """Return the addresses of the main part's links that begin so."""
        return [href for href in self.all("//main//a/@href") if href.startswith(prefix)]

    def form(self, action: str = "", button: tuple[str, str] | None = None) -> Any:
        """Return the one form with this action (the page itself by default) and button."""
        wanted = action or self.path
        found = [
            form
            for form in self.tree.forms
            if (form.get("action") or self.path) == wanted
            and form.get("method") == "post"
            and (button is None or _has(form, button))
        ]
        assert len(found) == 1, (wanted, button, [form.get("action") for form in self.tree.forms])
        return found[0]

    def typed(self) -> dict[str, list[str]]:
        """Return what the page's own form would send."""
        return _values(self.form())

    def error_at(self, path: str) -> str:
        """Return the sentence that a screen reader speaks at a field, and assert it is linked."""
        [control] = self.all(f"//*[@id='field-{path.replace('.', '-')}']")
        assert control.get("aria-invalid") == "true", path
        ids = control.get("aria-describedby", "").split()
        notes = [self.tree.get_element_by_id(each) for each in ids]
        return " ".join(plain(note.text_content()) for note in notes if "error" in note.get("id"))

    def summary(self) -> dict[str, str]:
        """Return the error summary: address of the field → sentence."""
        return {
            link.get("href"): plain(link.text_content())
            for link in self.all("//*[@id='errors'][@role='alert']//a")
        }


class Persona:
    """Somebody with a browser."""

    def __init__(self, client: FlaskClient, username: str = "", token: str = "") -> None:
        self.client = client
        self.username = username
        self._token = token

    def log_in(self, password: str = PASSWORD, to: str = "") -> Page:
        """Type name and password into the log-in page."""
        page = self.get("/login", query_string={"next": to} if to else None)
        return self.press(page, "/login", {"username": self.username, "password": password})

    def get(self, path: str, **options: Any) -> Page:
        """Open an address without following where it leads."""
        return Page(self.client.get(path, **options))

    def open(self, path: str) -> Page:
        """Open an address and follow where it leads."""
        return Page(self.client.get(path, follow_redirects=True))

    def speak(self, language: str) -> "Persona":
        """Switch the language with the button of the page."""
        page = self.open("/")
        if page.tree.get("lang") != language:
            page = self.press(page, "/language", button=("language", language))
        assert page.tree.get("lang") == language
        return self

    def token(self) -> str:
        """Return the CSRF token that the person's pages carry."""
        return self._token or str(self.open("/").all("//meta[@name='csrf-token']/@content")[0])

    def post(self, path: str, data: Mapping[str, Any] | None = None, **options: Any) -> Page:
        """Send values that no page offers, with a right token."""
        sent = {"csrf_token": self.token(), **(data or {})}
        return Page(self.client.post(path, data=sent, **options))

    def press(
        self,
        page: Page,
        action: str = "",
        values: Mapping[str, Any] | None = None,
        *,
        button: tuple[str, str] | None = None,
    ) -> Page:
        """Fill the named fields of a form of the page and press its button; follow what comes."""
        values = values or {}
        for name in values:
            page = self._with_row(page, action, name)
        form = page.form(action, button)
        sent = _values(form)
        for name, value in values.items():
            sent[name] = _checked(form, name, value)
        if button:
            sent[button[0]] = [button[1]]
        return self._send(page, form, sent)

    def _with_row(self, page: Page, action: str, name: str) -> Page:
        """Press «add a row» until the table has the row that a field lies in."""
        table, _, rest = name.partition(".")
        number = rest.partition(".")[0]
        if not number.isdecimal() or name in _names(page.form(action)):
            return page
        assert int(number) > 0, name
        return self.press(page, action, button=("_add_row", table))

    def _send(self, page: Page, form: Any, sent: Mapping[str, list[Any]]) -> Page:
        data = {
            name: [(io.BytesIO(v.content), v.name) if isinstance(v, Upload) else v for v in values]
            for name, values in sent.items()
        }
        kind = form.get("enctype") or "application/x-www-form-urlencoded"
        answer = Page(
            self.client.post(form.get("action") or page.path, data=data, content_type=kind)
        )
        if answer.status not in (302, 303):
            return answer
        then = self.client.get(answer.response.location, follow_redirects=True)
        return Page(then, answered=answer.status)


def plain(text: str) -> str:
    """Return text as it is read: white space counts once."""
    return re.sub(r"[ \n\t\r]+", " ", text).strip()


def fields_of(values: Mapping[str, Any], language: str = "fa") -> dict[str, Any]:
    """Return a form's JSON values as a person types them: Jalali days, rows, files to pick."""
    return dict(_flat(values, language))


def _flat(values: Mapping[str, Any], language: str, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        path = f"{prefix}{name}"
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for number, row in enumerate(value):
                yield from _flat(row, language, f"{path}.{number}.")
        else:
            yield (
                path,
                [
                    _typed(each, language)
                    for each in (value if isinstance(value, list) else [value])
                ],
            )


def _typed(value: Any, language: str) -> Any:
    if isinstance(value, bool):
        return "true" if value else ""
    if value in (FILE, FILE2):
        return Upload()
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return format_jalali(date.fromisoformat(value), language)
    return value if isinstance(value, Upload) else str(value)


def _names(form: Any) -> set[str]:
    return {each.get("name") for each in form.xpath(".//input|.//select|.//textarea")}


def _values(form: Any) -> dict[str, list[Any]]:
    sent: dict[str, list[Any]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


def _has(form: Any, button: tuple[str, str]) -> bool:
    return button in [(each.get("name"), each.get("value")) for each in form.xpath(".//button")]


def _checked(form: Any, name: str, value: Any) -> list[Any]:
    """Return the values for a field, and assert that the page offers them."""
    values = [each for each in (value if isinstance(value, list) else [value]) if each != ""]
    controls = form.xpath("(.//input|.//select|.//textarea)[@name=$name]", name=name)
    assert controls, f"the page has no field {name}"
    kinds = {each.get("type", each.tag) for each in controls}
    if kinds & {"radio", "checkbox"}:
        offered = {each.get("value") for each in controls}
        assert set(values) <= offered, (name, values, offered)
    if kinds == {"select"}:
        offered = set(controls[0].xpath(".//option/@value"))
        assert set(values) <= offered, (name, values, offered)
    if any(isinstance(each, Upload) for each in values):
        assert "file" in kinds, name
    return values or [""] * (not kinds & {"radio", "checkbox"})

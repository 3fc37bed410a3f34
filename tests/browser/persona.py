"""The people of the tests: each logs in once per language, through the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.watch import Watch
from workflows.demo import PASSWORD

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
#: Milliseconds that a person waits for anything.
PATIENCE = 15_000
#: The button of the log-in page that changes to a language.
SWITCH = {"en": "English"}


@dataclass
class Personas:
    """Opens pages for people, each in a browser context of his own; ``""`` is a stranger."""

    browser: Browser
    address: str
    watch: Watch = field(default_factory=Watch)
    #: Cookies of who has logged in, by name and language.
    _known: dict[tuple[str, str], Any] = field(default_factory=dict)
    #: Contexts by name, language and options; they keep what the browser has cached.
    _contexts: dict[tuple[Any, ...], BrowserContext] = field(default_factory=dict)
    _pages: list[Page] = field(default_factory=list)
    _residents: dict[tuple[str, str], Page] = field(default_factory=dict)

    def page(
        self,
        username: str = "",
        language: str = "fa",
        *,
        viewport: Mapping[str, int] = DESKTOP,
        **options: Any,
    ) -> Page:
        """Open an empty page of a person, logged in."""
        page = self._context(username, language, options).new_page()
        page.set_viewport_size(dict(viewport))  # type: ignore[arg-type]
        self._pages.append(page)
        self.watch.follow(page)
        return page

    def resident(self, username: str = "", language: str = "fa") -> Page:
        """Return the page of a person that stays open from test to test, which saves half the time.

        It is for looking, not for typing: what is half typed would ask a question later.
        """
        key = username, language
        if key not in self._residents:
            self._residents[key] = self._context(username, language, {}).new_page()
            self.watch.follow(self._residents[key])
        self._residents[key].set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        return self._residents[key]

    def close(self) -> None:
        """Close the pages that were opened, without asking for what is half typed."""
        while self._pages:
            self._pages.pop().close()

    def _context(self, username: str, language: str, options: dict[str, Any]) -> BrowserContext:
        key = username, language, *sorted(options.items())
        if key not in self._contexts:
            state = self._state(username, language)
            self._contexts[key] = self._new(storage_state=state, **options)
        return self._contexts[key]

    def _new(self, **options: Any) -> BrowserContext:
        context = self.browser.new_context(base_url=self.address, **options)
        context.set_default_timeout(PATIENCE)
        return context

    def _state(self, username: str, language: str) -> Any:
        """Return the cookies of a person; the first time he logs in for them."""
        if (username, language) not in self._known:
            context = self._new()
            enter(context.new_page(), username, language)
            self._known[username, language] = context.storage_state()
            context.close()
        return self._known[username, language]


def enter(page: Page, username: str, language: str = "fa") -> None:
    """Open the log-in page, choose a language, and log in unless it is a stranger."""
    page.goto("/login")
    if language in SWITCH:
        page.get_by_role("button", name=SWITCH[language]).click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    if username:
        log_in(page, username)


def log_in(page: Page, username: str) -> None:
    """Fill in the log-in page, in either language, and arrive in the inbox."""
    page.get_by_label("نام کاربری", exact=True).or_(page.get_by_label("Log-in name")).fill(username)
    page.get_by_label("گذرواژه", exact=True).or_(page.get_by_label("Password")).fill(PASSWORD)
    page.locator("form.k-form").get_by_role("button").click()
    expect(page.locator(".k-page h1")).to_be_visible()

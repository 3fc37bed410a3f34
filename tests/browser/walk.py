"""Take a case forward through the pages, each step by the person whose step it is."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from engine.models import UserTask
from forms.text import to_persian_digits
from tests.browser.fill import fill, send
from tests.browser.persona import Personas
from tests.browser.scene import Scene
from tests.workflows.journey import DOES, OFFICE_CODE, Journey

#: The process of the main job, as the page where it starts names it.
PROCESS = "پذیرش و راه‌اندازی دفتر پیشخوان"


@dataclass
class Walk:
    """One case of one office, on its way through the browsers of its people."""

    people: Personas
    scene: Scene
    code: str
    #: The browser page of each person.
    pages: dict[str, Page] = field(default_factory=dict)

    @property
    def journey(self) -> Journey:
        """The case as the engine sees it."""
        return Journey(self.scene.engine, id=self.scene.cases[self.code])

    def page(self, username: str) -> Page:
        """Return the page on which a person works."""
        if username not in self.pages:
            self.pages[username] = self.people.page(username)
        return self.pages[username]

    def start(self, process: str) -> None:
        """Start a case; its first task opens by itself."""
        page = self.page("sales_deputy")
        page.goto("/inbox")
        menu = page.get_by_role("button", name="منو", exact=True)
        if menu.is_visible():
            menu.click()
        page.get_by_role("navigation", name="منوی اصلی").get_by_text("شروع فرایند").click()
        card = page.locator(".k-card", has=page.get_by_role("heading", name=process))
        card.get_by_role("button", name="شروع").click()
        expect(page.get_by_role("tab", name="فرم")).to_be_visible()
        with self.scene.engine.reading() as tx:
            task_id = page.url.rpartition("/")[2]
            self.scene.cases[self.code] = tx.session.get_one(UserTask, task_id).instance_id

    def do(self, key: str, **changed: Any) -> None:
        """Open the task from the inbox, fill in its form and send it."""
        task = self.journey.tasks()[key]
        page = self.page(DOES[key].replace(OFFICE_CODE, self.code))
        if task.business_key:  # the first task has just opened by itself, and has no office yet
            page.goto(f"/inbox?q={self.code}")
            self.row(page, task.name_fa).get_by_role("link", name=task.name_fa, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(task.name_fa)
        values = {**self.scene.values(task.form_key, self.code), **changed}
        fill(page, task.form_key, {name: each for name, each in values.items() if each is not None})
        send(page)

    def row(self, page: Page, name: str) -> Locator:
        """Return a task of this office in a person's inbox."""
        rows = page.locator(".k-task-row", has_text=to_persian_digits(self.code))
        return rows.filter(has=page.get_by_role("link", name=name, exact=True))

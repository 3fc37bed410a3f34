"""What is typed and not sent: kept by itself, shown again, and never lost by leaving."""

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.persona import Personas
from tests.browser.scene import Scene

pytestmark = pytest.mark.browser

NAME, ADDRESS, PERSON = "نام دفتر پیشخوان", "نشانی", "حقوقی"
STATUS = "[data-draft-status]"


def _kept(page: Page) -> None:
    """Wait until the page says that it has kept what was typed."""
    expect(page.locator(STATUS)).to_have_text(re.compile("پیش‌نویس ساعت .* ذخیره شد"))


def test_what_was_typed_is_there_again(people: Personas, scene: Scene) -> None:
    page = people.page("sales_deputy")
    page.goto(f"/tasks/{scene.new}")
    page.get_by_label(NAME, exact=True).fill("دفتر پیشخوان نیمه‌کاره")
    page.get_by_label(ADDRESS, exact=True).fill("اهر، خیابان نخست\nطبقهٔ دوم")
    page.get_by_label(PERSON, exact=True).check()
    page.get_by_label("شناسهٔ ملی شخص حقوقی").fill("۱۰۳۸")
    _kept(page)
    page.reload()
    expect(page.get_by_text("پیش‌نویس شما از")).to_be_visible()
    expect(page.get_by_label(NAME, exact=True)).to_have_value("دفتر پیشخوان نیمه‌کاره")
    expect(page.get_by_label(ADDRESS, exact=True)).to_have_value("اهر، خیابان نخست\nطبقهٔ دوم")
    expect(page.get_by_label(PERSON, exact=True)).to_be_checked()
    expect(page.get_by_label("شناسهٔ ملی شخص حقوقی")).to_have_value(re.compile("1038|۱۰۳۸"))


def test_leaving_asks_for_what_is_not_kept_yet(people: Personas, scene: Scene) -> None:
    page = people.page("sales_deputy")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"/tasks/{scene.new}")
    page.get_by_label(NAME, exact=True).press_sequentially("الف")
    page.get_by_role("link", name="پرونده‌ها").first.click(no_wait_after=True)
    expect(page.locator("form[data-dirty]")).to_be_visible()
    _kept(page)
    assert asked == ["beforeunload"]
    page.get_by_role("link", name="پرونده‌ها").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("پرونده‌ها")
    assert asked == ["beforeunload"], "what is kept needs no question"


def test_a_draft_is_for_the_eyes_of_its_author(people: Personas, scene: Scene) -> None:
    """The manager's half answer is not in the page of the deputy, who may do the task as well."""
    typed = "هنوز نیمه‌کاره است"
    author, other = (people.page(name) for name in ("district_manager.ahar", "sales_deputy"))
    task = f"/tasks/{scene.on_behalf}"
    author.goto(task)
    author.get_by_label("مشخصات رایانه").first.fill(typed)
    _kept(author)
    other.goto(task)
    expect(other.get_by_label("مشخصات رایانه").first).to_have_value("")

"""Everything by keyboard: skip link, tabs, calendar, menus, and where the focus goes."""

import pytest
from playwright.sync_api import Page, expect

from forms.text import to_persian_digits
from tests.browser.persona import Personas
from tests.browser.places import drawn
from tests.browser.scene import INQUIRED, Scene

pytestmark = pytest.mark.browser

DATE = "تاریخ معرفی‌نامه"


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_first_stop_leads_to_the_content(people: Personas, language: str) -> None:
    page = people.page("sales_deputy", language)
    page.goto("/inbox")
    page.keyboard.press("Tab")
    skip = page.locator(".k-skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize(
    ("language", "forward", "back"),
    [("fa", "ArrowLeft", "ArrowRight"), ("en", "ArrowRight", "ArrowLeft")],
)
def test_tabs_follow_the_arrows(
    people: Personas, scene: Scene, language: str, forward: str, back: str
) -> None:
    page = people.page("district_manager.ahar", language)
    page.goto(f"/tasks/{scene.tasks[INQUIRED, 't_ask_orgs']}")
    tabs = page.get_by_role("tab")
    tabs.first.focus()
    for key, chosen in ((forward, 1), (forward, 2), (back, 1), ("End", 3), (forward, 0)):
        page.keyboard.press(key)
        expect(tabs.nth(chosen)).to_be_focused()
        expect(tabs.nth(chosen)).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("tabpanel")).to_have_count(1)
        if chosen == 3:
            drawn(page)


def _calendar(page: Page, scene: Scene, date: str) -> None:
    """Open the calendar of a date field in which a date was typed."""
    page.goto(f"/tasks/{scene.new}")
    page.get_by_label(DATE, exact=True).fill(date)
    page.get_by_role("button", name=f"باز کردن تقویم: {DATE}").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="انتخاب تاریخ")).to_be_visible()


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        ([], "1405/06/31"),
        (["ArrowLeft"], "1405/07/01"),  # the page runs from right to left
        (["ArrowRight"], "1405/06/30"),
        (["ArrowDown"], "1405/07/07"),
        (["ArrowUp", "ArrowUp"], "1405/06/17"),
        (["PageDown"], "1405/07/30"),  # Mehr has no 31st
        (["PageUp"], "1405/05/31"),
        (["Shift+PageDown"], "1406/06/31"),
        (["Home"], "1405/06/28"),
        (["End"], "1405/07/03"),
    ],
)
def test_the_calendar_moves_by_keys(
    people: Personas, scene: Scene, keys: list[str], chosen: str
) -> None:
    page = people.page("sales_deputy")
    _calendar(page, scene, "1405/06/31")
    for key in keys:
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label(DATE, exact=True)).to_have_value(to_persian_digits(chosen))
    expect(page.get_by_role("button", name=f"باز کردن تقویم: {DATE}")).to_be_focused()


def test_escape_leaves_the_calendar_as_it_was(people: Personas, scene: Scene) -> None:
    page = people.page("sales_deputy")
    _calendar(page, scene, "۱۴۰۵/۰۱/۱۵")
    page.keyboard.press("PageDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label(DATE, exact=True)).to_have_value("۱۴۰۵/۰۱/۱۵")
    expect(page.get_by_role("button", name=f"باز کردن تقویم: {DATE}")).to_be_focused()


@pytest.mark.parametrize("typed", ["1405/3/7", "۱۴۰۵/۰۳/۰۷", "1405-03-07", "١٤٠٥/٠٣/٠٧"])
def test_dates_are_typed_in_any_digits(people: Personas, scene: Scene, typed: str) -> None:
    page = people.page("sales_deputy")
    page.goto(f"/tasks/{scene.new}")
    field = page.get_by_label(DATE, exact=True)
    field.fill("")
    field.press_sequentially(typed)
    page.keyboard.press("Tab")
    expect(field).to_have_value("۱۴۰۵/۰۳/۰۷")
    page.get_by_role("button", name="ذخیرهٔ پیش‌نویس").click()
    expect(page.locator(".k-flash.is-success")).to_be_visible()
    expect(field).to_have_value("۱۴۰۵/۰۳/۰۷")


def test_the_persons_menu_closes_by_escape(people: Personas) -> None:
    page = people.page("sales_deputy")
    page.goto("/inbox")
    name = page.locator("header .k-dropdown > summary")
    name.focus()
    page.keyboard.press("Enter")
    leave = page.get_by_role("button", name="خروج")
    expect(leave).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("header .k-dropdown-menu :is(a, button)").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(leave).to_be_hidden()
    expect(name).to_be_focused()


def test_a_refused_form_says_so_where_the_focus_is(people: Personas, scene: Scene) -> None:
    page = people.page("sales_deputy")
    page.goto(f"/tasks/{scene.new}")
    page.get_by_label("نام دفتر پیشخوان", exact=True).fill("")
    page.get_by_role("button", name="ثبت و ارسال").last.click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("نام دفتر پیشخوان")
    page.keyboard.press("Tab")
    expect(summary.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Enter")
    wrong = page.locator("[aria-invalid=true]").first
    expect(wrong).to_be_focused()
    expect(wrong).to_be_in_viewport(ratio=1)

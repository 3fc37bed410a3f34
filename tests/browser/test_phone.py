"""Work on a phone: log in, see the inbox as cards, send a form, open and close the menu."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.persona import PHONE, Personas, log_in
from tests.browser.scene import LATE, Scene
from tests.browser.walk import PROCESS, Walk

pytestmark = pytest.mark.browser

CODE = "72031280"


def test_the_inbox_is_a_list_of_cards(people: Personas, scene: Scene) -> None:
    page = people.page(viewport=PHONE)
    page.goto("/login")
    log_in(page, "district_manager.ahar")
    cards = page.locator(".k-task-row")
    boxes = [card.bounding_box() for card in cards.all()]
    assert len(boxes) > 3
    for above, below in pairwise(boxes):
        assert above is not None
        assert below is not None
        assert above["y"] + above["height"] < below["y"], "cards stand apart"
        assert above["x"] >= 0
        assert above["x"] + above["width"] <= PHONE["width"]
    assert boxes[0] is not None
    assert boxes[0]["y"] < PHONE["height"] / 2, "the first task is on the first half of the screen"
    expect(page.get_by_role("link", name="دیرشده")).to_be_in_viewport(ratio=1)
    late = page.locator(".k-task-row.is-late").first
    expect(late.locator(".k-badge-late")).to_contain_text("دیرکرد")
    expect(late.get_by_role("button", name="برداشتن")).to_be_visible()


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_chosen_chip_is_in_sight(people: Personas, language: str) -> None:
    page = people.page("district_manager.ahar", language, viewport=PHONE)
    page.goto("/inbox?view=behalf")
    expect(page.locator(".k-chip[aria-current]")).to_be_in_viewport(ratio=1)


def test_where_a_case_stands_comes_first(people: Personas, scene: Scene) -> None:
    page = people.page("sales_deputy", viewport=PHONE)
    page.goto(f"/cases/{scene.cases[LATE]}")
    expect(page.locator(".k-waiting")).to_be_in_viewport(ratio=1)
    expect(page.locator(".k-waiting .k-badge-late")).to_contain_text("دیرکرد")


def test_a_form_is_filled_in_and_sent(people: Personas, scene: Scene) -> None:
    walk = Walk(people, scene, CODE)
    walk.pages["sales_deputy"] = people.page("sales_deputy", viewport=PHONE)
    walk.start(PROCESS)
    walk.do("t_register_request")
    assert walk.journey.open() == {"t_check_docs"}
    walk.do("t_check_docs")
    assert walk.journey.open() == {"t_send_inquiry"}


def test_the_button_that_sends_is_always_in_reach(people: Personas, scene: Scene) -> None:
    page = people.page("sales_deputy", viewport=PHONE)
    page.goto(f"/tasks/{scene.new}")
    expect(page.get_by_role("button", name="ثبت و ارسال").last).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("way", ["escape", "button", "outside"])
def test_the_menu_opens_and_closes(people: Personas, way: str) -> None:
    page = people.page("sales_deputy", viewport=PHONE)
    page.goto("/inbox")
    button = page.get_by_role("button", name="منو", exact=True)
    menu = page.locator("#menu")
    expect(menu).to_be_hidden()
    button.click()
    expect(menu).to_be_visible()
    expect(page.get_by_role("link", name="بستن منو")).to_be_focused()
    expect(menu.get_by_role("link", name="پرونده‌ها")).to_be_in_viewport()
    _close(page, way)
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def _close(page: Page, way: str) -> None:
    if way == "escape":
        page.keyboard.press("Escape")
    elif way == "button":
        page.get_by_role("link", name="بستن منو").click()
    else:
        page.mouse.click(10, 500)  # the menu stands on the right

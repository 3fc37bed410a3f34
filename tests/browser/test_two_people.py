"""Two people work on one case at the same time: nothing is lost, and nothing is done twice."""

import pytest
from playwright.sync_api import expect

from tests.browser.fill import fill, send
from tests.browser.persona import Personas
from tests.browser.scene import SHARED, Scene
from tests.browser.walk import Walk

pytestmark = pytest.mark.browser

SENTENCE = "این پرونده پس از باز شدن صفحهٔ شما تغییر کرده است"


def test_a_colleague_goes_on_meanwhile(people: Personas, scene: Scene) -> None:
    """The manager's page is older than the step of the other branch; he sends it again."""
    walk = Walk(people, scene, SHARED)
    values = scene.values("district_inquiry/organisations", SHARED)
    manager = walk.page("district_manager.ahar")
    manager.goto(f"/tasks/{scene.tasks[SHARED, 't_ask_orgs']}")
    fill(manager, "district_inquiry/organisations", values)
    walk.do("t_field_review")
    manager.get_by_role("button", name="ثبت و ارسال").last.click()
    expect(manager.get_by_role("alert")).to_contain_text(SENTENCE)
    typed = manager.locator("[data-row]").nth(1).get_by_label("نام ارگان")
    expect(typed).to_have_value(values["orgs"][1]["org"])
    send(manager)
    assert walk.journey.open() == {"t_opinion"}


def test_a_task_in_hand_is_marked_for_the_colleague(people: Personas, scene: Scene) -> None:
    holder, colleague = (people.page(name) for name in ("district_manager.ahar", "sales_deputy"))
    for page in (holder, colleague):
        page.goto(f"/tasks/{scene.on_behalf}")
        expect(page.get_by_role("button", name="برداشتن")).to_be_visible()
    holder.get_by_role("button", name="برداشتن").click()
    expect(holder.get_by_text("این کار اکنون در دست شماست.")).to_be_visible()
    colleague.reload()
    expect(colleague.get_by_text("این کار در دست همکارتان است")).to_be_visible()
    expect(colleague.get_by_role("button", name="برداشتن")).to_have_count(0)
    holder.get_by_role("button", name="رها کردن").click()
    colleague.reload()
    expect(colleague.get_by_role("button", name="برداشتن")).to_be_visible()

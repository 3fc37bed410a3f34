"""A rejection, the office's objection, and which way the waiting case takes."""

import pytest
from playwright.sync_api import expect

from tests.browser.fill import fill, send
from tests.browser.persona import Personas
from tests.browser.places import drawn
from tests.browser.scene import JUDGED, Scene
from tests.browser.walk import Walk
from tests.workflows.journey import REASON

pytestmark = pytest.mark.browser

OBJECTION = "دریافت اعتراض دفتر"


def test_an_office_objects_to_its_rejection(people: Personas, scene: Scene) -> None:
    walk = Walk(people, scene, JUDGED)
    walk.do("t_opinion", outcome="reject", reason=REASON)
    walk.do("t_notify_reject")
    _waits_at_the_gateway(walk)
    _object(walk)
    walk.do("t_objection_review", outcome="uphold", note=REASON)
    assert walk.journey.instance.end_event == "end_rejected"
    _went_by_the_objection(walk)


def _waits_at_the_gateway(walk: Walk) -> None:
    """Neither the message nor the deadline has come, and no step is open."""
    page = walk.page("sales_deputy")
    page.goto(f"/cases/{walk.scene.cases[JUDGED]}")
    drawn(page)
    expect(page.locator("[data-element-id=t_notify_reject].k-done")).to_be_visible()
    for event in ("ev_objection", "ev_objection_timeout"):
        expect(page.locator(f"[data-element-id={event}]:not(.k-done)")).to_be_visible()


def _object(walk: Walk) -> None:
    """Send the objection from the page of the case, as the office's manager."""
    page = walk.page(f"office_manager.{JUDGED}")
    page.goto("/cases")
    page.locator("#rows").get_by_role("link", name="دفتر پیشخوان").click()
    expect(page.get_by_text(REASON).first).to_be_hidden()  # the reason is folded up
    page.get_by_role("link", name=OBJECTION).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(OBJECTION)
    fill(page, "office_onboarding/objection", {"objection_text": REASON})
    send(page, "ارسال")
    expect(page.get_by_role("link", name=OBJECTION)).to_have_count(0)


def _went_by_the_objection(walk: Walk) -> None:
    page = walk.page("sales_deputy")
    page.goto(f"/cases/{walk.scene.cases[JUDGED]}")
    drawn(page)
    for passed in ("ev_objection_gw", "ev_objection", "t_objection_review", "end_rejected"):
        expect(page.locator(f"[data-element-id={passed}].k-done")).to_be_visible()
    expect(page.locator("[data-element-id=ev_objection_timeout].k-done")).to_have_count(0)
    taken = page.locator("#diagram-office_onboarding .djs-connection.k-taken")
    flows = taken.evaluate_all("all => all.map(each => each.dataset.elementId)")
    assert "f_ev_objection_gw__ev_objection" in flows
    assert "f_ev_objection_gw__ev_objection_timeout" not in flows

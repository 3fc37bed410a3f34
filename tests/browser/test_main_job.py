"""The main job by its people, from the referral letter to the start of work, all in Persian."""

import pytest
from playwright.sync_api import Page, expect

from forms.text import to_persian_digits
from tests.browser.persona import Personas
from tests.browser.places import drawn
from tests.browser.scene import Scene
from tests.browser.walk import PROCESS, Walk
from tests.workflows.journey import DOES, OFFICE_CODE
from tests.workflows.test_paths import HAPPY

pytestmark = pytest.mark.browser

#: Of each diagram: the end that a good office reaches, and something that it never sees.
ENDS = {
    "office_onboarding": ("end_active", "end_rejected"),
    "district_inquiry": ("end_confirmed", "end_rej"),
    "contract_exchange": ("end_signed", "end_not_signed"),
    "software_installation": ("end_ins", "t_fix_site"),
    "user_training": ("end_tr", "f_gw_user__t_introduce"),
}


def test_an_office_goes_from_the_letter_to_work(people: Personas, scene: Scene) -> None:
    walk = Walk(people, scene, OFFICE_CODE)
    walk.start(PROCESS)
    for key in HAPPY:
        walk.do(key)
    assert walk.pages.keys() == {DOES[key] for key in HAPPY}
    row = walk.journey.instance
    assert (row.state, row.end_event) == ("completed", "end_active")
    page = walk.page("sales_deputy")
    _is_active(page)
    _is_coloured(page, scene)
    _is_proven(walk.page("auditor"), scene)
    assert len({name.partition(".")[0] for name in walk.pages}) == 8, "eight roles took part"


def _is_active(page: Page) -> None:
    """Look the office up in the register, as the deputy does."""
    page.goto("/offices")
    page.get_by_label("جست‌وجو", exact=True).fill(to_persian_digits(OFFICE_CODE))
    row = page.locator("#rows tbody tr", has_text=to_persian_digits(OFFICE_CODE))
    expect(row.locator(".k-status")).to_have_text("فعال")
    row.get_by_role("link").click()
    expect(page.locator(".k-page-title .k-status")).to_have_text("فعال")
    expect(page.get_by_text("معتبر", exact=True)).to_be_visible()


def _is_coloured(page: Page, scene: Scene) -> None:
    """Look at the whole path on the diagrams of the case."""
    page.goto(f"/cases/{scene.cases[OFFICE_CODE]}")
    for key, (reached, passed_by) in ENDS.items():
        box = page.locator(f"#diagram-{key}")
        drawn(box)
        expect(box.locator(f"[data-element-id={reached}].k-done")).to_be_visible()
        seen = box.locator(f"[data-element-id={passed_by}]")
        expect(seen.and_(box.locator(".k-done, .k-taken"))).to_have_count(0)
        expect(box.locator(".djs-connection.k-taken").first).to_be_attached()
        expect(box.locator(".djs-shape.k-current")).to_have_count(0)
        expect(box.get_by_role("listitem").filter(has_text="انجام‌شده")).to_be_visible()


def _is_proven(page: Page, scene: Scene) -> None:
    """Read who did what, as the auditor does, who has done nothing himself."""
    page.goto(f"/cases/{scene.cases[OFFICE_CODE]}")
    done = page.locator(".k-timeline-item.is-done .k-timeline-text")
    expect(done).to_have_count(len(HAPPY))
    newest, oldest = done.first, done.last
    expect(newest).to_contain_text("معاون فروش و خدمات مشترکین (نیما سپهری‌فر)")
    expect(oldest).to_contain_text("ثبت معرفی‌نامه و درخواست کتبی دفتر")
    expect(page.get_by_role("main").get_by_role("button", name="ثبت و ارسال")).to_have_count(0)

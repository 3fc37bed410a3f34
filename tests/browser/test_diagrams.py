"""The diagrams: every one opens, can be read, tells where a case stands, and shows its maker."""

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.persona import DESKTOP, PHONE, Personas
from tests.browser.places import DIAGRAMS, drawn
from tests.browser.scene import FINISHED, INQUIRED, Scene

pytestmark = pytest.mark.browser

EVERY_DIAGRAM = pytest.mark.parametrize("key", DIAGRAMS)

#: Labels of tasks that leave their shape, in parts of a pixel of what is drawn.
OUTSIDE = """canvas => [...canvas.querySelectorAll('.djs-shape')]
  .filter(shape => /Task$/.test(shape.dataset.elementId) || shape.dataset.elementId[0] === 't')
  .flatMap(shape => {
    const visual = shape.querySelector('.djs-visual');
    const [box, text] = [visual.querySelector('rect'), visual.querySelector('text')];
    if (!box || !text || !text.textContent) return [];
    const [outer, inner] = [box.getBoundingClientRect(), text.getBoundingClientRect()];
    const out = inner.left < outer.left - 0.5 || inner.right > outer.right + 0.5
      || inner.top < outer.top - 0.5 || inner.bottom > outer.bottom + 0.5;
    return out ? [`${shape.dataset.elementId}: ${text.textContent}`] : [];
  })"""

#: Points of the watermark at which something else lies on top.
COVERED = """mark => {
  const {left, right, top, bottom} = mark.getBoundingClientRect();
  const points = [];
  for (const x of [left + 2, (left + right) / 2, right - 2])
    for (const y of [top + 2, (top + bottom) / 2, bottom - 2])
      if (!mark.contains(document.elementFromPoint(x, y))) points.push([x, y]);
  return points;
}"""


@EVERY_DIAGRAM
def test_a_diagram_opens_and_can_be_read(people: Personas, key: str) -> None:
    page = people.page("sales_deputy")
    page.goto(f"/processes/{key}")
    drawn(page)
    canvas = page.locator(".djs-container")
    assert canvas.locator(".djs-shape[data-element-id^=t_]").count() >= 4
    assert canvas.evaluate(OUTSIDE) == []
    steps = page.get_by_role("table").get_by_role("row")
    assert steps.count() == canvas.locator(".djs-shape[data-element-id^=t_]").count() + 1


@EVERY_DIAGRAM
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_its_maker_is_named_in_full_view(
    people: Personas, key: str, viewport: dict[str, int]
) -> None:
    page = people.page("sales_deputy", viewport=viewport)
    page.goto(f"/processes/{key}")
    drawn(page)
    mark = page.locator(".bjs-powered-by")
    mark.scroll_into_view_if_needed()
    expect(mark).to_be_in_viewport(ratio=1)
    assert mark.evaluate(COVERED) == []
    assert float(mark.evaluate("mark => getComputedStyle(mark).opacity")) == 1


def _marked(box: Locator, mark: str) -> set[str]:
    shapes = box.locator(f".djs-shape.{mark}")
    expect(shapes.first).to_be_attached()
    found: list[str] = shapes.evaluate_all("all => all.map(each => each.dataset.elementId)")
    return set(found)


@pytest.mark.parametrize(
    ("language", "holders"),
    [
        ("fa", {"مدیر توزیع برق شهرستان", "رئیس ادارهٔ خدمات مشترکین و درآمد"}),
        (
            "en",
            {
                "District electricity distribution manager",
                "Head of the Customer Services and Revenue department (district)",
            },
        ),
    ],
)
def test_where_a_case_stands_and_for_whom(
    people: Personas, scene: Scene, language: str, holders: set[str]
) -> None:
    page = people.page("sales_deputy", language)
    page.goto(f"/cases/{scene.cases[INQUIRED]}")
    main, inquiry = (page.locator(f"#diagram-{key}") for key in DIAGRAMS[:2])
    drawn(main)
    assert {each for each in _marked(main, "k-current") if not each.startswith("t_")}
    assert {"t_register_request", "t_check_docs"} <= _marked(main, "k-done")
    drawn(inquiry)
    assert _marked(inquiry, "k-current") == {"t_field_review", "t_ask_orgs"}
    assert {"t_send_inquiry", "t_assign_review"} <= _marked(inquiry, "k-done")
    badges = inquiry.locator(".k-diagram-badge")
    assert {text.strip() for text in badges.all_inner_texts()} == holders


def test_every_diagram_of_a_finished_case_is_done(people: Personas, scene: Scene) -> None:
    page = people.page("sales_deputy")
    page.goto(f"/cases/{scene.cases[FINISHED]}")
    for key in DIAGRAMS:
        box = page.locator(f"#diagram-{key}")
        drawn(box)
        assert len(_marked(box, "k-done")) >= 4
        expect(box.locator(".k-current")).to_have_count(0)
        colour = "each => getComputedStyle(each.querySelector('.djs-visual > path')).stroke"
        taken = box.locator(".djs-connection.k-taken").first.evaluate(colour)
        other = box.locator(".djs-connection:not(.k-taken)").first.evaluate(colour)
        assert taken != other


def test_a_tab_that_is_left_early_is_no_fault(people: Personas, scene: Scene) -> None:
    """A diagram that arrives when its tab is closed again leaves nothing in the console."""
    page = people.page("district_manager.ahar")
    on_the_way: list[Route] = []
    page.route("**/*.bpmn", lambda route: on_the_way.append(route))  # noqa: PLW0108
    page.goto(f"/tasks/{scene.tasks[INQUIRED, 't_ask_orgs']}")
    page.get_by_role("tab", name="نمودار").click()
    first = page.locator("[data-diagram]").first
    expect(first).to_have_attribute("aria-busy", "true")
    page.get_by_role("tab", name="فرم").click()
    expect(first).to_be_hidden()
    for route in on_the_way:
        route.continue_()
    page.unroute("**/*.bpmn")
    expect(first).not_to_have_attribute("aria-busy", "true")
    page.get_by_role("tab", name="نمودار").click()
    drawn(page)
    expect(page.get_by_role("alert")).to_have_count(0)

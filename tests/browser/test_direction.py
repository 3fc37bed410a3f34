"""Numbers with a Persian letter in them are read in the order in which they were written."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.persona import Personas
from tests.browser.scene import FINISHED, INQUIRED, Scene

pytestmark = pytest.mark.browser

#: Where each part between slashes stands on the screen, from left to right.
PLACES = """node => {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const text = walker.nextNode();
  return [...text.data.matchAll(/[^/\\u200e]+/g)].map(({0: part, index}) => {
    const range = document.createRange();
    range.setStart(text, index);
    range.setEnd(text, index + part.length);
    return {part, x: range.getBoundingClientRect().x};
  });
}"""


def _parts(number: Locator) -> list[str]:
    """Return the parts of a number as an eye meets them from the left."""
    expect(number).to_be_visible()
    found: list[dict[str, Any]] = number.evaluate(PLACES)
    return [each["part"] for each in sorted(found, key=lambda each: float(each["x"]))]


@pytest.mark.parametrize(
    ("language", "year", "serial"), [("fa", "۱۴۰۵", "۱۲۳"), ("en", "1405", "123")]
)
def test_a_letter_number(
    people: Personas, scene: Scene, language: str, year: str, serial: str
) -> None:
    page = people.page("sales_deputy", language)
    page.goto(f"/cases/{scene.cases[INQUIRED]}")
    for each in page.locator(".k-timeline-more summary").all():
        each.click()
    number = page.locator("dd bdi", has_text="ص").first
    assert _parts(number) == [year, "ص", serial]


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_contract_number(people: Personas, scene: Scene, language: str) -> None:
    page = people.page("sales_deputy", language)
    page.goto(f"/offices/{FINISHED}")
    parts = _parts(page.locator("dd bdi", has_text="ق").first)
    assert len(parts) == 3
    assert parts[1] == "ق"
    assert len(parts[0]) == 4, "the year stands left"

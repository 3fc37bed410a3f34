"""Every page, in both languages, on a desk and on a phone: for everybody, and without a fault."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.persona import PHONE, Personas
from tests.browser.places import PLACES, Place
from tests.browser.scene import Scene

pytestmark = pytest.mark.browser

#: What a finger must be able to hit (WCAG 2.2, 2.5.8), in pixels.
LEAST_TARGET = 24

AXE = """async () => {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
  const wanted = {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']};
  const found = await axe.run(document, {...wanted, preload: false, iframes: false});
  return found.violations.flatMap(({id, nodes}) =>
    nodes.map(({target, failureSummary}) => `${id}: ${target} ${failureSummary}`));
}"""

#: The boxes that a finger aims at: a label counts for its box to tick, a card for its link.
SMALL = """least => {
  const tappable = 'a[href], button, summary, select, input, textarea, [role=tab], [tabindex="0"]';
  const box = node => {
    const whole = node.closest('.k-choice, .k-card-link, .k-task-row, .k-file') ?? node;
    return whole.getBoundingClientRect();
  };
  const seen = node => node.checkVisibility({visibilityProperty: true})
    && box(node).width > 1 && !node.closest('.bjs-powered-by, .visually-hidden, .k-skip');
  return [...document.querySelectorAll(tappable)].filter(seen)
    .filter(node => Math.round(box(node).height) < least)
    .map(node => `${node.outerHTML.slice(0, 120)}: ${box(node).height}px`);
}"""


def shut_out(page: Page, axe: str) -> list[str]:
    """Return what axe-core finds wrong, with the place of each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found: list[str] = page.evaluate(AXE)
    return found


def too_wide(page: Page) -> Any:
    """Return what sticks out of the page sideways; nothing where the page does not scroll."""
    return page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= innerWidth) return [];
          return [...document.querySelectorAll('body *')]
            .filter(node => node.getBoundingClientRect().right > width + 1
              || node.getBoundingClientRect().left < -1)
            .map(node => node.outerHTML.slice(0, 100));
        }"""
    )


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_page_serves_everybody(
    people: Personas, scene: Scene, axe: str, place: Place, language: str
) -> None:
    """What the browser complains of fails the test when ``people`` closes the page.

    Our content security policy stays in force: the debugger, through which axe-core comes into
    the page, is not bound by it.
    """
    page = people.resident(place.who, language)
    place.open(page, scene)
    assert page.title()
    assert page.locator("html").get_attribute("lang") == language
    assert shut_out(page, axe) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert shut_out(page, axe) == []
    assert too_wide(page) == []
    assert page.evaluate(SMALL, LEAST_TARGET) == []


def test_the_checks_see_what_is_wrong(people: Personas, scene: Scene, axe: str) -> None:
    """A page that shuts people out, is too wide, too small and breaks the policy is found."""
    page = people.page(viewport=PHONE)
    page.goto("/login")
    page.evaluate(
        """() => {
          document.body.insertAdjacentHTML('beforeend', '<p style="color: red"><img></p>');
          const button = document.createElement('button');
          for (const [name, value] of Object.entries({width: '600px', height: '9px', padding: 0}))
            button.style.setProperty(name, value);
          document.body.append(button);
        }"""
    )
    assert {"button-name", "image-alt"} <= {each.partition(":")[0] for each in shut_out(page, axe)}
    assert [each for each in too_wide(page) if "<button" in each]
    assert [each for each in page.evaluate(SMALL, LEAST_TARGET) if "<button" in each]
    refused = people.watch.collected()
    assert refused
    assert all("Content Security Policy" in each for each in refused), refused

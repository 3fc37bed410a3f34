"""Take a picture of every page, in both languages, on a desk and on a phone.

.venv/bin/python -m tests.browser.screenshots FOLDER [part of a page's name]
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import server as servers
from tests.browser.persona import DESKTOP, PHONE, Personas
from tests.browser.places import PLACES, Place, settled
from tests.browser.scene import Scene, prepare

WIDTHS = {"desk": DESKTOP, "phone": PHONE}


def picture(people: Personas, scene: Scene, place: Place, language: str, folder: Path) -> None:
    """Save one page at both widths."""
    for name, viewport in WIDTHS.items():
        page = people.page(place.who, language, viewport=viewport)
        place.open(page, scene)
        _stretch(page)
        page.screenshot(path=folder / f"{place.name}.{language}.{name}.png", full_page=True)
        people.close()


def _stretch(page: Page) -> None:
    """Make the window as high as the page, so that all of it is drawn and nothing sticks midway."""
    for _again in range(2):  # diagrams grow when they are drawn
        height = page.evaluate("document.documentElement.scrollHeight")
        width = page.evaluate("innerWidth")
        page.set_viewport_size({"width": width, "height": height})
        undrawn = "[data-diagram]:visible:not(:has(.k-diagram-tools))"
        expect(page.locator(undrawn)).to_have_count(0)
        settled(page)


def main(folder: Path, part: str = "") -> None:
    """Start a server with the scene of the tests and go through its pages."""
    folder.mkdir(parents=True, exist_ok=True)
    path = servers.chromium()
    if path is None:
        raise SystemExit("This machine has no Chromium.")
    with TemporaryDirectory() as data:
        scene = prepare(Path(data))
        with servers.running(Path(data)) as server, sync_playwright() as playwright:
            people = Personas(servers.launch(playwright, path), server.address)
            for place in PLACES:
                for language in ("fa", "en"):
                    if part in place.name:
                        picture(people, scene, place, language, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])

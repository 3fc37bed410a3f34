"""One server, one Chromium and one scene for the session; one person's pages for a test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import server as servers
from tests.browser.persona import Personas
from tests.browser.scene import Scene, prepare
from tests.browser.server import Server

AXE = Path(__file__).parents[2] / "web/frontend/node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Find the browser; a developer may lack one, a continuous integration may not."""
    path = servers.chromium()
    if path is None and os.environ.get("CI") != "true":
        pytest.skip("this machine has no Chromium")
    assert path is not None, "CI=true, and this machine has no Chromium"
    return path


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the data folder of the session's server."""
    return tmp_path_factory.mktemp("kartabl")


@pytest.fixture(scope="session")
def scene(chromium: str, data: Path) -> Scene:
    """Fill the data folder with the demo and the cases of the tests."""
    return prepare(data)


@pytest.fixture(scope="session")
def server(scene: Scene, data: Path) -> Iterator[Server]:
    """Run the server."""
    with servers.running(data) as running:
        yield running


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Run the browser."""
    with sync_playwright() as playwright:
        browser = servers.launch(playwright, chromium)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def everybody(browser: Browser, server: Server) -> Personas:
    """Know who has logged in."""
    return Personas(browser, server.address)


@pytest.fixture
def people(everybody: Personas) -> Iterator[Personas]:
    """Open pages for people; close them at the end and fail by what the browser complained of."""
    everybody.watch.collected()
    yield everybody
    everybody.close()
    assert everybody.watch.collected() == []


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the source of axe-core."""
    return AXE.read_text("utf-8")

"""``make run`` as its reader knows it: it says where and how to log in, starts fast, and stops."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import server as servers
from tests.browser.persona import Personas, log_in
from workflows.demo import PASSWORD, people

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Seconds in which a server with a database answers; a busy machine gets three tries.
FAST, TRIES = 5.0, 3


@pytest.fixture(scope="module")
def used(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data folder by a first start."""
    data = tmp_path_factory.mktemp("first")
    with servers.running(data) as server:
        assert f"Kartabl   {server.address}" in server.output
        assert f"the password {PASSWORD}" in server.output
        for person in people():
            assert f"  {person.username} " in server.output
    return data


def test_a_second_start_answers_at_once(used: Path) -> None:
    took = []
    for _try in range(TRIES):
        with servers.running(used) as server:
            took.append(server.took)
        if min(took) < FAST:
            break
    assert min(took) < FAST, took


def test_a_second_start_keeps_the_work(browser: object, used: Path) -> None:
    """The demo's people log in with the printed password and find the demo's tasks once."""
    with servers.running(used) as server:
        everybody = Personas(browser, server.address)
        page = everybody.page()
        page.goto("/")
        log_in(page, "district_cs_head.ahar")
        expect(page.locator(".k-task-row")).to_have_count(1)
        everybody.close()
        assert everybody.watch.collected() == []

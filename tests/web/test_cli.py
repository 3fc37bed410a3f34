"""The command `kartabl`, as an administrator types it, and what the documents say of it."""

import functools
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from click.testing import CliRunner, Result
from lxml import html

from web import wiring
from web.cli import main
from web.settings import Settings, from_environment, table
from workflows.demo import PASSWORD, people

ROOT = Path(__file__).parents[2]


@pytest.fixture
def kartabl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cheap_hashes: None
) -> Iterator[functools.partial[Result]]:
    """Return the command on an empty data folder."""
    for name in [name for name in os.environ if name.startswith("KARTABL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KARTABL_DATA_DIR", str(tmp_path / "data"))
    opened = []
    make = wiring.engine

    def engine(settings: Settings) -> object:
        opened.append(make(settings))
        return opened[-1]

    monkeypatch.setattr(wiring, "engine", engine)
    yield functools.partial(CliRunner().invoke, main, catch_exceptions=False)
    for each in opened:
        each.database.dispose()


Command = functools.partial[Result]


def rows(tmp_path: Path, query: str) -> list[tuple[object, ...]]:
    """Ask the database of the data folder."""
    database = sqlite3.connect(tmp_path / "data/kartabl.sqlite3")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def test_settings_prints_all_but_the_key(kartabl: Command, tmp_path: Path) -> None:
    result = kartabl(["settings"], env={"KARTABL_PORT": "9001", "KARTABL_SECRET_KEY": "hush"})
    assert result.exit_code == 0
    assert "KARTABL_PORT=9001" in result.output
    assert "hush" not in result.output
    assert "KARTABL_SECRET_KEY=(hidden)" in result.output
    for variable, _value, meaning in table(from_environment({}, data_dir=tmp_path)):
        assert f"{variable}=" in result.output
        assert meaning in result.output


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("KARTABL_PORT", "eighty", "KARTABL_PORT must be a whole number, not 'eighty'."),
        ("KARTABL_DEMO", "maybe", "KARTABL_DEMO must be yes or no, not 'maybe'."),
        ("KARTABL_DATA_DIR", "/dev/null/x", "cannot be written"),
    ],
)
def test_a_wrong_setting_is_refused_with_a_sentence(
    kartabl: Command, variable: str, value: str, sentence: str
) -> None:
    result = kartabl(["settings"], env={variable: value})
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_the_key_is_made_once_for_its_owner_alone(kartabl: Command, tmp_path: Path) -> None:
    for _time in range(2):
        assert kartabl(["settings"]).exit_code == 0
    key = tmp_path / "data/secret_key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_text()) >= 48
    assert from_environment({}, data_dir=tmp_path / "data").secret_key == key.read_text()


def test_upgrade_and_deploy_twice_are_the_same(kartabl: Command, tmp_path: Path) -> None:
    assert kartabl(["db", "upgrade"]).output == "The database is up to date.\n"
    first = kartabl(["deploy"])
    assert first.exit_code == 0
    assert re.fullmatch(r"W-SA-08-00 is published as [0-9a-f]{12}\.\n", first.output)
    assert kartabl(["deploy"]).output == first.output
    assert rows(tmp_path, "SELECT count(*) FROM deployment") == [(1,)]
    assert rows(tmp_path, "SELECT count(*) FROM user_account") == [(0,)]


COUNTS = [
    "SELECT count(*) FROM user_account",
    "SELECT count(*) FROM process_instance",
    "SELECT count(*) FROM office",
    "SELECT count(*) FROM deployment",
    "SELECT count(*) FROM event_log",
]


def test_demo_twice_adds_nothing_twice(kartabl: Command, tmp_path: Path) -> None:
    counts = []
    for _time in range(2):
        result = kartabl(["demo"])
        assert result.exit_code == 0
        assert PASSWORD in result.output
        counts.append([rows(tmp_path, query) for query in COUNTS])
    assert counts[0] == counts[1]
    assert counts[0][0] == [(len(people()),)]
    assert rows(tmp_path, "SELECT count(*) FROM user_account WHERE NOT demo") == [(0,)]


ADD = [
    "user",
    "add",
    "ali",
    "--name-fa",
    "نمونه",
    "--name-en",
    "Sample",
    "--password",
    "a long one",
]


def test_a_person_is_added_and_may_log_in(kartabl: Command, tmp_path: Path) -> None:
    assert kartabl(["deploy"]).exit_code == 0
    posts = ["--post", "sales_deputy", "--post", "district_manager:ahar"]
    result = kartabl([*ADD, *posts])
    assert (result.exit_code, result.output) == (0, "ali may log in.\n")
    found = rows(tmp_path, "SELECT role, scope FROM assignment ORDER BY role")
    assert found == [("district_manager", "ahar"), ("sales_deputy", "")]
    [(stored, demo)] = rows(tmp_path, "SELECT password_hash, demo FROM user_account")
    assert "a long one" not in str(stored)
    assert not demo


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--post", "emperor"], "There is no role 'emperor'"),
        (["--post", "guild"], "There is no role 'guild'"),  # acts only through others
        (["--post", "district_manager"], "needs the district's code"),
        (["--post", "office_manager"], "needs the office's code"),
        (["--post", "sales_deputy:ahar"], "needs nothing behind the colon"),
        (["--post", "district_manager:atlantis"], "There is no district 'atlantis'"),
        ([], "ali is a person already"),
    ],
)
def test_a_person_who_cannot_be_is_refused_with_a_sentence(
    kartabl: Command, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    assert kartabl(["deploy"]).exit_code == 0
    if not arguments:
        assert kartabl(ADD).exit_code == 0
    before = rows(tmp_path, "SELECT count(*) FROM user_account")
    result = kartabl([*ADD, *arguments])
    assert result.exit_code != 0
    assert sentence in result.output
    assert rows(tmp_path, "SELECT count(*) FROM user_account") == before


def test_a_person_before_the_database_is_made(kartabl: Command) -> None:
    result = kartabl(ADD)
    assert result.exit_code == 1
    assert result.output == "Error: The database is not ready: run `kartabl deploy`.\n"


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def log_in(browser: OpenerDirector, address: str) -> int:
    """Log in as a demo person over the network; return the status."""
    page = html.fromstring(browser.open(f"{address}/login").read())
    form = {"username": "sales_deputy", "password": PASSWORD, "next": "/"}
    token = page.xpath("//input[@name='csrf_token']/@value")[0]
    posted = urlencode({**form, "csrf_token": token}).encode()
    try:
        with browser.open(f"{address}/login", posted) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


@pytest.mark.slow
@pytest.mark.parametrize(("flag", "status"), [("--demo", 200), ("--no-demo", 400)])
def test_serve_lets_demo_people_in_only_with_its_flag(
    kartabl: Command, tmp_path: Path, flag: str, status: int
) -> None:
    assert kartabl(["demo"]).exit_code == 0
    port, command = free_port(), Path(sys.executable).with_name("kartabl")
    address = f"http://127.0.0.1:{port}"
    arguments = [command, "serve", flag, "--port", str(port)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        try:
            for _attempt in range(200):
                try:
                    browser.open(f"{address}/login").close()
                    break
                except URLError:
                    time.sleep(0.05)
            # Without the demo the cookie is for HTTPS only, so no token fits over plain HTTP.
            assert log_in(browser, address) == status
        finally:
            server.send_signal(signal.SIGINT)
            said, _ = server.communicate(timeout=20)
    assert server.returncode == 0
    assert address in said
    assert (PASSWORD in said) is (flag == "--demo")
    assert ("they are refused without --demo" in said) is (flag == "--no-demo")
    assert said.endswith("Stopped.\n")


@pytest.mark.slow
def test_serve_stops_well_from_the_moment_it_says_that_it_can(
    kartabl: Command, tmp_path: Path
) -> None:
    assert kartabl(["demo"]).exit_code == 0
    arguments = [Path(sys.executable).with_name("kartabl"), "serve", "--port", str(free_port())]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        try:
            assert server.stdout is not None
            for line in server.stdout:
                if "Ctrl-C" in line:
                    break
            server.send_signal(signal.SIGINT)
            said, _ = server.communicate(timeout=20)
        finally:
            server.kill()
    assert (server.returncode, said.strip()) == (0, "Stopped.")

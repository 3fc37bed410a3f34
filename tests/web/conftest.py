"""The site on a demo installation that is made once and copied for each test; CSRF stays on."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.security import generate_password_hash

from engine import deployments, identity
from engine.deployments import Published
from engine.transaction import Engine
from tests import installations
from tests.web.persona import Persona
from tests.workflows.journey import TODAY, Journey
from tests.workflows.test_paths import HAPPY
from web import wiring
from web.app import create_app
from web.settings import Settings, from_environment

KEY = "a key for tests only"


def settings_at(place: Path, **given: object) -> Settings:
    """Return the settings of an installation in a folder, with the demo on."""
    fixed = {"secret_key": KEY, "demo": True, "database_url": installations.address(place)}
    return from_environment({}, data_dir=place, **{**fixed, **given})


@dataclass
class Site:
    """One installation with its pages, its clock and its people."""

    place: Path
    app: Flask
    journey: Journey
    #: Cookie and CSRF token of people who logged in on the installation that this is a copy of.
    sessions: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def kartabl(self) -> Engine:
        """The engine behind the pages."""
        return self.journey.engine

    def stranger(self) -> Persona:
        """Return somebody who is not logged in."""
        return Persona(self.app.test_client())

    def persona(self, username: str) -> Persona:
        """Return a demo person, logged in through the log-in page (once for all tests)."""
        if username not in self.sessions:
            persona = Persona(self.app.test_client(), username)
            page = persona.log_in()
            assert page.path == "/inbox", page.words
            cookie = persona.client.get_cookie("kartabl")
            assert cookie is not None
            self.sessions[username] = cookie.value, persona.token()
        value, token = self.sessions[username]
        client = self.app.test_client()
        client.set_cookie("kartabl", value)
        return Persona(client, username, token)


def engine_at(place: Path) -> Engine:
    """Return the engine of an installation, with the clock of the tests."""
    kartabl = wiring.engine(settings_at(place))
    kartabl.clock = lambda: TODAY
    return kartabl


@pytest.fixture(scope="package")
def cheap_hashes() -> Iterator[None]:
    """Hash passwords quickly: what is tested is never how hard guessing is."""
    with pytest.MonkeyPatch.context() as patch:
        quick = functools.partial(generate_password_hash, method="pbkdf2:sha256:1")
        patch.setattr(identity, "generate_password_hash", quick)
        patch.setattr(identity, "_NOBODY", quick("nobody"))
        yield


@pytest.fixture(scope="package")
def prepared(
    tmp_path_factory: pytest.TempPathFactory, cheap_hashes: None, installation_server: str | None
) -> Path:
    """Make the installation as `kartabl serve --demo` does."""
    place = tmp_path_factory.mktemp("prepared")
    installations.found(place, installation_server)
    kartabl = engine_at(place)
    wiring.prepare(kartabl)
    wiring.prepare_demo(kartabl)
    kartabl.close()
    return place


@pytest.fixture(scope="package")
def parsed(prepared: Path) -> dict[int, Published]:
    """Parse the procedure once for all copies of the installation."""
    kartabl = engine_at(prepared)
    with kartabl.reading() as tx:
        for definition in deployments.definitions(tx):
            deployments.published(tx, definition.id)
    kartabl.close()
    return kartabl.published


@pytest.fixture(scope="package")
def flask_app(prepared: Path) -> Iterator[Flask]:
    """Make the application once: its templates are compiled for all tests."""
    kartabl = engine_at(prepared)
    yield create_app(settings_at(prepared), kartabl)
    kartabl.close()


@pytest.fixture(scope="package")
def sessions() -> dict[str, tuple[str, str]]:
    """Keep the cookies and tokens of those who have logged in."""
    return {}


@pytest.fixture(scope="package")
def stages(
    prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Path]]:
    """Return the folder of an installation whose new case stands before a step."""
    folder = tmp_path_factory.mktemp("stages")
    work = tmp_path_factory.mktemp("walk")
    installations.copy(prepared, work)
    journey = Journey(engine_at(work)).start()
    todo = list(HAPPY)

    def stage(key: str) -> Path:
        while not (folder / key).exists():
            _keep(journey, work, folder / todo[0])
            journey.do(todo.pop(0))
        return folder / key

    yield stage
    journey.engine.close()


def _keep(journey: Journey, work: Path, place: Path) -> None:
    journey.engine.database.dispose()  # SQLite puts everything into its one file
    installations.copy(work, place)
    (place / "case").write_text(journey.id)


@pytest.fixture
def open_site(
    flask_app: Flask,
    sessions: dict[str, tuple[str, str]],
    parsed: dict[int, Published],
    tmp_path: Path,
) -> Iterator[Callable[[Path], Site]]:
    """Return a function that puts a copy of an installation behind the application."""
    opened: list[Site] = []

    def put(source: Path) -> Site:
        assert not opened, "a test has one site"
        place = tmp_path / "site"
        installations.copy(source, place)
        journey = Journey(engine_at(place))
        journey.engine.clock = lambda: journey.now
        journey.engine.published = dict(parsed)
        if (place / "case").exists():
            journey.id = (place / "case").read_text()
        flask_app.extensions["kartabl"] = journey.engine
        opened.append(Site(place, flask_app, journey, sessions))
        return opened[0]

    yield put
    for site in opened:
        site.kartabl.close()
        installations.remove(site.place)


@pytest.fixture
def site(open_site: Callable[[Path], Site], prepared: Path) -> Site:
    """Give the demo installation."""
    return open_site(prepared)


@pytest.fixture
def at(open_site: Callable[[Path], Site], stages: Callable[[str], Path]) -> Callable[[str], Site]:
    """Return a function that gives the installation with a new case before a step."""
    return lambda key: open_site(stages(key))

"""Pages and forms through HTTP: what the application itself costs, without the test client."""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from engine.transaction import Engine
from tests.bench.measuring import Tally, median, tally
from tests.bench.report import Figure, Part, Size
from tests.workflows.journey import OFFICE_CODE, TODAY, Journey
from web import wiring
from web.app import create_app
from web.settings import from_environment
from workflows.demo import PASSWORD

DEPUTY, OFFICE = "sales_deputy", f"office_manager.{OFFICE_CODE}"
INCOMPLETE = {"outcome": "incomplete", "note": "کپی پروانهٔ بهره‌برداری پیوست نشده است."}
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Stopwatch:
    """Measures the CPU time between a request's arrival and its answer."""

    def __init__(self, app: Flask) -> None:
        self._application = app.wsgi_app
        self.milliseconds = 0.0
        app.wsgi_app = self  # type: ignore[method-assign]

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request."""
        before = time.process_time()
        answer = self._application(environ, start_response)
        self.milliseconds = 1_000 * (time.process_time() - before)
        return answer


@dataclass
class Site:
    """A demo installation with one case in the rework loop of the main job."""

    app: Flask
    kartabl: Engine
    case: Journey
    counted: Tally
    watch: Stopwatch
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    #: Id of a paper that the office has sent before.
    paper: str = ""
    #: What the last form asked of the database.
    asked: Tally = field(default_factory=Tally)

    def log_in(self, username: str) -> None:
        """Open a session as a browser does."""
        client = self.clients[username] = self.app.test_client()
        token = _TOKEN.findall(client.get("/login").text)[0]
        data = {"csrf_token": token, "username": username, "password": PASSWORD}
        assert client.post("/login", data=data).status_code == 303
        self.tokens[username] = _TOKEN.findall(client.get("/inbox").text)[0]

    def get(self, path: str, username: str = DEPUTY) -> float:
        """Open a page; return the application's CPU milliseconds."""
        response = self.clients[username].get(path)
        assert response.status_code == 200, (path, response.status_code)
        return self.watch.milliseconds

    def complete(self, key: str, username: str, **values: Any) -> float:
        """Send the form of the case's open task; return the application's CPU milliseconds."""
        task, revision = self.case.tasks()[key], self.case.instance.revision
        fields = {"csrf_token": self.tokens[username], "_revision": str(revision), **values}
        self.counted.clear()
        response = self.clients[username].post(f"/tasks/{task.id}", data=fields)
        assert response.status_code == 303, response.text
        spent, self.asked = self.watch.milliseconds, self.counted.copy()
        self.get(response.headers["Location"], username)  # as a browser; it shows what was said
        return spent

    def task_page(self) -> float:
        """Open the page of the case's open task several times; return the middle milliseconds."""
        path = f"/tasks/{self.case.tasks()['t_check_docs'].id}"
        self.get(path)  # the first one compiles templates
        return median([self.get(path) for _ in range(5)])

    def round(self) -> list[float]:
        """Find the papers incomplete, then send them again; return both forms' milliseconds."""
        return [
            self.complete("t_check_docs", DEPUTY, **INCOMPLETE),
            self.complete("t_complete_docs", OFFICE, files=[self.paper], note="پیوست شد."),
        ]


def open_site(place: Path) -> Site:
    """Make an installation as ``kartabl serve --demo`` does, and log two people in."""
    place.mkdir(exist_ok=True)
    settings = from_environment({}, data_dir=place, demo=True, secret_key="bench")
    kartabl = wiring.engine(settings)
    kartabl.clock = lambda: TODAY
    wiring.prepare(kartabl)
    wiring.prepare_demo(kartabl)
    case = Journey(kartabl).start().do("t_register_request")
    app = create_app(settings, kartabl)
    site = Site(app, kartabl, case, tally(kartabl.database), Stopwatch(app))
    for username in (DEPUTY, OFFICE):
        site.log_in(username)
    case.do("t_check_docs", **INCOMPLETE)
    task = case.tasks()["t_complete_docs"]
    site.paper = case.upload(case.actor(OFFICE), task.id, task.form_key)
    case.do("t_complete_docs", files=[site.paper])
    return site


def measure(place: Path, size: Size) -> Part:
    """Time the inbox page and the two forms of the rework loop."""
    site = open_site(place)
    site.round()
    statements, commits = site.asked.asked, site.asked.commits
    task_pages = {site.case.instance.revision: site.task_page()}
    forms, inboxes = [], []
    for _ in range(size.requests):
        forms += site.round()
        inboxes.append(site.get("/inbox"))
    task_pages[site.case.instance.revision] = site.task_page()
    site.kartabl.database.dispose()
    figures = [
        Figure("complete a task", median(forms), "CPU ms", 5),
        Figure("complete a task: one process", 1_000 / median(forms), "requests/s"),
        Figure("complete a task: statements", statements, ""),
        Figure("complete a task: commits", commits, "", 1),
        Figure("inbox page", median(inboxes), "CPU ms"),
        Figure("inbox page: one process", 1_000 / median(inboxes), "requests/s"),
        *(
            Figure(f"page of a task at step {step} of its case", ms, "CPU ms")
            for step, ms in task_pages.items()
        ),
    ]
    return Part("HTTP, SQLite", figures)

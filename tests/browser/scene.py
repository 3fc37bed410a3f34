"""What the pages of the tests show: the demo, and cases that stand where a page needs them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from engine import identity, incidents, instances, jobs
from engine.calendar import local_date
from engine.transaction import Engine, utcnow
from forms.text import to_persian_digits
from tests.forms.samples import SAMPLES
from tests.forms.samples import TODAY as SAMPLES_DAY
from tests.workflows.journey import DOES, REASON, Journey
from tests.workflows.test_paths import HAPPY, INQUIRY
from web import wiring
from web.settings import from_environment
from workflows.demo import PASSWORD
from workflows.demo_register import national_id

#: Offices of Ahar with a case that was rejected, is under inquiry, is broken, is finished.
REJECTED, INQUIRED, BROKEN, FINISHED = "72031271", "72031272", "72031273", "72031274"
#: At the district's opinion: for the test of the objection, and late since weeks.
JUDGED, LATE = "72031275", "72031276"
#: In two hands at the same time: for the test of two people.
SHARED = "72031279"
#: Not yet registered, and waiting for the office's prerequisites.
NEW, PREPARING = "72031277", "72031278"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def shifted(value: Any, today: date) -> Any:
    """Return sample values as if the samples had been written on another day."""
    if isinstance(value, Mapping):
        return {name: shifted(each, today) for name, each in value.items()}
    if isinstance(value, list):
        return [shifted(each, today) for each in value]
    if isinstance(value, str) and _DATE.fullmatch(value):
        moved = date.fromisoformat(value) + (today - date.fromisoformat(SAMPLES_DAY))
        return moved.isoformat()
    return value


@dataclass
class Scene:
    """The database of a server, and the cases in it by office code."""

    engine: Engine
    #: Ids of cases by office code.
    cases: dict[str, str] = field(default_factory=dict)
    #: Ids of user tasks by office code and step, finished ones too.
    tasks: dict[tuple[str, str], str] = field(default_factory=dict)

    def values(self, form_key: str, code: str) -> dict[str, Any]:
        """Return what to fill into a form today, for an office."""
        today = local_date(self.engine.clock())
        values = shifted({**SAMPLES[form_key], **Journey(self.engine).lists(form_key)}, today)
        if form_key == "software_installation/visit_plan":
            with self.engine.reading() as tx:
                values["visit_date"] = tx.calendar.working_day_after(today, 1).isoformat()
        if form_key == "office_onboarding/request":
            values |= {
                "office_code": code,
                "office_name": f"دفتر پیشخوان نمونهٔ {to_persian_digits(code[-2:])}",
            }
            values |= {"ref_no": f"234/11/{code[-4:]}", "req_no": f"206/93/{code[-4:]}"}
        if form_key == "user_training/introduction":
            values["nid"] = national_id(int(code[-4:]))
        return dict(values)

    @property
    def new(self) -> str:
        """The id of a task whose long form nobody has touched."""
        return self.tasks[NEW, "t_register_request"]

    @property
    def on_behalf(self) -> str:
        """The id of an office's task that its district and the deputy may do for it."""
        return self.tasks[PREPARING, "t_provide_prereq"]

    def step(self, journey: Journey, code: str, key: str, **changed: Any) -> None:
        """Take a case one step forward, as the person whose step it is."""
        task = journey.tasks()[key]
        self.cases[code], self.tasks[code, key] = journey.id, task.id
        person = DOES[key].replace("72031234", code)
        journey.do(key, by=person, **{**self.values(task.form_key, code), **changed})

    def walk(self, code: str, *keys: str) -> Journey:
        """Start a case for an office and take it through steps."""
        journey = Journey(self.engine).start()
        for key in keys:
            self.step(journey, code, key)
        self.tasks |= {(code, key): task.id for key, task in journey.tasks().items()}
        return journey

    def message(self, code: str) -> str:
        """Return the id of the message for which a case waits."""
        journey = Journey(self.engine, id=self.cases[code])
        with self.engine.reading(journey.actor(f"office_manager.{code}")) as tx:
            [row] = instances.subscriptions(tx, journey.instance)
            return str(row.id)

    def state(self, code: str) -> Any:
        """Return a case's row."""
        return Journey(self.engine, id=self.cases[code]).instance


def prepare(data: Path) -> Scene:
    """Make a data folder as the demo makes it, and put the cases of the tests into it."""
    engine = wiring.engine(from_environment({}, data_dir=data, demo=True))
    wiring.prepare(engine)
    wiring.prepare_demo(engine)
    scene = Scene(engine)
    _people(scene)
    _rejected(scene)
    scene.walk(INQUIRED, *HAPPY[:2], *INQUIRY[:2])
    scene.walk(JUDGED, *HAPPY[:2], *INQUIRY[:-1])
    scene.walk(FINISHED, *HAPPY)
    scene.walk(SHARED, *HAPPY[:2], *INQUIRY[:2])
    scene.walk(NEW)
    scene.walk(PREPARING, *HAPPY[:2], *INQUIRY, *HAPPY[7:9])
    _broken(scene)
    with _weeks_ago(engine):
        scene.walk(LATE, *HAPPY[:2], *INQUIRY[:-1])
    jobs.run_due(engine)
    engine.database.dispose()
    return scene


def _people(scene: Scene) -> None:
    since = local_date(utcnow()) - timedelta(days=60)
    with scene.engine.transaction() as tx:
        for code in (REJECTED, BROKEN, FINISHED, JUDGED):
            for role in ("office_manager", "office_user"):
                names = f"{role}.{code}", "نمونه نمونه‌پور", "Nemouneh Nemounehpour"
                posts = [(role, code)]
                identity.add_user(tx, *names, PASSWORD, posts, demo=True, since=since)


def _rejected(scene: Scene, code: str = REJECTED) -> None:
    journey = scene.walk(code, *HAPPY[:2], *INQUIRY[:-1])
    scene.step(journey, code, "t_opinion", outcome="reject", reason=REASON)
    scene.step(journey, code, "t_notify_reject")


@contextmanager
def _weeks_ago(engine: Engine) -> Iterator[None]:
    engine.clock = lambda: utcnow() - timedelta(days=40)
    try:
        yield
    finally:
        engine.clock = utcnow


def _broken(scene: Scene) -> None:
    """Stop a rejected case as a timer does whose step fails."""
    _rejected(scene, BROKEN)
    with scene.engine.transaction() as tx:
        problem = "OSError: the register does not answer"
        incidents.open_incident(tx, scene.cases[BROKEN], "timer", problem)

"""The whole main job through the pages, by the right people, in both languages."""

import pytest

from engine.instances import tasks_of
from engine.models import UserTask
from tests.forms.samples import SAMPLES
from tests.web.conftest import Site
from tests.web.languages import foreign, typed_texts
from tests.web.persona import Page, Persona, fields_of
from tests.workflows.journey import DOES, OFFICE_CODE
from tests.workflows.test_paths import HAPPY
from workflows.demo import people
from workflows.offices import STATUS_TITLES

#: Step after which the register shows a status.
STATUS = {
    "t_register_request": "applicant",
    "t_check_docs": "inquiry",
    "t_final_decision": "preparing",
    "t_register": "contracted",
    "t_start_work": "active",
}


class Walk:
    """The case of one office on its way through the pages."""

    def __init__(self, site: Site, language: str) -> None:
        self.site = site
        self.language = language
        self.people: dict[str, Persona] = {}
        #: Every page that was seen, by its address.
        self.seen: list[Page] = []

    def person(self, username: str) -> Persona:
        """Return a person who reads the walk's language."""
        if username not in self.people:
            self.people[username] = self.site.persona(username).speak(self.language)
        return self.people[username]

    def see(self, page: Page) -> Page:
        """Keep a page for a look at its words."""
        self.seen.append(page)
        return page

    def start(self) -> None:
        """Let the deputy start the process; his first task is the page that comes."""
        deputy = self.person("sales_deputy")
        offer = self.see(deputy.get("/cases/start"))
        page = self.see(deputy.press(offer, button=("process", "office_onboarding")))
        assert page.answered == 303
        with self.site.kartabl.reading() as tx:
            task = tx.session.get_one(UserTask, page.path.removeprefix("/tasks/"))
            assert [each.id for each in tasks_of(tx, task.instance_id)] == [task.id]
        self.site.journey.id = task.instance_id

    def do(self, key: str) -> None:
        """Let the right person find the task in the inbox, fill its form and send it."""
        persona, task = self.person(DOES[key]), self.site.journey.tasks()[key]
        inbox = self.see(persona.get("/inbox"))
        assert f"/tasks/{task.id}" in inbox.links("/tasks/"), (key, inbox.words)
        page = self.see(persona.get(f"/tasks/{task.id}"))
        values = {**SAMPLES[task.form_key], **self.site.journey.lists(task.form_key)}
        after = self.see(persona.press(page, values=fields_of(values, self.language)))
        assert after.answered == 303, (key, after.summary())
        [said] = after.texts("is-success")
        assert (task.name_fa if self.language == "fa" else task.name_en) in said
        assert f"/tasks/{task.id}" not in persona.get("/inbox").links("/tasks/")

    def status(self) -> str:
        """Return the status that the register's page shows."""
        page = self.see(self.person("sales_deputy").get(f"/offices/{OFFICE_CODE}"))
        return page.texts("k-status")[0]

    def case(self) -> Page:
        """Return the case's page as the deputy sees it."""
        return self.see(self.person("sales_deputy").get(f"/cases/{self.site.journey.id}"))


@pytest.fixture
def walk(site: Site, language: str) -> Walk:
    """Walk the whole main job."""
    walk = Walk(site, language)
    walk.start()
    status = ""
    for key in HAPPY:
        walk.do(key)
        status = STATUS.get(key, status)
        assert walk.status() == STATUS_TITLES[status][language], key
    return walk


def completed(walk: Walk) -> list[str]:
    """Return the sentences of completed steps, the oldest first."""
    page = walk.case()
    done = page.all("//li[contains(@class, 'is-done')]/p[@class='k-timeline-text']")
    return [each.text_content() for each in done][::-1]


@pytest.mark.parametrize("language", ["fa"])
def test_from_referral_to_start_of_work_in_persian(walk: Walk) -> None:
    assert "پایان‌یافته" in walk.case().words
    sentences = completed(walk)
    assert len(sentences) == len(HAPPY)
    names = {each.username: each.name_fa for each in people()}
    for key, sentence in zip(HAPPY, sentences, strict=True):
        assert f"({names[DOES[key]]})، «" in sentence, key
        assert "انجام داد" in sentence
    assert sentences[0] == (
        "معاون فروش و خدمات مشترکین (نیما سپهری‌فر)، «ثبت معرفی‌نامه و درخواست کتبی دفتر» را انجام داد."
    )
    assert [foreign(page) for page in walk.seen] == [[]] * len(walk.seen)


@pytest.mark.parametrize("language", ["en"])
def test_from_referral_to_start_of_work_in_english(walk: Walk) -> None:
    typed = typed_texts(walk.site.kartabl)
    sentences = completed(walk)
    assert sentences[-1].startswith(
        "Deputy for Sales and Customer Services (Nima Sepehrifar) completed “Activate the office"
    )
    for page in walk.seen:
        assert foreign(page, typed) == [], page.path

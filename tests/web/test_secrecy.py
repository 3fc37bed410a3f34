"""What people do not find in the pages that they may open: lists, counts, history, diagrams."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine.deployments import published
from engine.models import ProcessInstance
from tests.forms.samples import SAMPLES
from tests.web.conftest import Site
from tests.web.persona import Page, Upload, fields_of
from tests.web.test_access import HEAD, MANAGER, OFFICE, ROWS
from tests.workflows.journey import OFFICE_CODE

SUBJECT = str(SAMPLES["office_onboarding/request"]["office_name"])
REPORT = str(SAMPLES["district_inquiry/field_review"]["report"])
LISTS = ("/inbox", "/inbox?view=behalf", "/cases", "/offices", "/notices")


def inquiry_steps(site: Site) -> set[str]:
    """Return the Persian names of the inquiry's steps."""
    with site.kartabl.reading() as tx:
        bundle = published(tx, site.journey.instance.definition_id).bundle
    elements = bundle.diagrams["district_inquiry"].elements.values()
    return {each.name_fa for each in elements if each.type == "userTask"}


def of_inquiry(site: Site, page: Page) -> set[str]:
    """Return what of the inquiry stands on a page: names of its steps, addresses, reports."""
    text = page.content.decode()
    return {each for each in {*inquiry_steps(site), "district_inquiry", REPORT} if each in text}


def test_the_office_sees_its_case_without_the_inquiry(at: Callable[[str], Site]) -> None:
    site = at("t_opinion")
    site.journey.wait(days=40)  # the district is reminded, and the deputy is told
    page = site.persona(OFFICE).get(f"/cases/{site.journey.id}")
    assert page.status == 200
    assert SUBJECT in page.words
    assert of_inquiry(site, page) == set()
    assert "ثبت معرفی‌نامه و درخواست کتبی دفتر" in page.words  # its own request it does see
    assert "گامی که سمت شما نمی‌بیند در جریان است" in page.words
    manager = site.persona(MANAGER).get(f"/cases/{site.journey.id}")
    assert of_inquiry(site, manager) >= {REPORT, "district_inquiry"}


def test_the_office_does_its_task_without_the_inquiry(at: Callable[[str], Site]) -> None:
    site = at("t_provide_prereq")
    task = site.journey.tasks()["t_provide_prereq"]
    page = site.persona(OFFICE).get(f"/tasks/{task.id}")
    assert page.status == 200
    assert of_inquiry(site, page) == set()
    assert "تصمیم" not in " ".join(page.texts("k-facts"))  # nor why the company agreed


def test_papers_of_the_inquiry_are_closed_to_the_office(at: Callable[[str], Site]) -> None:
    site = at("t_ask_orgs")
    task = site.journey.tasks()["t_ask_orgs"]
    manager = site.persona(MANAGER)
    page = manager.get(f"/tasks/{task.id}")
    values = fields_of(SAMPLES[task.form_key]) | {"orgs.0.scan": Upload()}
    assert manager.press(page, values=values).answered == 303
    case = manager.get(f"/cases/{site.journey.id}")
    newest = case.all("//li[contains(@class, 'k-timeline-item')][1]//a[@class='k-file-link']/@href")
    assert [manager.get(newest[0]).status, site.persona(HEAD).get(newest[0]).status] == [200, 200]
    for stranger in (OFFICE, "district_manager.marand", "procurement", "sysadmin", "hq_expert"):
        assert site.persona(stranger).get(newest[0]).status == 404, stranger


@pytest.mark.parametrize("username", ["sysadmin", "tamna_manager"])
def test_who_runs_the_system_sees_no_case(at: Callable[[str], Site], username: str) -> None:
    site = at("t_opinion")
    persona = site.persona(username)
    for path in (*LISTS, f"/cases?q={OFFICE_CODE}", f"/offices?q={OFFICE_CODE}", "/inbox?q=دفتر"):
        page = persona.get(path)
        assert page.status == 200
        assert page.texts("k-empty"), path
        assert page.links("/cases/") + page.links("/tasks/") + page.links("/offices/") == []
        assert SUBJECT not in page.words, path


def test_districts_do_not_see_each_other(at: Callable[[str], Site]) -> None:
    site = at("t_opinion")
    for mine, theirs in (("ahar", "marand"), ("marand", "ahar")):
        manager = site.persona(f"district_manager.{mine}")
        district = {"ahar": "اهر", "marand": "مرند"}
        for path in ("/cases", "/offices"):
            rows = manager.get(path).all("//td[@data-label='شهرستان']/text()")
            assert set(rows) == {district[mine]}, path
        for path in (f"/cases?district={theirs}", f"/offices?district={theirs}"):
            assert not manager.get(path).all("//tbody/tr")
        assert f"district={theirs}" not in str(manager.get("/inbox").links("/inbox"))


def test_personal_data_is_for_those_who_need_it(site: Site) -> None:
    for username, sees in ((MANAGER, True), (HEAD, False), ("hq_expert", False), ("auditor", True)):
        page = site.persona(username).get("/offices/72030101")
        assert page.status == 200
        assert ("کد ملی" in page.words) is sees, username
        assert ("۰۹۱۴۰۰۰۰۰۰۱" in page.words) is sees, username


def test_the_auditor_changes_nothing() -> None:
    posts = {row.request.split()[1] for row in ROWS if row.request.startswith("POST")}
    admitted = {
        row.request.split()[1]
        for row in ROWS
        if row.request.startswith("POST") and "auditor" in row.admitted
    }
    own = {"/login", "/logout", "/language", "/tokens", "/tokens/1/revoke"}
    assert admitted == own
    assert len(posts) > 10


#: Step, who does it (the scan is for who records it for the office), field of a file.
FILE_FIELDS = [
    ("t_announce_prereq", "procurement", "rules_file"),
    ("t_provide_prereq", MANAGER, "_scan"),
]


@pytest.mark.parametrize(("key", "username", "field"), FILE_FIELDS)
def test_a_page_shows_no_paper_of_another_case(
    at: Callable[[str], Site], key: str, username: str, field: str
) -> None:
    """Who knows the id of a paper of another case is not even told its name."""
    site = at(key)
    task, own_case = site.journey.tasks()[key], site.journey.id
    deputy = site.journey.actor("sales_deputy")
    own = site.journey.upload(deputy, task.id, task.form_key)
    with site.kartabl.reading() as tx:
        of_marand = ProcessInstance.district == "marand"
        site.journey.id = tx.session.scalars(select(ProcessInstance.id).where(of_marand)).one()
    foreign = site.journey.upload(deputy, task.id, task.form_key)
    assert site.journey.id != own_case
    for paper, shown in ((own, True), (foreign, False)):
        page = site.persona(username).post(f"/tasks/{task.id}", {field: paper, "_add_row": "x"})
        assert page.status == 200
        assert (f"/files/{paper}" in page.links("/files/")) is shown
        assert ("سند.pdf" in page.all(f"//input[@name='{field}']/..//bdi/text()")) is shown

"""Cases, offices, processes and their diagrams: what is found and shown."""

from collections.abc import Callable

from tests.web.conftest import Site
from tests.web.persona import plain
from tests.workflows.journey import OFFICE_CODE


def test_the_register_is_searched_and_paged(site: Site) -> None:
    persona = site.persona("sales_deputy")
    for words in ("ارسباران", "72030102", "۷۲۰۳۰۱۰۲", "ارسـباران"):
        page = persona.get("/offices", query_string={"q": words})
        assert page.links("/offices/7") == ["/offices/72030102"], words
    page = persona.get("/offices?district=maragheh&status=active")
    assert page.links("/offices/7") == ["/offices/72030301", "/offices/72030302"]
    assert persona.get("/offices?status=suspended").texts("k-empty")
    office = persona.get("/offices/72030102")
    for words in ("دفتر پیشخوان ارسباران", "فعال", "مدیر نمایشی 2", "۹ خدمت", "۱۴۰۵/"):
        assert words in office.words


def test_the_office_page_leads_to_its_cases(at: Callable[[str], Site]) -> None:
    site = at("t_opinion")
    page = site.persona("sales_deputy").get(f"/offices/{OFFICE_CODE}")
    assert page.links("/cases/") == [f"/cases/{site.journey.id}"]
    back = site.persona("sales_deputy").get(page.links("/cases/")[0])
    assert back.links("/offices/") == [f"/offices/{OFFICE_CODE}"]
    assert site.persona("procurement").get(f"/offices/{OFFICE_CODE}").links("/cases/") == []


def test_the_case_page_says_where_it_stands(at: Callable[[str], Site]) -> None:
    site = at("t_ask_orgs")
    page = site.persona("district_manager.ahar").get(f"/cases/{site.journey.id}")
    [waiting] = page.texts("k-waiting-item")
    assert waiting.startswith("استعلام از سایر ارگان‌ها و ثبت پاسخ‌ها مدیر توزیع برق شهرستان اهر")
    assert page.links("/tasks/")[0] == f"/tasks/{site.journey.tasks()['t_ask_orgs'].id}"
    only_reads = site.persona("ceo").get(f"/cases/{site.journey.id}")
    assert only_reads.links("/tasks/") == []


def test_diagrams_show_the_path_taken(at: Callable[[str], Site]) -> None:
    site = at("t_ask_orgs")
    persona = site.persona("sales_deputy")
    page = persona.get(f"/cases/{site.journey.id}")
    drawn = page.all("//*[@data-diagram]")
    assert len(drawn) == 5
    xml, state = drawn[0].get("data-diagram"), drawn[0].get("data-state")
    answer = persona.get(xml)
    assert answer.response.mimetype == "application/xml"
    assert b'id="t_ask_orgs"' not in answer.content
    main = persona.get(state).response.get_json()
    assert {"t_register_request", "t_check_docs"} <= set(main["done"])
    district = "مدیر توزیع برق شهرستان"
    assert main["current"] == [{"id": "c_district_inquiry", "label": district}]
    office = site.persona(f"office_manager.{OFFICE_CODE}").get(state).response.get_json()
    assert office["current"] == [{"id": "c_district_inquiry", "label": "در جریان"}]
    assert "c_district_inquiry" not in office["links"]
    assert main["links"]["c_district_inquiry"].endswith("#diagram-district_inquiry")
    inquiry = persona.get(f"/cases/{site.journey.id}/district_inquiry.json").response.get_json()
    assert inquiry["current"] == [{"id": "t_ask_orgs", "label": district}]
    assert "t_field_review" in inquiry["done"]
    assert inquiry["flows"]
    assert persona.get(f"/cases/{site.journey.id}/no_such.json").status == 404
    english = persona.speak("en").get(state).response.get_json()
    assert english["current"][0]["label"] == "District electricity distribution manager"


def test_processes_name_their_steps_and_roles(site: Site) -> None:
    persona = site.persona("tamna_manager")
    page = persona.get("/processes")
    assert len(page.links("/processes/")) == 5
    assert "W-SA-08-00" in page.words
    for address in page.links("/processes/"):
        shown = persona.get(address)
        assert shown.all("//tbody/tr"), address
        xml = persona.get(f"{address}.bpmn")
        assert xml.response.mimetype == "application/xml"
        assert xml.content.startswith(b"<?xml")
    main = persona.get("/processes/office_onboarding")
    row = main.all("//tr[td[contains(., 'تصمیم نهایی موافقت')]]")[0]
    assert plain(row.text_content()).endswith("معاون فروش و خدمات مشترکین")


def test_only_startable_processes_are_offered(site: Site) -> None:
    deputy = site.persona("sales_deputy")
    offered = deputy.get("/cases/start").all("//button[@name='process']/@value")
    assert "office_onboarding" in offered
    assert "district_inquiry" not in offered  # begins only inside another
    assert deputy.post("/cases/start", {"process": "district_inquiry"}).status == 403
    before = len(deputy.get("/cases").all("//tbody/tr"))
    page = deputy.press(deputy.get("/cases/start"), button=("process", "office_onboarding"))
    assert page.path.startswith("/tasks/")
    assert len(deputy.get("/cases").all("//tbody/tr")) == before + 1

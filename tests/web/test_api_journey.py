"""The main job done by programs alone, and what their people may read of it."""

from collections.abc import Callable
from typing import Any

import pytest

from engine import history
from engine.tokens import Scope
from tests.forms.samples import FILE, FILE2, SAMPLES
from tests.web.conftest import Site
from tests.web.program import Program, program
from tests.workflows.journey import DOES, OFFICE_CODE, PDF
from tests.workflows.test_paths import HAPPY

DEPUTY, HEAD, MANAGER = "sales_deputy", "district_cs_head.ahar", "district_manager.ahar"
OFFICE = f"office_manager.{OFFICE_CODE}"
SECRET = "دلیلی که فقط درون شرکت خوانده می‌شود"


def find(mine: Program, instance_id: str, key: str, **wanted: Any) -> dict[str, Any]:
    """Return a task of a case from the person's inbox, page by page."""
    after: dict[str, str] = {}
    while True:
        page = mine.read("/tasks", limit=2, **after, **wanted)
        for row in page["items"]:
            if (row["instance_id"], row["key"]) == (instance_id, key):
                return dict(row)
        assert page["next"], f"{key} is not in the inbox"
        after = {"after": page["next"]}


def with_files(mine: Program, path: str, value: Any) -> Any:
    """Send a file wherever a sample names one."""
    if isinstance(value, dict):
        return {name: with_files(mine, path, each) for name, each in value.items()}
    if isinstance(value, list):
        return [with_files(mine, path, each) for each in value]
    if value not in (FILE, FILE2):
        return value
    sent = mine.send(f"{path}/files")
    assert sent.status_code == 201, sent.text
    return sent.json["id"]


def filled(site: Site, mine: Program, task: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Return the values of a task's form: its sample, with lists from the register."""
    sample = {**SAMPLES[task["form_key"]], **site.journey.lists(task["form_key"]), **changed}
    given = {name: value for name, value in sample.items() if value is not None}
    return dict(with_files(mine, f"/tasks/{task['id']}", given))


def do(site: Site, mine: Program, instance_id: str, key: str, **changed: Any) -> dict[str, Any]:
    """Complete a step as a program does: find, look, send."""
    task = mine.read(f"/tasks/{find(mine, instance_id, key)['id']}")
    body = {"revision": task["revision"], "values": filled(site, mine, task, **changed)}
    done = mine.post(f"/tasks/{task['id']}/complete", body)
    assert done.status_code == 200, done.text
    return dict(done.json)


def test_programs_do_the_whole_main_job(site: Site) -> None:
    people = {name: program(site, name) for name in {DEPUTY, *DOES.values()}}
    begun = people[DEPUTY].post("/instances", {"key": "office_onboarding"})
    assert begun.status_code == 201
    instance_id, revision = begun.json["instance_id"], begun.json["revision"]
    assert [task["key"] for task in begun.json["opened"]] == [HAPPY[0]]
    for key in HAPPY:
        done = do(site, people[DOES[key]], instance_id, key)
        assert done["revision"] > revision
        revision = done["revision"]
    assert done["state"] == "completed"

    mine = people[DEPUTY]
    case = mine.read(f"/instances/{instance_id}")
    assert (case["end_event"], case["business_key"]) == ("end_active", OFFICE_CODE)
    assert case["district"] == "ahar"
    assert case["values"]["office_name"] == SAMPLES["office_onboarding/request"]["office_name"]
    assert mine.read(f"/instances/{instance_id}/tasks")["items"] == []
    told = whole_history(mine, instance_id)
    finished = [e["element_id"] for e in told if e["type"] == "user_task:work:completed"]
    assert finished == list(HAPPY)
    assert all(e["sentence_fa"] and e["sentence_en"] for e in told)
    assert all(e["values"] for e in told if e["type"] == "user_task:work:completed")
    registered = next(e for e in told if e["element_id"] == "t_register_request")
    assert "معاون فروش" in registered["sentence_fa"]
    assert "Deputy for Sales" in registered["sentence_en"]


def whole_history(mine: Program, instance_id: str) -> list[dict[str, Any]]:
    """Read the history page by page."""
    told: list[dict[str, Any]] = []
    after = 0
    while after is not None:
        page = mine.read(f"/instances/{instance_id}/history", after=after, limit=7)
        told += page["items"]
        after = page["next"]
    numbers = [entry["number"] for entry in told]
    assert numbers == sorted(set(numbers))
    return told


At = Callable[[str], Site]


def test_the_loser_of_two_is_told_that_the_case_went_on(at: At) -> None:
    site = at("t_check_docs")
    mine = program(site, DEPUTY)
    task = mine.read(f"/tasks/{find(mine, site.journey.id, 't_check_docs')['id']}")
    body = {"revision": task["revision"] - 1, "values": {"outcome": "complete"}}
    late = mine.post(f"/tasks/{task['id']}/complete", body)
    assert (late.status_code, late.json["code"]) == (409, "stale_revision")
    body["revision"] += 1
    assert mine.post(f"/tasks/{task['id']}/complete", body).status_code == 200
    again = mine.post(f"/tasks/{task['id']}/complete", body)
    assert (again.status_code, again.json["code"]) == (409, "task_closed")


def test_the_deployed_form_judges_the_values(at: At) -> None:
    site = at("t_register_request")
    mine = program(site, DEPUTY)
    task = mine.read(f"/tasks/{find(mine, site.journey.id, 't_register_request')['id']}")
    values = filled(site, mine, task)
    wrong = values | {"manager_nid": "9990000000", "surprise": 1, "postal_code": None}
    answer = mine.post(
        f"/tasks/{task['id']}/complete", {"revision": task["revision"], "values": wrong}
    )
    assert answer.status_code == 422
    named = {point["field"] for point in answer.json["errors"]}
    assert {"manager_nid", "surprise", "postal_code"} <= named
    assert all(point["fa"] and point["en"] for point in answer.json["errors"])
    assert site.journey.open() == {"t_register_request"}


def test_texts_are_stored_as_the_pages_store_them(at: At) -> None:
    site = at("t_register_request")
    mine = program(site, DEPUTY)
    done = do(
        site, mine, site.journey.id, "t_register_request", office_name=" دفتر\u0000 يك\u202e "
    )
    assert done["state"] == "running"
    assert site.journey.data["office_name"] == "دفتر یک"


@pytest.mark.parametrize("empty", ["", "  ", "\u0000", "\u200c", []])
def test_an_empty_text_is_no_text(at: At, empty: Any) -> None:
    site = at("t_register_request")
    mine = program(site, DEPUTY)
    task = mine.read(f"/tasks/{find(mine, site.journey.id, 't_register_request')['id']}")
    values = filled(site, mine, task, office_name=empty)
    body = {"revision": task["revision"], "values": values}
    answer = mine.post(f"/tasks/{task['id']}/complete", body)
    assert answer.status_code == 422
    assert [point["field"] for point in answer.json["errors"]] == ["office_name"]


def test_claim_assign_and_release(at: At) -> None:
    site = at("t_assign")
    deputy = program(site, DEPUTY)
    do(site, deputy, site.journey.id, "t_assign")
    expert = program(site, "hq_expert")
    task = find(expert, site.journey.id, "t_visit")
    path = f"/tasks/{task['id']}"
    assert task["assignee"] == "hq_expert"
    assert expert.post(f"{path}/unclaim").json["assignee"] is None
    assert expert.post(f"{path}/claim").json["assignee"] == "hq_expert"
    held = program(site, "hq_expert2").post(f"{path}/claim")
    assert (held.status_code, held.json["code"]) == (409, "already_claimed")
    names = {person["username"] for person in deputy_view(expert, path)}
    assert names == {"hq_expert", "hq_expert2"}
    handed = expert.post(f"{path}/assign", {"username": "hq_expert2"})
    assert handed.json["assignee"] == "hq_expert2"
    assert expert.post(f"{path}/assign", {"username": "auditor"}).status_code == 403
    assert expert.post(f"{path}/assign", {"username": "nobody"}).status_code == 403


def deputy_view(mine: Program, path: str) -> list[dict[str, str]]:
    """Return to whom a task may be handed."""
    return list(mine.read(path)["assignable"])


def test_an_office_is_recorded_for_only_with_its_paper(at: At) -> None:
    site = at("t_provide_prereq")
    head = program(site, HEAD)
    task = head.read(
        f"/tasks/{find(head, site.journey.id, 't_provide_prereq', view='behalf')['id']}"
    )
    assert task["on_behalf_of"] == "office_manager"
    body = {"revision": task["revision"], "values": filled(site, head, task)}
    bare = head.post(f"/tasks/{task['id']}/complete", body)
    assert (bare.status_code, bare.json["errors"][0]["field"]) == (422, "scan")
    body["scan"] = head.send(f"/tasks/{task['id']}/files").json["id"]
    assert head.post(f"/tasks/{task['id']}/complete", body).status_code == 200
    [entry] = [e for e in whole_history(head, site.journey.id) if e["on_behalf_of"]]
    assert (entry["role"], entry["on_behalf_of"]) == ("district_cs_head", "office_manager")


def refused_case(at: At) -> Site:
    """Return a site whose case was refused and waits for the office's objection."""
    site = at("t_final_decision")
    changed = {"outcome": "reject", "reason": SECRET, "services": None, "letter_no": None}
    site.journey.do("t_final_decision", **changed).do("t_notify_reject")
    return site


def test_an_objection_is_sent_as_a_message(at: At) -> None:
    site = refused_case(at)
    office = program(site, OFFICE)
    [message] = office.read(f"/instances/{site.journey.id}/messages")["items"]
    sample = SAMPLES[message["form"]["key"]]
    path = f"/messages/{message['id']}"
    assert office.post(path, {"revision": 0, "values": sample}).status_code == 409
    empty = office.post(path, {"revision": message["revision"], "values": {}})
    assert empty.status_code == 422
    values = with_files(office, path, sample)
    sent = office.post(path, {"revision": message["revision"], "values": values})
    assert sent.status_code == 200, sent.text
    again = office.post(path, {"revision": message["revision"], "values": values})
    assert (again.status_code, again.json["code"]) == (409, "not_waiting")
    assert office.read(f"/instances/{site.journey.id}/messages")["items"] == []
    assert site.journey.open() == {"t_objection_review"}


def test_nobody_sends_the_message_of_another(at: At) -> None:
    site = refused_case(at)
    [message] = program(site, OFFICE).read(f"/instances/{site.journey.id}/messages")["items"]
    body = {"revision": message["revision"], "values": {}}
    for name in ("auditor", "district_manager.marand", "procurement"):
        stranger = program(site, name)
        assert stranger.post(f"/messages/{message['id']}", body).status_code == 403
        assert stranger.send(f"/messages/{message['id']}/files").status_code == 403


def test_the_office_reads_nothing_of_the_inquiry(at: At) -> None:
    site = refused_case(at)
    office, deputy = program(site, OFFICE), program(site, DEPUTY)
    path = f"/instances/{site.journey.id}"
    theirs, ours = office.read(path), deputy.read(path)
    assert "district_inquiry" in ours["processes"]
    assert "district_inquiry" not in theirs["processes"]
    assert ours["values"]["outcome"] == "reject"
    # the last «outcome» was said in the decision, which the office does not read
    assert not {"outcome", "reason", "field_findings", "organisations"} & theirs["values"].keys()
    assert theirs["values"]["office_name"] == ours["values"]["office_name"]
    hidden = {"district_inquiry"}
    assert not [e for e in whole_history(office, site.journey.id) if e["process_key"] in hidden]
    assert [e for e in whole_history(deputy, site.journey.id) if e["process_key"] in hidden]
    decision = [
        e for e in whole_history(office, site.journey.id) if e["element_id"] == "t_final_decision"
    ]
    assert [e["values"] for e in decision] == [None]
    assert SECRET in deputy.get(f"{path}/history", limit=500).text
    assert SECRET not in office.get(f"{path}/history", limit=500).text


def test_open_tasks_of_a_hidden_process_are_not_told(at: At) -> None:
    site = at("t_field_review")
    path = f"/instances/{site.journey.id}/tasks"
    seen = program(site, DEPUTY).read(path)["items"]
    assert {(t["key"], t["mine"]) for t in seen} == {
        ("t_field_review", False),
        ("t_ask_orgs", False),
    }
    assert program(site, OFFICE).read(path)["items"] == []
    [own] = [t for t in program(site, HEAD).read(path)["items"] if t["mine"]]
    assert own["key"] == "t_field_review"


def test_files_go_in_and_out_by_the_rules_of_their_form(at: At) -> None:
    site = at("t_field_review")
    head = program(site, HEAD)
    task = find(head, site.journey.id, "t_field_review")
    stored = head.send(f"/tasks/{task['id']}/files", name="../../گزارش.pdf").json
    assert (stored["name"], stored["size"]) == ("گزارش.pdf", len(PDF))
    got = head.get(f"/files/{stored['id']}")
    assert (got.data, got.mimetype) == (PDF, "application/pdf")
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    for name, status in (
        (DEPUTY, 200),
        (MANAGER, 200),
        (OFFICE, 404),
        ("district_manager.marand", 404),
        ("sysadmin", 404),
    ):
        assert program(site, name).get(f"/files/{stored['id']}").status_code == status, name
    with site.kartabl.reading() as tx:
        read = [e for e in history.entries(tx, site.journey.id) if e.type == "file:content:read"]
        assert [e.actor for e in read if e.data["file"] == stored["id"]] == [HEAD, DEPUTY, MANAGER]


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00 a program", b"<svg xmlns='x'/>"])
def test_what_is_no_document_is_not_taken(at: At, content: bytes) -> None:
    site = at("t_field_review")
    head = program(site, HEAD)
    task = find(head, site.journey.id, "t_field_review")
    answer = head.send(f"/tasks/{task['id']}/files", content)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "file")


def test_a_file_needs_an_open_task_of_ones_own(at: At) -> None:
    site = at("t_field_review")
    done = site.journey.tasks()["t_field_review"].id
    assert program(site, "district_manager.marand").send(f"/tasks/{done}/files").status_code == 403
    site.journey.do("t_field_review")
    answer = program(site, HEAD).send(f"/tasks/{done}/files")
    assert (answer.status_code, answer.json["code"]) == (409, "task_closed")


def test_a_draft_of_the_page_comes_with_the_task(at: At) -> None:
    site = at("t_check_docs")
    mine = program(site, DEPUTY)
    path = f"/tasks/{find(mine, site.journey.id, 't_check_docs')['id']}"
    assert mine.read(path)["draft_saved_at"] is None
    site.persona(DEPUTY).post(f"{path}/draft", {"note": "نیمه‌کاره", "_revision": "1"})
    task = mine.read(path)
    assert (task["values"]["note"], task["draft_saved_at"]) == ("نیمه‌کاره", "2026-11-24T08:00:00Z")


def test_the_inbox_filters_as_the_page_does(site: Site) -> None:
    mine = program(site, DEPUTY)
    for _ in range(2):
        assert mine.post("/instances", {"key": "office_onboarding"}).status_code == 201
    tasks = mine.read("/tasks", limit=100)["items"]
    assert [t["key"] for t in tasks].count("t_register_request") == 2
    assert [t["due_at"] for t in tasks] == sorted(t["due_at"] for t in tasks)
    assert mine.read("/tasks", lateness="late")["items"] == []
    [late] = program(site, "procurement").read("/tasks", lateness="late")["items"]
    assert late["due_at"] < "2026-11-24T08:00:00Z"
    [found] = mine.read("/tasks", q="آیین‌لو")["items"]
    assert found["key"] == "t_check_docs"
    assert mine.read("/tasks", q="آيينلو")["items"] == [found]
    assert mine.read("/tasks", district="ahar")["items"] == [found]
    assert mine.read("/tasks", district="nowhere")["items"] == []
    assert mine.read("/tasks", view="mine")["items"] == []
    assert mine.post(f"/tasks/{found['id']}/claim").status_code == 200
    assert len(mine.read("/tasks", view="mine")["items"]) == 1
    assert len(mine.read("/tasks", view="open")["items"]) == 2


def test_cases_are_found_page_by_page(site: Site) -> None:
    mine = program(site, DEPUTY, Scope.read)
    everything = [row["id"] for row in mine.read("/instances", limit=100)["items"]]
    assert len(everything) == 3
    found, after = [], {}
    while after is not None:
        page = mine.read("/instances", limit=1, **after)
        found += [row["id"] for row in page["items"]]
        after = {"after": page["next"]} if page["next"] else None
    assert found == everything
    assert mine.read("/instances", state="completed")["items"] == []
    assert len(mine.read("/instances", q="72035678")["items"]) == 1

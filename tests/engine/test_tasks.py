"""The verbs on a user task, by whom and in which state."""

import io
from typing import Any

import pytest
from sqlalchemy import func, select

from engine import files, history, inbox, instances, tasks
from engine.errors import (
    AlreadyClaimed,
    FileRefused,
    Forbidden,
    FormInvalid,
    FourEyes,
    NotCandidate,
    NotFound,
    Refusal,
    ScanMissing,
    TaskClosed,
)
from engine.identity import Actor
from engine.inbox import InboxFilter
from engine.models import EventLogEntry, UserTask
from tests.engine.bpmn import end, path, service, start, user
from tests.engine.conftest import AHAR, CHIEF, CLERK, CLERK2, MARAND, OFFICE, World

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def _two_steps(world: World, **properties: str) -> str:
    world.draw(
        start(starters="clerk"),
        service("s", "place"),
        user("a", **properties),
        user("b", "test/strict", notCompletedBy="a"),
        end(),
        path("begin", "s", "a", "b", "finish"),
        lanes={"کارمند": ["begin", "s", "a", "b", "finish"]},
    )
    return world.start(CLERK)


def _verb(world: World, verb: str, actor: Actor, task: UserTask) -> Any:
    revision = world.instance(task.instance_id).revision
    with world.engine.transaction(actor) as tx:
        return {
            "get": lambda: tasks.get(tx, task.id),
            "claim": lambda: tasks.claim(tx, task.id),
            "unclaim": lambda: tasks.unclaim(tx, task.id),
            "assign": lambda: tasks.assign(tx, task.id, "clerk2"),
            "draft": lambda: tasks.save_draft(tx, task.id, {"note": "x"}),
            "complete": lambda: tasks.complete(tx, task.id, {}, revision=revision),
        }[verb]()


VERBS = ["get", "claim", "unclaim", "draft", "complete"]


@pytest.mark.parametrize("verb", [*VERBS, "assign"])
@pytest.mark.parametrize("actor", [AHAR, OFFICE])
def test_people_of_other_posts_can_do_nothing(world: World, verb: str, actor: Actor) -> None:
    task = world.open(_two_steps(world))["a"]
    with pytest.raises((NotCandidate, Forbidden)):
        _verb(world, verb, actor, task)
    assert world.keys(task.instance_id) == ["a"]


@pytest.mark.parametrize(
    ("verb", "refusal"),
    [
        ("claim", AlreadyClaimed),
        ("unclaim", AlreadyClaimed),
        ("complete", AlreadyClaimed),
        ("assign", AlreadyClaimed),
        ("get", None),
        ("draft", None),
    ],
)
def test_what_a_colleague_holds(world: World, verb: str, refusal: type[Refusal] | None) -> None:
    _people(world)
    task = world.open(_two_steps(world))["a"]
    _verb(world, "claim", CLERK, task)
    if refusal is None:
        _verb(world, verb, CLERK2, task)
        return
    with pytest.raises(refusal):
        _verb(world, verb, CLERK2, task)
    assert world.open(task.instance_id)["a"].assignee == "clerk"


@pytest.mark.parametrize("verb", ["claim", "unclaim", "draft", "complete", "assign"])
def test_a_closed_task_stays_closed(world: World, verb: str) -> None:
    task = world.open(_two_steps(world))["a"]
    world.complete(CLERK, task)
    with pytest.raises(TaskClosed):
        _verb(world, verb, CLERK, task)


def _people(world: World) -> None:
    from engine.identity import add_user

    with world.engine.transaction() as tx:
        for person in (CLERK, CLERK2, CHIEF):
            add_user(tx, person.username, person.name_fa, person.name_en, "x", person.assignments)


def test_hand_a_task_to_a_colleague_or_take_it_from_above(world: World) -> None:
    _people(world)
    task = world.open(_two_steps(world))["a"]
    _verb(world, "assign", CHIEF, task)
    assert world.open(task.instance_id)["a"].assignee == "clerk2"
    with pytest.raises(Forbidden), world.engine.transaction(CHIEF) as tx:
        tasks.assign(tx, task.id, "chief")
    _verb(world, "unclaim", CLERK2, task)
    _verb(world, "claim", CLERK, task)
    assert world.open(task.instance_id)["a"].assignee == "clerk"


def test_four_eyes(world: World) -> None:
    case = _two_steps(world)
    world.do(CLERK, case, "a")
    with pytest.raises(FourEyes):
        world.do(CLERK, case, "b", name="Ali")
    world.do(CLERK2, case, "b", name="Ali")
    assert world.instance(case).state == "completed"


def test_an_undeclared_or_invalid_value_is_refused_whole(world: World) -> None:
    case = _two_steps(world)
    for values in ({"district": "marand"}, {"count": -1}, {"count": "x"}, {"typename": "datetime"}):
        with pytest.raises(FormInvalid) as refused:
            world.do(CLERK, case, "a", **values)
        assert refused.value.data == values
        assert refused.value.errors
    assert world.keys(case) == ["a"]
    assert "district" not in world.data(case)


def test_a_draft_is_kept_for_its_writer_only_and_goes_with_the_task(world: World) -> None:
    task = world.open(_two_steps(world))["a"]
    _verb(world, "draft", CLERK, task)
    with world.engine.reading(CLERK) as tx:
        assert tasks.draft(tx, task.id).data == {"note": "x"}
    with world.engine.reading(CLERK2) as tx:
        assert tasks.draft(tx, task.id) is None
    world.complete(CLERK, task)
    with world.engine.reading(CLERK) as tx:
        assert tasks.draft(tx, task.id) is None


def test_a_step_is_one_commit_and_few_statements(world: World) -> None:
    case = _two_steps(world, dueIn="3")
    world.statements.clear()
    world.commits = 0
    task = world.open(case)["a"]
    with world.engine.reading() as tx:
        revision = instances.get(tx, case).revision
    world.statements.clear()
    with world.engine.transaction(CLERK) as tx:
        tasks.complete(tx, task.id, {"note": "y"}, revision=revision)
    assert world.commits == 1
    assert len(world.statements) <= 12, world.statements


def test_a_failing_handler_takes_the_whole_step_back(world: World) -> None:
    world.draw(
        start(starters="clerk"),
        user("a"),
        service("s", "refuse"),
        end(),
        path("begin", "a", "s", "finish"),
        lanes={"کارمند": ["begin", "a", "s", "finish"]},
    )
    case = world.start(CLERK)
    before = world.instance(case)
    with pytest.raises(Refusal):
        world.do(CLERK, case, "a", note="keep")
    after = world.instance(case)
    assert (before.revision, before.log_length) == (after.revision, after.log_length)
    assert world.keys(case) == ["a"]


def _office_step(world: World) -> UserTask:
    world.draw(
        start(starters="clerk"),
        service("s", "place"),
        user("o", dueIn="2"),
        end(),
        path("begin", "s", "o", "finish"),
        lanes={"کارمند": ["begin", "s"], "دفتر": ["o", "finish"]},
    )
    return world.open(world.start(CLERK))["o"]


def _upload(world: World, actor: Actor, task: UserTask, content: bytes = PDF) -> str:
    with world.engine.transaction(actor) as tx:
        row = files.store(
            tx,
            stream=io.BytesIO(content),
            name="../../سند امضا.pdf",
            instance=instances.get(tx, task.instance_id),
            task_id=task.id,
            form_key=task.form_key,
        )
        return row.id


def test_an_office_step_is_recorded_on_its_behalf_with_a_scan(world: World) -> None:
    task = _office_step(world)
    with pytest.raises(NotCandidate):
        world.complete(MARAND, task)
    with pytest.raises(ScanMissing):
        world.complete(AHAR, task)
    with pytest.raises(ScanMissing):
        world.complete(AHAR, task, scan="00000000-0000-0000-0000-000000000000")
    scan = _upload(world, AHAR, task)
    world.complete(AHAR, task, scan=scan)
    with world.engine.reading() as tx:
        [entry] = [
            e for e in history.entries(tx, task.instance_id) if e.type.endswith("work:completed")
        ]
    assert (entry.actor, entry.role, entry.scope) == ("manager.ahar", "manager", "ahar")
    assert (entry.on_behalf_of, entry.data["scan"]) == ("office", scan)


@pytest.mark.parametrize(
    "content", [b"", b"<html><script>alert(1)</script>", b"MZ\x90\x00", b"GIF89a" + b"0" * 64]
)
def test_files_are_typed_by_content(world: World, content: bytes) -> None:
    task = _office_step(world)
    with pytest.raises(FileRefused):
        _upload(world, AHAR, task, content)


def test_a_file_lies_under_its_hash_and_its_name_is_no_path(world: World) -> None:
    task = _office_step(world)
    first, second = _upload(world, AHAR, task), _upload(world, AHAR, task)
    with world.engine.reading(AHAR) as tx:
        row, place = files.open_file(tx, first)
        assert files.open_file(tx, second)[1] == place
        assert (row.name, place.read_bytes()) == ("سند امضا.pdf", PDF)
        assert place.name == row.sha256
        with pytest.raises(NotFound):
            files.open_file(tx, "nothing")


def _keys(world: World, actor: Actor, **wanted: Any) -> list[str]:
    with world.engine.reading(actor) as tx:
        return [row.key for row in inbox.page(tx, InboxFilter(**wanted)).rows]


def test_the_inbox_shows_what_is_mine_and_what_i_may_claim(world: World) -> None:
    task = _office_step(world)
    assert _keys(world, OFFICE) == ["o"]
    assert _keys(world, CLERK) == []
    assert _keys(world, AHAR, view="behalf") == ["o"]
    assert _keys(world, MARAND, view="behalf") == []
    _verb(world, "claim", OFFICE, task)
    assert _keys(world, OFFICE, view="mine") == ["o"]
    assert _keys(world, OFFICE, view="open") == []
    with world.engine.reading(OFFICE) as tx:
        assert inbox.counts(tx) == {"mine": 1, "open": 0, "behalf": 0, "late": 0}
    world.pass_time(days=9)
    assert _keys(world, OFFICE, lateness="late") == ["o"]
    with world.engine.reading(OFFICE) as tx:
        assert inbox.counts(tx)["late"] == 1


def test_the_inbox_is_searched_whatever_the_spelling(world: World) -> None:
    _office_step(world)
    for text in ("7201", "۷۲۰۱", "گام o", "گام‌o"):
        assert _keys(world, OFFICE, text=text) == ["o"], text
    assert _keys(world, OFFICE, text="%") == []
    assert _keys(world, OFFICE, district="ahar") == ["o"]
    assert _keys(world, OFFICE, district="marand") == []


def test_pages_follow_one_another_without_gaps(world: World) -> None:
    _two_steps(world, dueIn="3")
    for _ in range(6):
        world.start(CLERK)
    seen: list[str] = []
    after = ""
    while True:
        with world.engine.reading(CLERK) as tx:
            page = inbox.page(tx, InboxFilter(after=after, limit=3))
        seen += [row.id for row in page.rows]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == 7


def test_a_long_history_is_read_from_its_end(world: World) -> None:
    case = _two_steps(world)
    world.do(CLERK, case, "a", note="نخست")
    with world.engine.reading() as tx:
        everything = [entry.number for entry in history.entries(tx, case)]
        assert [entry.number for entry in history.latest(tx, case, 3)] == everything[-3:]


def test_the_history_proves_itself_and_refuses_change(world: World) -> None:
    case = _two_steps(world)
    world.do(CLERK, case, "a", note="نخست")
    with world.engine.reading() as tx:
        assert history.verify(tx, case) is None
        assert history.verify(tx, "system") is None
        count = tx.session.scalar(select(func.count()).select_from(EventLogEntry))
        assert (count or 0) > 5
    with world.engine.transaction() as tx:
        row = tx.session.get_one(EventLogEntry, (case, 3))
        row.data = {"forged": True}
    with world.engine.reading() as tx:
        assert history.verify(tx, case) == 3

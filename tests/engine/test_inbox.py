"""The inbox: what each person sees, in which order, and what a page or a count costs."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from engine import inbox
from engine.calendar import end_of_day, local_date
from engine.identity import Actor
from engine.inbox import InboxFilter
from engine.models import UserTask
from forms.text import search_key
from tests.engine.bpmn import diagram, end, path, start, user
from tests.engine.conftest import AHAR, CLERK, MARAND, OFFICE, ROLES, TODAY, World

DISTRICTS = ("ahar", "marand")
#: Holds posts whose inboxes overlap: the office itself, and its district for it.
MANY = Actor(
    "many",
    "چندسمتی",
    "Many posts",
    (("clerk", ""), ("manager", "ahar"), ("manager", "marand"), ("office", "ahar-1")),
    id=9,
)
PEOPLE = (CLERK, AHAR, MARAND, OFFICE, MANY, Actor("nobody", "هیچ‌کس", "Nobody", id=8))


def _task(n: int, dice: random.Random, case: str) -> UserTask:
    role = dice.choice(list(ROLES.values()))
    district = dice.choice(DISTRICTS)
    office = f"{district}-{dice.randint(1, 2)}"
    subject = f"دفتر شمارهٔ {n} {dice.choice(('کمیاب', ''))}"
    return UserTask(
        id=str(UUID(int=dice.getrandbits(128))),
        instance_id=case,
        process_key=dice.choice(("p", "q")),
        key="a",
        name_fa="گام",
        name_en="Step",
        form_key="test/any",
        role=role.key,
        scope={"company": "", "district": district, "office": office}[role.scope],
        district=district,
        office=office,
        subject=subject,
        search_key=search_key(subject),
        state=dice.choice(("open", "open", "open", "completed")),
        assignee=dice.choice((None, None, "clerk", "many")),
        created_at=TODAY,
        # Many tasks fall due at the same instant, as they do at the end of a day.
        due_at=end_of_day(local_date(TODAY) + timedelta(days=dice.randint(-5, 9))),
    )


@pytest.fixture
def tasks(world: World) -> list[UserTask]:
    """Fill the inbox with tasks of all kinds."""
    nodes = start(), user("a"), end(), path("begin", "a", "finish")
    world.deploy(diagram("p", *nodes, lanes={ROLES["chief"].fa: ["begin", "a", "finish"]}))
    case = world.start()
    dice = random.Random(1405)
    rows = [_task(n, dice, case) for n in range(400)]
    with world.engine.transaction() as tx:
        tx.session.add_all(rows)
    return rows


def _routed(person: Actor, task: UserTask) -> bool:
    """Tell by the words of PROCEDURE 6 whether a task is for a person's posts."""
    proxies = {"manager": ("manager", task.district), "clerk": ("clerk", "")}
    role = ROLES[task.role]
    own = (task.role, task.scope) in person.assignments
    by_proxy = any(proxies[key] in person.assignments for key in role.represented_by)
    return own or (by_proxy and not role.login)


def _behalf(person: Actor, task: UserTask) -> bool:
    proxies = {"manager": ("manager", task.district), "clerk": ("clerk", "")}
    role = ROLES[task.role]
    return role.login and any(proxies[key] in person.assignments for key in role.represented_by)


def _seen(person: Actor, task: UserTask, wanted: InboxFilter) -> bool:
    if task.state != "open":
        return False
    mine, free = task.assignee == person.username, task.assignee is None
    views = {
        "mine": mine,
        "open": free and _routed(person, task),
        "behalf": free and _behalf(person, task),
        "all": mine or (free and _routed(person, task)),
    }
    until = {"late": TODAY, "today": end_of_day(local_date(TODAY))}
    until["week"] = end_of_day(local_date(TODAY) + timedelta(days=7))
    return (
        views[wanted.view]
        and wanted.process in ("", task.process_key)
        and wanted.district in ("", task.district)
        and (not wanted.lateness or task.due_at <= until[wanted.lateness])
        and search_key(wanted.text) in task.search_key
    )


def _all_pages(world: World, person: Actor, wanted: InboxFilter) -> Iterator[inbox.Page]:
    while True:
        with world.engine.reading(person) as tx:
            page = inbox.page(tx, wanted)
        yield page
        if not page.next:
            return
        assert page.next > wanted.after
        wanted = replace(wanted, after=page.next)


FILTERS: dict[str, dict[str, Any]] = {
    "everything": {},
    "a process": {"process": "q"},
    "a district": {"district": "ahar"},
    "another district": {"district": "marand"},
    "late": {"lateness": "late"},
    "until today": {"lateness": "today"},
    "within a week": {"lateness": "week"},
    "a word": {"text": "كمياب"},
    "a number": {"text": "شماره ۳"},
    "all at once": {"process": "p", "district": "ahar", "lateness": "week", "text": "کمیاب"},
    "nothing": {"text": "100%_/"},
}


@pytest.mark.parametrize("most", [20_000, 10], ids=["one look", "many looks"])
def test_pages_hold_what_is_for_me_and_nothing_else(
    world: World, tasks: list[UserTask], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(inbox, "MOST_SEARCHED", most)
    for person in PEOPLE:
        for view in ("all", "mine", "open", "behalf"):
            for name, given in FILTERS.items():
                wanted = InboxFilter(view=view, limit=7, **given)  # type: ignore[arg-type]
                pages = list(_all_pages(world, person, wanted))
                found = [(row.due_at, row.id) for page in pages for row in page.rows]
                due = [(task.due_at, task.id) for task in tasks if _seen(person, task, wanted)]
                assert found == sorted(due), (person.username, view, name)
                assert all(len(page.rows) <= 7 for page in pages)


def test_a_page_with_few_hits_says_where_to_search_on(
    world: World, tasks: list[UserTask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_SEARCHED", 10)
    wanted = InboxFilter(view="behalf", text="چیزی که نیست")
    pages = list(_all_pages(world, AHAR, wanted))
    assert len(pages) > 1
    assert not any(page.rows for page in pages)


def test_counts_are_those_of_the_pages(world: World, tasks: list[UserTask]) -> None:
    for person in PEOPLE:
        with world.engine.reading(person) as tx:
            found = inbox.counts(tx)
        for view in ("mine", "open", "behalf"):
            wanted = InboxFilter(view=view)
            assert found[view] == sum(_seen(person, task, wanted) for task in tasks), person
        late = InboxFilter(lateness="late")
        assert found["late"] == sum(_seen(person, task, late) for task in tasks), person


def test_a_count_stops_where_people_stop_counting(
    world: World, tasks: list[UserTask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_COUNTED", 20)
    with world.engine.reading(MANY) as tx:
        found = inbox.counts(tx)
    assert found == {"mine": 21, "open": 21, "behalf": 21, "late": 21}


@pytest.mark.parametrize(
    "cursor",
    ["x", "~", "2026-11-24~", "2026-11-24T08:00:00+00:00~\0", "9999-12-31T23:59:59-14:00~x"],
)
def test_what_is_no_cursor_shows_the_first_page(
    world: World, tasks: list[UserTask], cursor: str
) -> None:
    with world.engine.reading(CLERK) as tx:
        first = [row.id for row in inbox.page(tx, InboxFilter()).rows]
        assert [row.id for row in inbox.page(tx, InboxFilter(after=cursor)).rows] == first


@pytest.mark.parametrize("name", ["process", "district", "text"])
def test_no_character_breaks_a_filter(world: World, tasks: list[UserTask], name: str) -> None:
    for value in ("\0", "\ud800", "'\"\\", "%", "x" * 5_000):
        with world.engine.reading(MANY) as tx:
            inbox.page(tx, InboxFilter(**{name: value}))  # type: ignore[arg-type]


def _plans(world: World, act: Callable[[], object]) -> list[str]:
    """Return how the database carries out the statements of an act."""
    ran: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        ran.append((statement, values))

    event.listen(world.engine.database, "before_cursor_execute", note)
    act()
    event.remove(world.engine.database, "before_cursor_execute", note)
    explain = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}
    with world.engine.database.connect() as connection:
        if connection.dialect.name == "postgresql":  # a small table is cheapest read whole
            connection.exec_driver_sql("SET enable_seqscan = off")
        return [
            str(row[-1])
            for statement, values in ran
            if statement.startswith("SELECT")
            for row in connection.exec_driver_sql(
                explain[connection.dialect.name] + statement, values
            )
        ]


@pytest.mark.parametrize(
    "given", [{}, {"view": "behalf"}, {"lateness": "late"}, {"district": "ahar"}, {"text": "ک"}]
)
def test_every_branch_is_read_from_its_index(
    world: World, tasks: list[UserTask], given: dict[str, Any]
) -> None:
    def look() -> None:
        for person in (MANY, CLERK):
            with world.engine.reading(person) as tx:
                after = inbox.page(tx, InboxFilter(limit=5, **given)).next
                inbox.page(tx, InboxFilter(limit=5, after=after, **given))
                inbox.counts(tx)

    plans = _plans(world, look)
    read = [line for line in plans if "user_task" in line]
    known = ("ix_user_task_post", "ix_user_task_district", "ix_user_task_role")
    known += ("ix_user_task_holder", "sqlite_autoindex_user_task_1", "pk_user_task")
    assert read
    assert all(any(name in line for name in known) for line in read if "Sort Key" not in line)
    assert all("SEARCH" in line or "Scan using" in line for line in read if "Sort Key" not in line)


def test_a_page_and_the_counts_are_one_statement_each(world: World, tasks: list[UserTask]) -> None:
    for look, statements in (
        (lambda tx: inbox.page(tx, InboxFilter()), 1),
        (lambda tx: inbox.page(tx, InboxFilter(lateness="late")), 1),
        (lambda tx: inbox.page(tx, InboxFilter(text="ک")), 2),
        (inbox.counts, 1),
    ):
        with world.engine.reading(MANY) as tx:
            tx.session.connection()
            world.statements.clear()
            look(tx)
            assert len(world.statements) == statements

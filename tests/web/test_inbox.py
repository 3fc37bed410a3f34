"""The inbox: what is shown to whom, in which order, how it is filtered and paged."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine import instances
from engine.models import UserTask
from tests.web.conftest import Site
from tests.web.persona import Page, Persona, plain
from tests.workflows.journey import TODAY


def rows(page: Page) -> list[str]:
    """Return the addresses of the tasks in the order of the page."""
    return [str(each) for each in page.all("//a[@class='k-task-link']/@href")]


def cases(page: Page) -> list[str]:
    """Return what the tasks are about."""
    return page.texts("k-task-case")


def badges(page: Page) -> dict[str, int]:
    """Return the numbers on the chips by what they count."""
    chips = page.all("//nav[@class='k-chips']/a")
    return {
        plain(chip.text): int(chip.xpath("./span")[0].text)  # Persian digits are read as well
        for chip in chips
    }


@pytest.fixture
def many(site: Site) -> Site:
    """Let the deputy start thirty cases, two a day."""
    deputy = site.journey.actor("sales_deputy")
    for number in range(30):
        site.journey.now = TODAY - timedelta(days=40 - number // 2)
        with site.kartabl.transaction(deputy) as tx:
            instances.start(tx, "office_onboarding")
    site.journey.now = TODAY
    return site


def all_rows(persona: Persona, path: str) -> list[str]:
    """Walk the pages with the link to the next one."""
    found: list[str] = []
    for _page in range(10):
        page = persona.get(path)
        assert len(rows(page)) <= 25
        found += rows(page)
        following = page.all("//nav[@class='k-pager']/a[@rel='next']/@href")
        if not following:
            return found
        path = following[0]
    raise AssertionError("the pages come to no end")


@pytest.mark.parametrize("query", ["", "?view=open", "?lateness=late", "?q=ثبت"])
def test_paging_shows_each_task_once(many: Site, query: str) -> None:
    persona = many.persona("sales_deputy")
    found = all_rows(persona, f"/inbox{query}")
    assert len(found) == len(set(found)) >= 26
    first = persona.get(f"/inbox{query}")
    second = persona.get(first.all("//a[@rel='next']/@href")[0])
    assert [a.text for a in second.all("//nav[@class='k-pager']/a")] == ["صفحهٔ نخست"]
    assert rows(persona.get(second.all("//nav[@class='k-pager']/a/@href")[0])) == rows(first)


def test_a_task_that_goes_between_two_pages_hides_no_other(many: Site) -> None:
    persona = many.persona("sales_deputy")
    everything = all_rows(persona, "/inbox")
    first = persona.get("/inbox")
    with many.kartabl.transaction() as tx:
        tx.session.get_one(UserTask, rows(first)[-1].removeprefix("/tasks/")).state = "cancelled"
    rest = all_rows(persona, first.all("//a[@rel='next']/@href")[0])
    assert rest == everything[25:]


def test_badges_count_what_the_views_show(many: Site) -> None:
    persona = many.persona("sales_deputy")
    for address in rows(persona.get("/inbox"))[:3]:
        assert persona.post(f"{address}/claim").status == 303
    counted = badges(persona.get("/inbox"))
    views = {"همه": "", "در دست من": "?view=mine", "آزاد برای سمت من": "?view=open"}
    shown = {name: len(all_rows(persona, f"/inbox{query}")) for name, query in views.items()}
    shown["دیرشده"] = len(all_rows(persona, "/inbox?lateness=late"))
    assert shown == counted
    assert shown["در دست من"] == 3
    [menu] = persona.get("/inbox").all("//a[@class='k-nav-link'][@href='/inbox']/span[2]")
    assert int(menu.text) == shown["همه"]
    assert menu.get("class") == "k-count is-late"


def test_the_latest_comes_first_with_its_lateness_in_words(many: Site) -> None:
    page = many.persona("sales_deputy").get("/inbox")
    due = [str(each) for each in page.all("//div[@class='k-due']/time/@datetime")]
    assert due == sorted(due)
    assert due[0] < TODAY.isoformat()
    first = page.texts("k-due")[0]
    assert first == "۳۷ روز دیرکرد ۱۴۰۵/۰۷/۲۶"
    assert "is-late" in page.all("//li/@class")[0]


#: Hours from now at which a step of two working days is looked at, and what is said.
WORDS = [
    (0, "۲ روز کاری مانده", "2 working days left"),
    (48, "۱ روز کاری مانده", "1 working day left"),  # Thursday; Friday is off as well
    (96, "مهلت: امروز", "Due today"),
    (120, "۱ روز دیرکرد", "1 day late"),
    (168, "۳ روز دیرکرد", "3 days late"),
]


@pytest.mark.parametrize(("hours", "fa", "en"), WORDS)
def test_deadlines_in_words(site: Site, hours: int, fa: str, en: str) -> None:
    site.journey.start()
    site.journey.now += timedelta(hours=hours)
    persona = site.persona("sales_deputy")
    [task] = site.journey.tasks().values()
    for language, words in (("fa", fa), ("en", en)):
        page = persona.speak(language).get("/inbox")
        [row] = page.all(f"//li[.//a[@href='/tasks/{task.id}']]//div[@class='k-due']")
        assert plain(row.text_content()).startswith(words)


#: Spellings that find the demo's case «دفتر پیشخوان آیین‌لو اهر», 72031260.
FOUND = [
    "آیین‌لو",
    "آیین لو",
    "آیینلو",
    "ايين‌لو",
    "آيينلو",
    "آییـن‌لو",
    "۷۲۰۳۱۲۶۰",
    "72031260",
    "٧٢٠٣١٢٦٠",
    "کنترل کامل",
    "completeness",
    "COMPLETENESS",
]


@pytest.mark.parametrize("words", FOUND)
def test_search_finds_every_spelling(site: Site, words: str) -> None:
    persona = site.persona("sales_deputy")
    assert cases(persona.get("/inbox", query_string={"q": words})) == [
        "دفتر پیشخوان آیین‌لو اهر ۷۲۰۳۱۲۶۰"
    ]


@pytest.mark.parametrize("words", ["کندوان", "%", "آیین%", "72035678"])
def test_search_finds_nothing_else(site: Site, words: str) -> None:
    page = site.persona("sales_deputy").get("/inbox", query_string={"q": words})
    assert rows(page) == []
    assert page.texts("k-empty")[0].startswith("چیزی پیدا نشد")
    assert page.all("//input[@name='q'][@id='f-q']/@value") == [words]
    assert page.links("/inbox")


#: Query, and how many of the two tasks of the manager of Ahar it leaves.
FILTERS = [
    ("", 1),
    ("process=district_inquiry", 1),
    ("process=office_onboarding", 0),
    ("process=no_such", 0),
    ("district=ahar", 1),
    ("district=marand", 0),
    ("lateness=late", 1),
    ("lateness=week", 1),
    ("view=mine", 0),
    ("view=open", 1),
    ("view=no_such&lateness=no_such", 1),
    ("process=district_inquiry&district=ahar&lateness=late&q=قره‌داغ&view=open", 1),
]


@pytest.mark.parametrize(("query", "count"), FILTERS)
def test_filters(site: Site, query: str, count: int) -> None:
    page = site.persona("district_manager.ahar").get(f"/inbox?{query}")
    assert len(rows(page)) == count
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        if name in ("process", "district") and value != "no_such":
            assert page.all(f"//select[@name='{name}']/option[@selected]/@value") == [value]


def test_what_is_due_today_and_within_a_week(site: Site) -> None:
    site.journey.start()
    persona = site.persona("sales_deputy")
    [task] = site.journey.tasks().values()
    for hours, lateness, shown in (
        (0, "late", False),
        (0, "today", False),
        (0, "week", True),
        (96, "late", False),
        (96, "today", True),
        (120, "late", True),
        (120, "today", True),
    ):
        site.journey.now = TODAY + timedelta(hours=hours)
        found = rows(persona.get(f"/inbox?lateness={lateness}"))
        assert (f"/tasks/{task.id}" in found) is shown, (hours, lateness)


def test_offices_steps_are_in_a_view_of_their_own(at: Callable[[str], Site]) -> None:
    site = at("t_provide_prereq")
    manager = site.persona("district_manager.ahar")
    task = f"/tasks/{site.journey.tasks()['t_provide_prereq'].id}"
    assert task not in rows(manager.get("/inbox"))
    behalf = manager.get("/inbox?view=behalf")
    assert task in rows(behalf)
    assert badges(behalf)["به نمایندگی از دفاتر"] == len(rows(behalf))
    assert task in rows(site.persona("office_manager.72031234").get("/inbox"))


def test_an_empty_inbox_says_so(site: Site) -> None:
    page = site.persona("ceo").get("/inbox")
    assert page.texts("k-empty")[0].startswith("کارتابل شما خالی است")
    assert set(badges(page).values()) == {0}
    assert page.all("//span[@class='k-count is-late']") == []
    english = site.persona("ceo").speak("en").get("/inbox")
    assert english.texts("k-empty")[0].startswith("Your inbox is empty")

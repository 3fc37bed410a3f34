"""Notices reach the posts that they are for, the newest first."""

import pytest

from engine import instances, notifications
from engine.errors import NotFound
from engine.identity import Actor
from tests.engine.bpmn import end, path, start, user
from tests.engine.conftest import AHAR, CLERK, MARAND, World

BOTH = Actor("both", "هر دو", "Both", (("clerk", ""), ("manager", "ahar")), id=9)
NOBODY = Actor("nobody", "هیچ‌کس", "Nobody", id=8)


def _send(world: World, *posts: tuple[str, str]) -> None:
    world.draw(start(), user("a"), end(), path("begin", "a", "finish"), lanes={"رئیس": ["a"]})
    case = world.start()
    for n, (role, scope) in enumerate(posts):
        with world.engine.transaction() as tx:
            words = {"text_fa": f"خبر {n}", "text_en": f"News {n}"}
            instance = instances.get(tx, case)
            notifications.send(tx, instance, role=role, scope=scope, kind="reminder", **words)


def _read(world: World, person: Actor) -> tuple[list[str], int]:
    with world.engine.reading(person) as tx:
        return [row.text_en for row in notifications.mine(tx)], notifications.unread_count(tx)


def test_each_post_sees_its_own_and_the_newest_first(world: World) -> None:
    _send(world, ("clerk", ""), ("manager", "ahar"), ("clerk", ""), ("manager", "marand"))
    assert _read(world, CLERK) == (["News 2", "News 0"], 2)
    assert _read(world, BOTH) == (["News 2", "News 1", "News 0"], 3)
    assert _read(world, MARAND) == (["News 3"], 1)
    assert _read(world, NOBODY) == ([], 0)


def test_the_page_ends_somewhere(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "MOST", 3)
    notifications._newest.cache_clear()
    _send(world, *[("clerk", ""), ("manager", "ahar")] * 3)
    assert _read(world, BOTH) == (["News 5", "News 4", "News 3"], 3)
    notifications._newest.cache_clear()


def test_who_has_read_is_not_told_again_and_others_are(world: World) -> None:
    _send(world, ("clerk", ""))
    with world.engine.reading(CLERK) as tx:
        [row] = notifications.mine(tx)
    with pytest.raises(NotFound), world.engine.transaction(AHAR) as tx:
        notifications.mark_read(tx, row.id)
    with world.engine.transaction(CLERK) as tx:
        notifications.mark_read(tx, row.id)
    assert _read(world, CLERK)[1] == 0
    assert _read(world, BOTH)[1] == 1

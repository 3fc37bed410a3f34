"""Who may log in, and how guessing slows down."""

from datetime import date, timedelta

import pytest

from engine import identity
from engine.errors import LoginRefused, LoginThrottled
from engine.models import User
from tests.engine.conftest import World


def _add(world: World, demo: bool = False) -> None:
    with world.engine.transaction() as tx:
        identity.add_user(tx, "ali", "علی", "Ali", "secret-1", [("clerk", "")], demo=demo)


def _try(world: World, password: str, name: str = "ali", address: str = "10.0.0.1") -> User:
    try:
        with world.engine.transaction() as tx:
            return identity.authenticate(tx, name, password, address)
    except LoginRefused:
        with world.engine.transaction() as tx:
            identity.note_failure(tx, name, address)
        raise


def test_the_right_password_opens(world: World) -> None:
    _add(world)
    user = _try(world, "secret-1")
    with world.engine.reading() as tx:
        actor = identity.actor(tx, user.id)
    assert actor is not None
    assert actor.assignments == (("clerk", ""),)


@pytest.mark.parametrize(("name", "password"), [("ali", "wrong"), ("nobody", "secret-1"), ("", "")])
def test_a_wrong_one_is_refused_alike(world: World, name: str, password: str) -> None:
    _add(world)
    with pytest.raises(LoginRefused) as refused:
        _try(world, password, name)
    assert refused.value.message_en == LoginRefused.en


def test_guessing_slows_down_and_time_forgives(world: World) -> None:
    _add(world)
    for _ in range(identity.FAILURES_PER_NAME):
        with pytest.raises(LoginRefused):
            _try(world, "wrong")
    with pytest.raises(LoginThrottled):
        _try(world, "secret-1", address="10.9.9.9")
    world.pass_time(minutes=16)
    assert _try(world, "secret-1").username == "ali"


def test_many_names_from_one_address_are_slowed_too(world: World) -> None:
    _add(world)
    for n in range(identity.FAILURES_PER_ADDRESS):
        with pytest.raises(LoginRefused):
            _try(world, "wrong", f"name{n}")
    with pytest.raises(LoginThrottled):
        _try(world, "secret-1")
    assert _try(world, "secret-1", address="10.9.9.9").username == "ali"


def test_a_blocked_person_and_an_ended_post(world: World) -> None:
    _add(world)
    with world.engine.transaction() as tx:
        user = tx.session.get_one(User, 1)
        user.assignments[0].valid_to = date(2026, 11, 24)
    with world.engine.reading() as tx:
        assert identity.actor(tx, 1).roles == {"clerk"}
    world.now += timedelta(days=1)
    with world.engine.reading() as tx:
        assert identity.actor(tx, 1).roles == frozenset()
    with world.engine.transaction() as tx:
        tx.session.get_one(User, 1).active = False
    with world.engine.reading() as tx:
        assert identity.actor(tx, 1) is None
    with pytest.raises(LoginRefused):
        _try(world, "secret-1")

"""Access tokens on both databases: whose they are, until when, and how refusals are counted."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from engine import identity, tokens
from engine.errors import Invalid, NotFound, TokenRefused, TokenThrottled
from engine.identity import Actor
from engine.models import AccessToken, User
from engine.tokens import FAILURES_PER_ADDRESS, MOST_DAYS, Bearer, Scope
from tests.engine.conftest import World


def person(world: World, username: str = "ali") -> Actor:
    """Add a person."""
    with world.engine.transaction() as tx:
        identity.add_user(tx, username, "علی", "Ali", "x", [("clerk", "")])
        tx.session.flush()
        found = identity.actor_by_name(tx, username)
    assert found is not None
    return found


def token(world: World, actor: Actor, days: int = 30) -> str:
    """Make a token."""
    with world.engine.transaction(actor) as tx:
        return tokens.create(tx, "گزارش", [Scope.read], days)[1]


def come(world: World, text: str) -> Bearer:
    """Come with a token."""
    with world.engine.reading() as tx:
        return tokens.bearer(tx, text)


def test_a_token_is_its_person_with_todays_posts(world: World) -> None:
    ali = person(world)
    found = come(world, token(world, ali))
    assert (found.actor, found.token.scopes, found.demo) == (ali, ["read"], False)
    with world.engine.transaction() as tx:
        user = tx.session.get_one(User, ali.id)
        user.assignments[0].valid_to = user.assignments[0].valid_from - timedelta(days=1)
    assert come(world, token(world, ali)).actor.assignments == ()


def test_two_tokens_are_never_alike(world: World) -> None:
    ali = person(world)
    made = {token(world, ali) for _ in range(10)}
    assert len(made) == 10
    assert all(text.startswith("kbt_") and len(text) == 47 for text in made)


@pytest.mark.parametrize("change", ["", "x", " ", "\n"])
def test_nearly_a_token_is_none(world: World, change: str) -> None:
    text = token(world, person(world))
    for wrong in (text[:-1] + change, text + change + change, text.upper(), text[4:]):
        if wrong != text:
            with pytest.raises(TokenRefused):
                come(world, wrong)


def test_it_ends_by_its_term_by_its_owner_and_with_its_person(world: World) -> None:
    ali, reza = person(world), person(world, "reza")
    longest, revoked, blocked = token(world, ali, MOST_DAYS), token(world, ali), token(world, reza)
    with world.engine.transaction(ali) as tx:
        row = tokens.mine(tx)[0]
        tokens.revoke(tx, row.id)
        tokens.revoke(tx, row.id)
    with world.engine.transaction(reza) as tx, pytest.raises(NotFound):
        tokens.revoke(tx, row.id)
    with world.engine.transaction() as tx:
        tx.session.execute(update(User).where(User.id == reza.id).values(active=False))
    for text in (revoked, blocked):
        with pytest.raises(TokenRefused):
            come(world, text)
    world.pass_time(days=MOST_DAYS, seconds=-1)
    assert come(world, longest).actor == ali
    world.pass_time(seconds=1)
    with pytest.raises(TokenRefused):
        come(world, longest)


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [
        ("", ["read"], 30),
        ("\u200c", ["read"], 30),
        ("x" * 81, ["read"], 30),
        ("x", [], 30),
        ("x", ["read", "all"], 30),
        ("x", ["read"], 0),
        ("x", ["read"], MOST_DAYS + 1),
    ],
)
def test_what_cannot_be_made(world: World, name: str, scopes: list[str], days: int) -> None:
    with pytest.raises(Invalid), world.engine.transaction(person(world)) as tx:
        tokens.create(tx, name, scopes, days)
    with world.engine.reading() as tx:
        assert tx.session.scalars(select(AccessToken)).all() == []


def test_refusals_are_counted_for_an_address_and_a_window(world: World) -> None:
    def fail(address: str) -> None:
        with world.engine.transaction() as tx:
            tokens.note_failure(tx, address)

    for _ in range(FAILURES_PER_ADDRESS):
        fail("10.0.0.1")
    with pytest.raises(TokenThrottled):
        fail("10.0.0.1")
    fail("10.0.0.2")
    world.pass_time(minutes=15)
    fail("10.0.0.1")


def test_the_last_use_is_written_once_a_minute(world: World) -> None:
    text = token(world, person(world))
    row = come(world, text).token
    begin = world.now
    for seconds, noted in ((0, 0), (59, 0), (60, 60)):
        world.now = begin + timedelta(seconds=seconds)
        with world.engine.transaction() as tx:
            assert tokens.use_is_due(tx, tx.session.get_one(AccessToken, row.id)) == (seconds != 59)
            tokens.note_use(tx, row.id)
        assert come(world, text).token.last_used_at == begin + timedelta(seconds=noted)

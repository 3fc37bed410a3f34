"""Access tokens: a program acts for a person, never with more rights than the person has now."""

import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import func, or_, select, update

from engine import identity
from engine.errors import Invalid, NotFound, TokenRefused, TokenThrottled
from engine.events import EventType
from engine.history import record_system
from engine.identity import WINDOW, Actor
from engine.models import AccessToken, LoginFailure, User
from engine.transaction import Transaction
from forms.text import clean

PREFIX = "kbt_"
#: Random bytes of a token.
BYTES = 32
#: Days after which a token ends at the latest.
MOST_DAYS = 365
#: Tokens of one person that are valid at the same time.
MOST_TOKENS = 20
#: Refused tokens per address that are noted within ``identity.WINDOW``; then the answer is 429.
FAILURES_PER_ADDRESS = 30
#: How exactly the last use is known; noting each request would make every reading a writing.
USE_NOTED_EVERY = timedelta(minutes=1)


class Scope(StrEnum):
    """What a token may be used for, as far as its person may."""

    #: Look at tasks, cases and files.
    read = "read"
    #: Claim, assign and complete tasks; send messages and files.
    work = "work"
    #: Start cases.
    start = "start"
    #: Incidents and the gate for diagrams.
    admin = "admin"


@dataclass(frozen=True)
class Bearer:
    """A token and the person for whom it acts, with the posts held now."""

    token: AccessToken
    actor: Actor
    #: Whether it is a demo person, whom production refuses.
    demo: bool


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def create(
    tx: Transaction, name: str, scopes: Collection[str], days: int
) -> tuple[AccessToken, str]:
    """Make a token for the actor; return its row and the text that is shown this once.

    Raises:
        Invalid: for no name, no or unknown scopes, a term out of bounds, or too many tokens.

    """
    name = clean(name)
    _check(tx, name, scopes, days)
    text = PREFIX + secrets.token_urlsafe(BYTES)
    row = AccessToken(
        user_id=tx.actor.id,
        name=name,
        digest=_digest(text),
        hint=text[: len(PREFIX) + 4],
        scopes=sorted(scopes),
        created_at=tx.now,
        expires_at=tx.now + timedelta(days=days),
    )
    tx.session.add(row)
    tx.session.flush()
    data = {"token": row.id, "name": name, "scopes": row.scopes, "days": days}
    record_system(tx, EventType.token_created, data)
    return row, text


def _check(tx: Transaction, name: str, scopes: Collection[str], days: int) -> None:
    if not 1 <= len(name) <= 80:
        raise Invalid(
            "نام برنامه را با حداکثر ۸۰ نویسه بنویسید.",
            "Name the program in at most 80 characters.",
        )
    if not scopes or not set(scopes) <= set(Scope):
        raise Invalid("دست‌کم یکی از اجازه‌ها را انتخاب کنید.", "Choose at least one of the scopes.")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("مدت اعتبار از یک روز تا یک سال است.", "A token is valid for up to a year.")
    if sum(valid(tx, row) for row in mine(tx)) >= MOST_TOKENS:
        raise Invalid(
            "شمار توکن‌های شما زیاد است. یکی را که لازم ندارید باطل کنید.",
            "You have too many tokens. Revoke one that you do not need.",
        )


def valid(tx: Transaction, row: AccessToken) -> bool:
    """Tell whether a token is neither revoked nor expired."""
    return row.revoked_at is None and tx.now < row.expires_at


def mine(tx: Transaction) -> Sequence[AccessToken]:
    """Return the actor's tokens, the newest first."""
    query = select(AccessToken).where(AccessToken.user_id == tx.actor.id)
    return tx.session.scalars(query.order_by(AccessToken.id.desc())).all()


def revoke(tx: Transaction, token_id: int) -> AccessToken:
    """Stop one of the actor's tokens; again changes nothing.

    Raises:
        NotFound: when it is not the actor's.

    """
    row = tx.session.get(AccessToken, token_id)
    if row is None or row.user_id != tx.actor.id:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = tx.now
        record_system(tx, EventType.token_revoked, {"token": row.id, "name": row.name})
    return row


def bearer(tx: Transaction, text: str) -> Bearer:
    """Return whose token this is.

    Raises:
        TokenRefused: without telling what is wrong with it.

    """
    digest = _digest(text)
    row = tx.session.scalars(select(AccessToken).where(AccessToken.digest == digest)).one_or_none()
    known = hmac.compare_digest(row.digest if row else _digest(""), digest)
    if row is None or not known or not valid(tx, row):
        raise TokenRefused
    actor = identity.actor(tx, row.user_id)
    if actor is None:
        raise TokenRefused
    return Bearer(row, actor, tx.session.get_one(User, row.user_id).demo)


def use_is_due(tx: Transaction, row: AccessToken) -> bool:
    """Tell whether the last use was noted too long ago."""
    return row.last_used_at is None or row.last_used_at <= tx.now - USE_NOTED_EVERY


def note_use(tx: Transaction, token_id: int) -> None:
    """Keep when a token was used, at most once a minute."""
    earlier = AccessToken.last_used_at <= tx.now - USE_NOTED_EVERY
    due = or_(AccessToken.last_used_at.is_(None), earlier)
    statement = update(AccessToken).where(AccessToken.id == token_id, due)
    tx.session.execute(statement.values(last_used_at=tx.now))


def note_failure(tx: Transaction, address: str) -> None:
    """Remember a refused token, in its own transaction: the refusal itself rolls back.

    A right token from the same address goes on being accepted: 256 bits are not guessed, and
    one broken program must not stop the others behind the same router.

    Raises:
        TokenThrottled: when the address failed too often; nothing more is written then.

    """
    key = f"token:{address}"[:120]
    query = select(func.count()).select_from(LoginFailure)
    recent = query.where(LoginFailure.key == key, LoginFailure.at > tx.now - WINDOW)
    if (tx.session.scalar(recent) or 0) >= FAILURES_PER_ADDRESS:
        raise TokenThrottled
    tx.session.add(LoginFailure(key=key, at=tx.now))
    record_system(tx, EventType.token_refused, {"address": address})

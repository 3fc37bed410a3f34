"""People, roles and posts; who may log in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import bindparam, delete, func, select
from werkzeug.security import check_password_hash, generate_password_hash

from engine.calendar import local_date
from engine.errors import LoginRefused, LoginThrottled
from engine.events import EventType
from engine.history import record_system
from engine.models import Assignment, LoginFailure, User

if TYPE_CHECKING:
    from engine.transaction import Transaction

#: Refused log-ins per name, and per address, before the door stays shut for the window.
FAILURES_PER_NAME, FAILURES_PER_ADDRESS, WINDOW = 5, 30, timedelta(minutes=15)
#: Compared when the name is unknown, so that the answer takes as long as for a known one.
_NOBODY = generate_password_hash("nobody")


@dataclass(frozen=True)
class Role:
    """A job in the organisation; its Persian title is the lane's name (PROCEDURE 3.0)."""

    key: str
    fa: str
    en: str
    #: Whether a post in this role covers the company, one district or one office.
    scope: Literal["company", "district", "office"] = "company"
    external: bool = False
    #: Roles whose holders may record this role's steps on its behalf.
    represented_by: tuple[str, ...] = ()
    #: False for external parties that act only through a proxy.
    login: bool = True
    #: Role above, which is told when a post is vacant or late.
    supervisor: str = ""

    def title(self, language: str) -> str:
        """Return the title in the reader's language."""
        return self.fa if language == "fa" else self.en


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with the posts held today, or the engine itself."""

    username: str
    name_fa: str
    name_en: str
    #: (role, scope) pairs.
    assignments: tuple[tuple[str, str], ...] = ()
    language: str = "fa"
    id: int = 0

    @property
    def roles(self) -> frozenset[str]:
        """The roles that this person holds in any scope."""
        return frozenset(role for role, _ in self.assignments)

    def has(self, role: str, scope: str = "") -> bool:
        """Tell whether the person holds this role in this scope."""
        return (role, scope) in self.assignments

    def scopes(self, role: str) -> tuple[str, ...]:
        """Return the scopes in which the person holds this role."""
        return tuple(scope for held, scope in self.assignments if held == role)

    def name(self, language: str) -> str:
        """Return the name in the reader's language."""
        return self.name_fa if language == "fa" else self.name_en


#: The engine, for steps that no person takes: timers, deployments at start.
SYSTEM = Actor("", "سامانه", "The system")


def _in_force(begin: date, end: date | None, today: date) -> bool:
    return begin <= today and (end is None or today <= end)


def _as_actor(user: User, today: date) -> Actor:
    posts = tuple(
        (a.role, a.scope) for a in user.assignments if _in_force(a.valid_from, a.valid_to, today)
    )
    return Actor(user.username, user.name_fa, user.name_en, posts, user.language, user.id)


@dataclass(frozen=True)
class Account:
    """What is asked of a person at every request."""

    actor: Actor
    password_hash: str
    demo: bool


# Made once and read as plain columns: every request begins with it.
_ACCOUNT = (
    select(
        *(User.username, User.name_fa, User.name_en, User.language, User.password_hash, User.demo),
        *(Assignment.role, Assignment.scope, Assignment.valid_from, Assignment.valid_to),
    )
    .outerjoin(Assignment, Assignment.user_id == User.id)
    .where(User.id == bindparam("id"), User.active)
    .order_by(Assignment.id)
)


def account(tx: "Transaction", user_id: int) -> Account | None:
    """Return the account behind a session, or None when its person may no longer log in."""
    rows = tx.session.connection().execute(_ACCOUNT, {"id": user_id}).all()
    if not rows:
        return None
    today, user = local_date(tx.now), rows[0]
    posts = tuple(
        (row.role, row.scope)
        for row in rows
        if row.role and _in_force(row.valid_from, row.valid_to, today)
    )
    person = Actor(user.username, user.name_fa, user.name_en, posts, user.language, user_id)
    return Account(person, user.password_hash, user.demo)


def actor(tx: "Transaction", user_id: int) -> Actor | None:
    """Return a person by id, or None when he may no longer log in."""
    found = account(tx, user_id)
    return found.actor if found else None


def actor_by_name(tx: "Transaction", username: str) -> Actor | None:
    """Return a person by log-in name."""
    user = _by_name(tx, username)
    return _as_actor(user, local_date(tx.now)) if user and user.active else None


def _by_name(tx: "Transaction", username: str) -> User | None:
    return tx.session.scalars(select(User).where(User.username == username)).unique().one_or_none()


def _failures(tx: "Transaction", key: str) -> int:
    since = tx.now - WINDOW
    query = select(func.count()).select_from(LoginFailure)
    return tx.session.scalar(query.where(LoginFailure.key == key, LoginFailure.at > since)) or 0


def check_throttle(tx: "Transaction", username: str, address: str) -> None:
    """Refuse when this name or address failed too often.

    Raises:
        LoginThrottled: until the window has passed.

    """
    name_key, address_key = f"name:{username}"[:120], f"address:{address}"[:120]
    if (
        _failures(tx, name_key) >= FAILURES_PER_NAME
        or _failures(tx, address_key) >= FAILURES_PER_ADDRESS
    ):
        raise LoginThrottled


def note_failure(tx: "Transaction", username: str, address: str) -> None:
    """Remember a refused log-in, in its own transaction: the refusal itself rolls back."""
    for key in (f"name:{username}", f"address:{address}"):
        tx.session.add(LoginFailure(key=key[:120], at=tx.now))
    record_system(tx, EventType.login_refused, {"username": username[:80], "address": address})


def authenticate(tx: "Transaction", username: str, password: str, address: str) -> User:
    """Return the person with this name and password.

    The caller notes the failure with ``note_failure`` in a transaction of its own.

    Raises:
        LoginThrottled: after too many failures for the name or the address.
        LoginRefused: otherwise, without telling what was wrong.

    """
    check_throttle(tx, username, address)
    user = _by_name(tx, username)
    matches = check_password_hash(user.password_hash if user else _NOBODY, password)
    if user is None or not matches or not user.active:
        raise LoginRefused
    tx.session.execute(delete(LoginFailure).where(LoginFailure.key == f"name:{username}"[:120]))
    record_system(tx, EventType.user_logged_in, {"username": username, "address": address})
    return user


def add_user(
    tx: "Transaction",
    username: str,
    name_fa: str,
    name_en: str,
    password: str,
    assignments: Iterable[tuple[str, str]],
    *,
    demo: bool = False,
    language: str = "fa",
    since: date | None = None,
) -> User:
    """Add a person with posts that begin today, or on an earlier day."""
    user = User(
        username=username,
        name_fa=name_fa,
        name_en=name_en,
        password_hash=generate_password_hash(password),
        demo=demo,
        language=language,
    )
    begin = since or local_date(tx.now)
    user.assignments = [
        Assignment(role=role, scope=scope, valid_from=begin) for role, scope in assignments
    ]
    tx.session.add(user)
    tx.session.flush()
    posts = [f"{a.role}:{a.scope}" for a in user.assignments]
    record_system(tx, EventType.user_added, {"username": username, "posts": posts})
    return user


def holders(tx: "Transaction", role: str, scope: str) -> list[User]:
    """Return the people who hold this post today, in order of their names."""
    today = local_date(tx.now)
    query = select(User).join(Assignment).where(Assignment.role == role, Assignment.scope == scope)
    users = tx.session.scalars(query.where(User.active).order_by(User.name_fa)).unique().all()
    return [
        user
        for user in users
        if any(
            (a.role, a.scope) == (role, scope) and _in_force(a.valid_from, a.valid_to, today)
            for a in user.assignments
        )
    ]

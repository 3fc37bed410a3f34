"""Log in, log out, choose a language."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, login_user

from engine import identity
from engine.errors import LoginRefused, LoginThrottled
from engine.events import EventType
from engine.history import record_system
from engine.identity import Account, Actor
from engine.models import User
from web.access import PUBLIC, SIGNED_IN, allow, local_path, me, signed_in
from web.i18n import CHOICE, LANGUAGES, language
from web.pages import engine, plain, step
from workflows import demo

blueprint = Blueprint("auth", __name__)


@dataclass(frozen=True)
class Person(UserMixin):  # type: ignore[misc]
    """Who is logged in, for flask-login."""

    actor: Actor
    #: Ends the session when the password changes.
    seal: str

    @property
    def language(self) -> str:
        """The language of the person's account."""
        return self.actor.language

    def get_id(self) -> str:
        """Return what the session keeps."""
        return f"{self.actor.id}:{self.seal}"


def _seal(user: User | Account) -> str:
    return user.password_hash[-8:]


def load(key: str) -> Person | None:
    """Return the person of a session; None when he may no longer be here."""
    number, _, seal = key.partition(":")
    if not number.isdigit():
        return None
    with engine().reading() as tx:
        account = identity.account(tx, int(number))
    if account is None or _seal(account) != seal or not _may_enter(account):
        return None
    return Person(account.actor, seal)


def _admitted(user: User) -> User:
    if not _may_enter(user):
        raise LoginRefused
    return user


def _may_enter(user: User | Account) -> bool:
    """Keep demo accounts, whose password is printed, out of production."""
    return bool(current_app.config["DEMO"]) or not user.demo


@blueprint.get("/login")
@allow(PUBLIC)
def login() -> ResponseReturnValue:
    """Ask for name and password."""
    target = local_path(request.args.get("next", "/"))
    return redirect(target) if signed_in() else _form(target)


def _form(target: str, message: str = "", status: int = 200) -> ResponseReturnValue:
    logins = {"password": demo.PASSWORD, "users": demo.people()}
    return plain(
        "login.html",
        status,
        next=target,
        message=message,
        username=request.form.get("username", ""),
        logins=logins if current_app.config["DEMO"] else None,
    )


@blueprint.post("/login")
@allow(PUBLIC)
def enter() -> ResponseReturnValue:
    """Check name and password and begin a session."""
    target = local_path(request.form.get("next", "/"))
    username = request.form.get("username", "").strip()
    try:
        user = _authenticate(username, request.form.get("password", ""))
    except (LoginRefused, LoginThrottled) as refusal:
        return _form(target, refusal.message(language()), refusal.status)
    _begin_session(user)
    return redirect(target, 303)


def _authenticate(username: str, password: str) -> User:
    address = request.remote_addr or ""
    try:
        with engine().transaction() as tx:
            return _admitted(identity.authenticate(tx, username, password, address))
    except LoginRefused:
        with engine().transaction() as tx:
            identity.note_failure(tx, username, address)
        raise


def _begin_session(user: User) -> None:
    """Start with an empty session, so that nothing set before the log-in lives on."""
    chosen = session.get(CHOICE)
    session.clear()
    if chosen:
        session[CHOICE] = chosen
    session.permanent = True
    login_user(Person(Actor(user.username, user.name_fa, user.name_en, id=user.id), _seal(user)))


@blueprint.post("/logout")
@allow(SIGNED_IN)
def leave() -> ResponseReturnValue:
    """End the session."""
    with step() as tx:
        record_system(tx, EventType.user_logged_out, {"username": me().username})
    chosen = language()
    session.clear()
    session[CHOICE] = chosen
    return redirect(url_for("auth.login"), 303)


@blueprint.post("/language")
@allow(PUBLIC)
def choose_language() -> ResponseReturnValue:
    """Switch the language, for this session and for the person's next ones."""
    response = redirect(local_path(request.form.get("next", "/")), 303)
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        session[CHOICE] = wanted
        _remember(wanted)
        response.set_cookie(CHOICE, wanted, max_age=365 * 24 * 3600, **_cookie_flags())
    return response


def _remember(wanted: str) -> None:
    person = signed_in()
    if person is not None:
        with step() as tx:
            tx.session.get_one(User, person.id).language = wanted


def _cookie_flags() -> dict[str, Any]:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    return {"httponly": True, "samesite": "Lax", "secure": secure}


def init(app: Flask) -> None:
    """Put sessions into the application."""
    logins = LoginManager(app)
    logins.session_protection = None  # the seal and the signature hold; addresses change on phones
    logins.user_loader(load)
    app.register_blueprint(blueprint)

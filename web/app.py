"""Make the Flask application."""

from datetime import timedelta

from flask import (
    Blueprint,
    Flask,
    redirect,
    request,
    send_from_directory,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from engine.transaction import Engine
from web import (
    access,
    auth,
    calendar_pages,
    cases,
    errors,
    files,
    i18n,
    inbox,
    incidents,
    messages,
    notifications,
    offices,
    pages,
    people,
    processes,
    security,
    tasks,
    tokens,
    wiring,
)
from web.api import app as api
from web.settings import Settings

site = Blueprint("site", __name__)
#: Built files carry their hash in the name, so a browser may keep them for ever.
FOR_EVER = 365 * 24 * 3600


class Number(IntegerConverter):
    """Numbers in addresses; none is longer than a database's."""

    regex = r"\d{1,9}"


class Sessions(SecureCookieSessionInterface):
    """Signed cookies that no cacheable file carries."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Leave built files alone; every page renews the session."""
        return request.endpoint != "site.static" and super().should_set_cookie(app, session)


@site.get("/")
@access.allow(access.SIGNED_IN)
def home() -> ResponseReturnValue:
    """Begin in the inbox."""
    return redirect(url_for("inbox.index"))


@site.get("/static/<path:name>")
@access.allow(access.PUBLIC)
def static(name: str) -> ResponseReturnValue:
    """Send a built front-end file."""
    response = send_from_directory(pages.STATIC, name, max_age=FOR_EVER)
    response.cache_control.public, response.cache_control.immutable = True, True
    return response


def create_app(settings: Settings, engine: Engine | None = None) -> Flask:
    """Make the application on an engine; without one, on the settings' database."""
    app = Flask(__name__, static_folder=None)
    app.config.update(_config(settings))
    app.session_interface = Sessions()
    app.url_map.converters["int"] = Number
    app.extensions["kartabl"] = engine or wiring.engine(settings)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    access.init(app)  # first, so that a stranger is asked to log in before anything else
    auth.init(app)
    CSRFProtect(app)
    for part in (i18n, security, errors, pages, people):
        part.init(app)
    for part in (
        inbox,
        tasks,
        cases,
        messages,
        offices,
        processes,
        notifications,
        calendar_pages,
        incidents,
        files,
        tokens,
    ):
        app.register_blueprint(part.blueprint)
    app.register_blueprint(site)
    api.init(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    return app


def _config(settings: Settings) -> dict[str, object]:
    hosts = [host.strip() for host in settings.hosts.split(",") if host.strip()]
    return {
        "DEMO": settings.demo,
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "kartabl",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": not settings.demo,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "MAX_CONTENT_LENGTH": settings.max_upload_mb * 1024 * 1024,
        "MAX_FORM_PARTS": settings.max_form_parts,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "TRUSTED_HOSTS": hosts or None,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: long forms are typed slowly
        "WTF_CSRF_SSL_STRICT": True,
    }

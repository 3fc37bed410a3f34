"""The API as an application of its own below ``/api/v1``: it knows no session and no cookie."""

import re
from functools import partial

from flask import Flask, request
from flask.sessions import SessionInterface, SessionMixin
from flask.wrappers import Request
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from engine.errors import Forbidden
from web import security
from web.api import (
    caller,
    definitions,
    deployments,
    files,
    incidents,
    instances,
    me,
    messages,
    openapi,
    problems,
    tasks,
)
from web.api.contract import ENDPOINTS

PREFIX = "/api/v1"
#: Whose import declares the operations.
SUBJECTS = (me, definitions, deployments, instances, tasks, messages, files, incidents, openapi)


class NoSessions(SessionInterface):
    """Neither read nor write a cookie."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:  # noqa: ARG002
        """Return nothing, whatever cookie came."""
        return None


def create_api(site: Flask) -> Flask:
    """Make the API on the site's database, languages and limits."""
    api = Flask("web.api", root_path=site.root_path, static_folder=None)
    api.config.update(site.config)
    api.extensions = site.extensions
    api.session_interface = NoSessions()
    api.before_request(guard)
    security.init(api)
    problems.init(api)
    for name, each in ENDPOINTS.items():
        address = re.sub(r"{(\w+)}", r"<\1>", each.path)
        api.add_url_rule(
            address,
            name,
            partial(each.perform),
            methods=[each.method],
            provide_automatic_options=False,
        )
    return api


def guard() -> None:
    """Deny by default: an operation answers who has a token for it and a role that may.

    Raises:
        Forbidden, TokenRefused, TokenThrottled, ScopeMissing: to everybody else.

    """
    if request.endpoint is None:
        return
    declared = ENDPOINTS.get(request.endpoint)
    if declared is None:
        raise Forbidden
    declared.limit()
    if declared.scope is not None and not declared.rule.admits(caller.identify(declared.scope)):
        raise Forbidden


def init(site: Flask) -> None:
    """Put the API beside the pages."""
    api = create_api(site)
    site.wsgi_app = DispatcherMiddleware(site.wsgi_app, {PREFIX: api.wsgi_app})  # type: ignore[method-assign]

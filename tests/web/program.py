"""A program that uses the API for a person; every answer is held against the OpenAPI document."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

import jsonschema_rs
from werkzeug.test import TestResponse

from engine import tokens
from engine.tokens import Scope
from tests.web.conftest import Site
from tests.workflows.journey import PDF
from web.api.contract import ENDPOINTS, Endpoint
from web.api.openapi import document

PREFIX = "/api/v1"


@cache
def _document() -> dict[str, Any]:
    return document()


@cache
def _validator(reference: str) -> Any:
    schema = {"$ref": reference, "components": _document()["components"], "paths": _paths()}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def _paths() -> Any:
    return _document()["paths"]


def _operation(method: str, path: str) -> Endpoint | None:
    parts = path.removeprefix(PREFIX).split("/")
    for each in ENDPOINTS.values():
        theirs = each.path.split("/")
        same = each.method == method and len(theirs) == len(parts)
        if same and all(t in ("", p) or t[0] == "{" for t, p in zip(theirs, parts, strict=True)):
            return each
    return None


def conform(response: TestResponse) -> TestResponse:
    """Assert that an answer is one that the document foretells."""
    path = urlsplit(response.request.path).path
    method = response.request.method
    operation = _operation(method, path)
    if operation is None:
        assert response.status_code in (404, 405), (method, path, response.text)
        return response
    status = str(response.status_code)
    told = _paths()[operation.path][method.lower()]["responses"]
    assert status in told, (method, path, response.status_code, response.text)
    assert response.mimetype in told[status]["content"], (method, path, response.mimetype)
    if response.mimetype.endswith("json"):
        pointer = (operation.path, method.lower(), "responses", status, "content")
        names = (*pointer, response.mimetype, "schema")
        escaped = [quote(name.replace("~", "~0").replace("/", "~1")) for name in names]
        found = list(_validator("#/paths/" + "/".join(escaped)).iter_errors(response.json))
        assert not found, (method, path, str(found[0]))
    assert "Set-Cookie" not in response.headers
    assert response.data is not None  # read while the file behind a download is open
    response.close()
    response.request.environ["wsgi.input"].close()  # what was sent may lie in a file
    return response


@dataclass
class Program:
    """Somebody's program with a token."""

    site: Site
    token: str = ""
    #: Sent with each request.
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.token:
            self.headers["Authorization"] = f"Bearer {self.token}"

    def open(self, method: str, path: str, **options: Any) -> TestResponse:
        """Send a request."""
        client = self.site.app.test_client(use_cookies=False)
        headers = {**self.headers, **options.pop("headers", {})}
        return conform(client.open(PREFIX + path, method=method, headers=headers, **options))

    def get(self, path: str, **query: Any) -> TestResponse:
        """Ask for something."""
        return self.open("GET", path, query_string=query)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> TestResponse:
        """Do something."""
        return self.open("POST", path, json=body) if body is not None else self.open("POST", path)

    def send(self, path: str, content: bytes = PDF, name: str = "سند.pdf") -> TestResponse:
        """Send a file."""
        return self.open("POST", path, data={"file": [(io.BytesIO(content), name)]})

    def read(self, path: str, **query: Any) -> Any:
        """Return what is told, and assert that it was."""
        response = self.get(path, **query)
        assert response.status_code == 200, response.text
        return response.json


def program(site: Site, username: str, *scopes: Scope, days: int = 30) -> Program:
    """Return a person's program; without scopes it may do all that the person may."""
    with site.kartabl.transaction(site.journey.actor(username)) as tx:
        _row, text = tokens.create(tx, "آزمون", scopes or tuple(Scope), days)
    return Program(site, text)

"""What an endpoint declares, once: its requests are held to it and the document is made of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import jsonschema_rs
import orjson
from flask import Response, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import UnsupportedMediaType

from engine.errors import NotFound
from engine.tokens import Scope
from forms.messages import OTHER, UNKNOWN, sentence
from forms.validation import FieldError
from web.access import SIGNED_IN, Rule
from web.api.problems import BodyUnreadable, RequestInvalid
from web.api.schemas import PATH_PARAMETERS, Schema, closed

View = Callable[..., Any]
Declared = TypeVar("Declared", bound=View)
#: Bytes of a JSON body.
MOST_JSON = 1024 * 1024
JSON, MULTIPART = "application/json", "multipart/form-data"


@dataclass(frozen=True)
class Endpoint:
    """One operation of the API."""

    method: str
    #: As ``/tasks/{task_id}/claim``.
    path: str
    view: View
    #: What it does, in Persian and English.
    fa: str
    en: str
    #: Scope that the token needs; None: open to everybody.
    scope: Scope | None
    #: Roles of which the token's person needs one.
    rule: Rule = SIGNED_IN
    #: Schema of each query parameter.
    query: Mapping[str, Schema] = field(default_factory=dict)
    #: Schema of the JSON body; None where there is none.
    body: Schema | None = None
    #: Name of the multipart field that takes files, and how many it may hold.
    upload: tuple[str, int] | None = None
    status: int = 200
    #: Schema of the answer, or the media types of a download.
    answer: Schema | tuple[str, ...] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The operation's id, as ``tasks.claim``."""
        return f"{self.view.__module__.rpartition('.')[2]}.{self.view.__name__}"

    @property
    def parameters(self) -> dict[str, Schema]:
        """The schema of each part of the path that varies."""
        return {name: s for name, s in PATH_PARAMETERS.items() if f"{{{name}}}" in self.path}

    @cached_property
    def _path(self) -> "Contract":
        return Contract(closed(self.parameters))

    @cached_property
    def _query(self) -> "Contract":
        return Contract(closed(self.query, required=()))

    @cached_property
    def _body(self) -> "Contract":
        return Contract(self.body or {})

    def limit(self) -> None:
        """Keep JSON short, before anything reads the body; files have a limit of their own."""
        if self.body is not None:
            request.max_content_length = MOST_JSON

    def perform(self, **path: str) -> Response:
        """Hold a request to the contract, let the view answer it.

        Raises:
            NotFound: when the path cannot name anything.
            RequestInvalid, BodyUnreadable, UnsupportedMediaType: when it breaks the contract.

        """
        arguments = {name: _typed(self.parameters[name], text) for name, text in path.items()}
        if any(self._path.broken(arguments)):
            raise NotFound
        if self.query or request.args:
            arguments |= self._asked()
        if self.body is not None:
            arguments["body"] = self._sent()
        if self.upload is not None:
            arguments["uploads"] = _uploads(*self.upload)
        result = self.view(**arguments)
        return result if isinstance(result, Response) else reply(result, self.status)

    def _asked(self) -> dict[str, Any]:
        given = {name: _one(self.query, request.args, name) for name in request.args}
        self._query.check(given)
        return {name: given.get(name, schema.get("default")) for name, schema in self.query.items()}

    def _sent(self) -> Any:
        if request.mimetype != JSON:
            raise UnsupportedMediaType
        try:
            body = orjson.loads(request.get_data())
        except orjson.JSONDecodeError as error:
            raise BodyUnreadable from error
        self._body.check(body)
        return body


class Contract:
    """A compiled schema that names what breaks it in two languages."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        compiled = jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True)
        self._validator: Any = compiled  # its errors' details have no declared types

    def broken(self, value: Any) -> Iterator[FieldError]:
        """Yield what is wrong."""
        for error in self._validator.iter_errors(value):
            *place, keyword = (str(part) for part in error.schema_path)
            path = [str(part) for part in error.instance_path]
            if keyword == "required":
                path.append(str(error.kind.property))
            if keyword == "additionalProperties":
                path.append(str(error.kind.unexpected[0]))
            schema: Any = self._schema
            for part in place:
                schema = schema[int(part) if isinstance(schema, list) else part]
            said = sentence(keyword, schema[keyword], str(schema.get("format", "")))
            yield FieldError(".".join(path), *said)

    def check(self, value: Any) -> None:
        """Refuse a value that breaks the schema.

        Raises:
            RequestInvalid: naming each point.

        """
        if found := list(self.broken(value)):
            raise RequestInvalid(found)


def _one(schemas: Mapping[str, Schema], given: MultiDict[str, str], name: str) -> Any:
    """Return the one value of a query parameter."""
    values = given.getlist(name)
    if name not in schemas:
        raise RequestInvalid([FieldError(name, *UNKNOWN)])
    if len(values) != 1:
        raise RequestInvalid([FieldError(name, *OTHER)])
    return _typed(schemas[name], values[0])


def _typed(schema: Schema, text: str) -> Any:
    """Read a parameter as its schema says; what cannot be read stays text, which is refused."""
    kind = schema.get("type")
    if kind == "integer" and text.isascii() and text.isdecimal() and len(text) <= 18:
        return int(text)
    if kind == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return text


def _uploads(name: str, most: int) -> list[Any]:
    if request.mimetype != MULTIPART:
        raise UnsupportedMediaType
    unknown = [FieldError(each, *UNKNOWN) for each in {*request.files, *request.form} - {name}]
    files = request.files.getlist(name)
    if not 1 <= len(files) <= most:
        unknown.append(FieldError(name, *OTHER))
    if unknown:
        raise RequestInvalid(unknown)
    return files


def reply(value: Any, status: int = 200) -> Response:
    """Make a JSON answer; instants are written in UTC with a Z."""
    content = orjson.dumps(value, option=orjson.OPT_UTC_Z)
    return Response(content, status, content_type=JSON)


#: Every operation by its name.
ENDPOINTS: dict[str, Endpoint] = {}


def operations() -> list[Endpoint]:
    """Return every operation in the order of the addresses."""
    return sorted(ENDPOINTS.values(), key=lambda each: (each.path, each.method))


def endpoint(
    method: str, path: str, *, fa: str, en: str, scope: Scope | None, **more: Any
) -> Callable[[Declared], Declared]:
    """Declare the operation that a view answers."""

    def declare(view: Declared) -> Declared:
        made = Endpoint(method, path, view, fa, en, scope, **more)
        ENDPOINTS[made.name] = made
        return view

    return declare

"""A private engine in memory for each simulation: the same code, a database that nobody else has.

What every simulation begins with (tables, calendar, the procedure's reference data) is made
once and copied page by page, so that a request costs milliseconds and leaves nothing behind.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine import calendar
from engine.identity import Role
from engine.models import Base
from engine.queue import MemoryQueue
from engine.service_tasks import Handler
from engine.spiff.elements import Diagram
from engine.spiff.foreign import adapted
from engine.transaction import Engine, Options, Transaction

#: SQLite in memory; one connection, gone when the engine is disposed of.
_MEMORY = "sqlite://"


def _nothing(_tx: Transaction) -> None:
    """Prepare nothing: the tables and the calendar are enough."""


class Sandbox:
    """Makes private engines with an installation's roles, handlers and lists."""

    def __init__(
        self,
        roles: Mapping[str, Role],
        handlers: Mapping[str, Handler],
        options: Options = lambda _tx, _source, _instance: [],
        prepare: Callable[[Transaction], None] = _nothing,
        library: Mapping[str, bytes] = MappingProxyType({}),
    ) -> None:
        self.roles = roles
        self.handlers = handlers
        self._options = options
        self._prepare = prepare
        self._library = library
        self._first: tuple[datetime, Engine] | None = None
        self._spare: Engine | None = None
        self._trusted = True

    @contextmanager
    def engine(self, now: datetime) -> Iterator[Engine]:
        """Give an engine on a fresh copy of a database that was prepared at an instant.

        One that was given back is given again: it knows the statements, and the copy overwrites
        every page. What an exception left behind is thrown away instead.
        """
        private, self._spare = self._spare or self._made(now), None
        private.handlers, private.queue = self.handlers, MemoryQueue()
        private.published.clear()
        self._trusted = True
        try:
            _connection(self._prepared(now)).backup(_connection(private))
            yield private
        except BaseException:
            private.database.dispose()
            raise
        self._spare = private if self._trusted else None
        if self._spare is None:
            private.database.dispose()

    def distrust(self) -> None:
        """Throw the engine in use away when it is given back: it was left in the middle."""
        self._trusted = False

    def supplied(self, scopes: list[Diagram]) -> dict[str, bytes]:
        """Return the installation's own files that diagrams name and do not hold.

        A process is found as ``<key>.bpmn``, a form as ``<key>.json``. What is found is read as
        well, and its diagrams join the list.
        """
        found: dict[str, bytes] = {}
        for scope in scopes:  # grows while it is walked
            held = {each.key for each in scopes}
            for element in scope.elements.values():
                names = [f"{element.properties.get('formKey')}.json"]
                if element.called and element.called not in held:
                    names.append(f"{element.called}.bpmn")
                for name in self._library.keys() & set(names) - found.keys():
                    found[name] = self._library[name]
                    scopes += adapted(found[name], name)[1] if name.endswith(".bpmn") else []
        return found

    def _made(self, now: datetime) -> Engine:
        return Engine(
            _MEMORY,
            roles=self.roles,
            handlers=self.handlers,
            options=self._options,
            files=Path(tempfile.gettempdir()),  # papers of a simulation have no bytes
            clock=lambda: now,
            strict=False,
        )

    def _prepared(self, now: datetime) -> Engine:
        """Return the database to copy; one instant's is kept, as most requests share it."""
        if self._first is None or self._first[0] != now:
            if self._first is not None:
                self._first[1].database.dispose()
            first = self._made(now)
            Base.metadata.create_all(first.database)
            with first.transaction() as tx:
                calendar.seed(tx.session)
                tx.session.flush()
                self._prepare(tx)
            self._first = now, first
        return self._first[1]

    def close(self) -> None:
        """Let go of the databases."""
        kept = [self._spare, self._first[1] if self._first else None]
        for engine in filter(None, kept):
            engine.database.dispose()
        self._spare = self._first = None


def _connection(engine: Engine) -> Any:
    """Return the one connection of an engine in memory."""
    with engine.database.connect() as connection:
        return connection.connection.driver_connection

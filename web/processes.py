"""The published procedures and their diagrams."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from engine import deployments, diagram
from engine.deployments import Published
from engine.identity import Role
from engine.models import ProcessDefinition
from engine.spiff.elements import Diagram, Element
from engine.transaction import Transaction
from web.access import SIGNED_IN, allow
from web.i18n import _, fanum
from web.pages import engine, reading, show

#: Documentation of a process, as "W-SA-08-00: 3-2-2, 4-2-2".
_DOCUMENTED = re.compile(r"[\w-]+: (?P<clauses>\d+(-\d+)*(, \d+(-\d+)*)*)")

blueprint = Blueprint("processes", __name__, url_prefix="/processes")


@dataclass(frozen=True)
class Step:
    """A user task as the page of its process lists it."""

    element: Element
    role: Role
    #: In words.
    deadline: str
    #: Title of its form in both languages; None without a form.
    form: Mapping[str, str] | None
    #: Of the document, as "4-2-2"; "" where the diagram names none.
    clauses: str


@dataclass(frozen=True)
class Process:
    """A published process: what its diagram says in a few words."""

    definition: ProcessDefinition
    document: str
    #: Of the document, as "3-2-2, 4-2-2"; "" where the diagram names none.
    clauses: str
    steps: list[Step]
    #: Ids of the roles that may start it; empty where it only runs inside another.
    starters: list[str]
    #: The processes that call it.
    callers: list[Diagram]

    @property
    def roles(self) -> list[Role]:
        """The roles that have steps, in the order in which they first act."""
        return list(dict.fromkeys(step.role for step in self.steps))


@blueprint.get("")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    """List the latest version of each process: first what people start, then what these call."""
    with reading() as tx:
        processes = [_process(tx, row) for row in deployments.definitions(tx)]
        processes.sort(key=lambda process: not process.starters)
        return show(tx, "processes/index.html", processes=processes)


@blueprint.get("/<key>")
@allow(SIGNED_IN)
def view(key: str) -> ResponseReturnValue:
    """Show a process: its diagram, its steps, who does them and by when."""
    with reading() as tx:
        definition = deployments.latest(tx, key)
        drawn = _drawn(deployments.published(tx, definition.id), key)
        calls = (call for scope in drawn for call in scope.calls())
        links = {call.id: url_for("processes.view", key=call.called) for call in calls}
        return show(tx, "processes/show.html", process=_process(tx, definition), links=links)


def _drawn(published: Published, key: str) -> list[Diagram]:
    """Return a process and the sub-processes inside its drawing."""
    return [each for each in published.bundle.scopes.values() if each.process_key == key]


def _process(tx: Transaction, definition: ProcessDefinition) -> Process:
    published = deployments.published(tx, definition.id)
    diagrams = published.bundle.diagrams
    documented = _DOCUMENTED.fullmatch(diagrams[definition.key].documentation)
    return Process(
        definition=definition,
        document=published.document,
        clauses=documented["clauses"] if documented else "",
        steps=list(_steps(published, definition.key)),
        starters=[role.strip() for role in definition.starters.split(",") if role.strip()],
        callers=[
            caller
            for caller in diagrams.values()
            if any(call.called == definition.key for call in caller.calls())
        ],
    )


def _steps(published: Published, key: str) -> Iterator[Step]:
    """Yield the user tasks, each with the role whose lane it lies in."""
    roles = {role.fa: role for role in engine().roles.values()}
    for scope in _drawn(published, key):
        for each in scope.elements.values():
            if each.type == "userTask":
                form = published.forms.get(each.properties.get("formKey", ""))
                yield Step(
                    element=each,
                    role=roles[each.lane],
                    deadline=_deadline(each),
                    form=form.title if form else None,
                    clauses=each.properties.get("clauses", ""),
                )


def _deadline(task: Element) -> str:
    """Say by when a task is due, counted from the day on which it opens."""
    if "dueAt" in task.properties:
        return _("On the day that the case names")
    days = task.properties.get("dueIn", "")
    if not days:
        return _("No deadline")
    if days == "0":
        return _("On the same day")
    return _("1 working day") if days == "1" else _("%(days)s working days", days=fanum(days))


@blueprint.get("/<key>.bpmn")
@allow(SIGNED_IN)
def diagram_xml(key: str) -> ResponseReturnValue:
    """Send the diagram of the latest version."""
    with reading() as tx:
        content = diagram.xml(tx, deployments.latest(tx, key).id, key)
        return Response(content, mimetype="application/xml")

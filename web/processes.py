"""The published procedures and their diagrams."""

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue

from engine import deployments, diagram
from engine.identity import Role
from engine.spiff.elements import Diagram, Element
from web.access import SIGNED_IN, allow
from web.pages import engine, reading, show

blueprint = Blueprint("processes", __name__, url_prefix="/processes")


@blueprint.get("")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    """List the latest version of each process."""
    with reading() as tx:
        definitions = deployments.definitions(tx)
        published = {row.id: deployments.published(tx, row.id) for row in definitions}
        return show(tx, "processes/index.html", definitions=definitions, published=published)


@blueprint.get("/<key>")
@allow(SIGNED_IN)
def view(key: str) -> ResponseReturnValue:
    """Show a process: its diagram, its steps and who does them."""
    with reading() as tx:
        definition = deployments.latest(tx, key)
        published = deployments.published(tx, definition.id)
        drawn = [each for each in published.bundle.scopes.values() if each.process_key == key]
        return show(
            tx,
            "processes/show.html",
            definition=definition,
            published=published,
            steps=_steps(drawn),
            links={
                call.id: url_for("processes.view", key=call.called)
                for scope in drawn
                for call in scope.calls()
            },
            starters=[role.strip() for role in definition.starters.split(",") if role.strip()],
        )


def _steps(drawn: list[Diagram]) -> list[tuple[Element, Role]]:
    """Return the user tasks, each with the role whose lane it lies in."""
    roles = {role.fa: role for role in engine().roles.values()}
    elements = [each for scope in drawn for each in scope.elements.values()]
    return [(each, roles[each.lane]) for each in elements if each.type == "userTask"]


@blueprint.get("/<key>.bpmn")
@allow(SIGNED_IN)
def diagram_xml(key: str) -> ResponseReturnValue:
    """Send the diagram of the latest version."""
    with reading() as tx:
        content = diagram.xml(tx, deployments.latest(tx, key).id, key)
        return Response(content, mimetype="application/xml")

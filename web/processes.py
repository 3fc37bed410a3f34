"""The published procedures and their diagrams."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from engine import deployments, diagram
from web.access import SIGNED_IN, allow
from web.pages import reading, show

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
        drawn = published.bundle.diagrams[key]
        return show(
            tx,
            "processes/show.html",
            definition=definition,
            published=published,
            steps=[each for each in drawn.elements.values() if each.type == "userTask"],
            calls=drawn.calls(),
            starters=[role.strip() for role in definition.starters.split(",") if role.strip()],
        )


@blueprint.get("/<key>.bpmn")
@allow(SIGNED_IN)
def diagram_xml(key: str) -> ResponseReturnValue:
    """Send the diagram of the latest version."""
    with reading() as tx:
        content = diagram.xml(tx, deployments.latest(tx, key).id, key)
        return Response(content, mimetype="application/xml")

"""Cases: find, start, look at, and their diagrams."""

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import deployments, diagram, instances
from engine.errors import NotFound
from engine.states import InstanceState
from web.access import SIGNED_IN, allow, only
from web.case_views import overview
from web.i18n import language
from web.pages import reading, show, step
from workflows import cases, districts

blueprint = Blueprint("cases", __name__, url_prefix="/cases")


@blueprint.get("")
@allow(SIGNED_IN)
def index() -> ResponseReturnValue:
    """List the cases that the person may see."""
    wanted = cases.CaseFilter(
        text=request.args.get("q", "")[:100],
        process=request.args.get("process", ""),
        district=request.args.get("district", ""),
        state=request.args.get("state", ""),
        after=request.args.get("after", ""),
    )
    with reading() as tx:
        return show(
            tx,
            "cases/index.html",
            wanted=wanted,
            page=cases.search(tx, wanted),
            processes={each.key: each for each in deployments.definitions(tx)},
            districts=districts.active(tx),
            states=list(InstanceState),
        )


@blueprint.get("/start")
@allow(only("sales_deputy", "service_desk_owner"))
def start() -> ResponseReturnValue:
    """Offer the processes that the person may start."""
    with reading() as tx:
        return show(tx, "cases/start.html", startable=instances.startable(tx))


@blueprint.post("/start")
@allow(only("sales_deputy", "service_desk_owner"))
def begin() -> ResponseReturnValue:
    """Start a case and go to its first task."""
    with step() as tx:
        instance = instances.start(tx, request.form.get("process", ""))
        tx.session.flush()
        first = instances.tasks_of(tx, instance.id)
    if first:
        return redirect(url_for("tasks.view", task_id=first[0].id), 303)
    return redirect(url_for("cases.view", instance_id=instance.id), 303)


@blueprint.get("/<instance_id>")
@allow(SIGNED_IN)
def view(instance_id: str) -> ResponseReturnValue:
    """Show a case: where it stands, the path taken, the history."""
    with reading() as tx:
        return show(tx, "cases/show.html", **overview(tx, cases.get(tx, instance_id)))


@blueprint.get("/<instance_id>/<process_key>.bpmn")
@allow(SIGNED_IN)
def diagram_xml(instance_id: str, process_key: str) -> ResponseReturnValue:
    """Send a diagram of the case in the version on which it runs."""
    with reading() as tx:
        instance = cases.get(tx, instance_id)
        if process_key not in cases.visible_processes(tx, instance):
            raise NotFound
        content = diagram.xml(tx, instance.definition_id, process_key)
        return Response(content, mimetype="application/xml")


@blueprint.get("/<instance_id>/<process_key>.json")
@allow(SIGNED_IN)
def diagram_state(instance_id: str, process_key: str) -> ResponseReturnValue:
    """Tell the path taken in a diagram, and where the case stands."""
    with reading() as tx:
        instance = cases.get(tx, instance_id)
        visible = cases.visible_processes(tx, instance)
        if process_key not in visible:
            raise NotFound
        state = diagram.state(tx, instance, process_key, visible)
        state["current"] = [{"id": row["id"], "label": row[language()]} for row in state["current"]]
        state["links"] = {
            call: f"{url_for('cases.view', instance_id=instance_id)}#diagram-{called}"
            for call, called in visible[process_key].items()
            if called in visible
        }
        return state

"""What was published, and the gate through which everything goes before."""

import re
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from engine import deployments
from engine.errors import DefinitionRefused, Forbidden, NotFound
from engine.models import Deployment, ProcessDefinition, Resource
from engine.tokens import Scope
from engine.transaction import Transaction
from forms.messages import OTHER
from forms.validation import FieldError
from web.access import only
from web.api.components import fields
from web.api.contract import endpoint
from web.api.problems import RequestInvalid
from web.api.schemas import BOOLEAN, a, listed
from web.pages import reading

#: Files of one bundle.
MOST_FILES = 200
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(/[A-Za-z][A-Za-z0-9_]*)?\.(bpmn|dmn|json)")


class PublishingAlone(Forbidden):
    """The procedure knows no revision that one person puts in force."""

    fa = (
        "یک نفر به‌تنهایی نمی‌تواند بازنگری را جاری کند: هر بازنگری تهیه، تأیید، بررسی و تصویب "
        "می‌شود. این‌جا فقط نمودارها بررسی می‌شوند."
    )
    en = (
        "Nobody puts a revision in force alone: it is prepared, confirmed, reviewed and approved. "
        "Here diagrams are only checked."
    )


def _deployment(tx: Transaction, row: Deployment) -> dict[str, Any]:
    of_it = select(ProcessDefinition).where(ProcessDefinition.deployment_id == row.id)
    names = select(Resource.name).where(Resource.deployment_id == row.id)
    definitions = tx.session.scalars(of_it.order_by(ProcessDefinition.id))
    return fields(
        row,
        "Deployment",
        definitions=[{"id": d.id, "key": d.key, "version": d.version} for d in definitions],
        files=sorted(tx.session.scalars(names)),
    )


@endpoint(
    "GET",
    "/deployments",
    fa="آنچه منتشر شده است، تازه‌ترین نخست",
    en="What was published, the newest first",
    scope=Scope.read,
    answer=listed("Deployment"),
)
def index() -> dict[str, Any]:
    """List the deployments."""
    with reading() as tx:
        rows = tx.session.scalars(select(Deployment).order_by(Deployment.id.desc()))
        return {"items": [_deployment(tx, row) for row in rows.all()]}


@endpoint(
    "GET",
    "/deployments/{deployment_id}",
    fa="یک انتشار با پرونده‌هایش",
    en="One deployment and its files",
    scope=Scope.read,
    answer=a("Deployment"),
)
def show(deployment_id: int) -> dict[str, Any]:
    """Tell about one deployment."""
    with reading() as tx:
        row = tx.session.get(Deployment, deployment_id)
        if row is None:
            raise NotFound
        return _deployment(tx, row)


@endpoint(
    "POST",
    "/deployments",
    fa="بررسی نمودارها و فرم‌ها پیش از انتشار؛ چیزی منتشر نمی‌شود",
    en="Check a bundle of diagrams and forms as before publishing; nothing is published",
    scope=Scope.admin,
    rule=only("service_desk_owner", "sysadmin"),
    query={"dry_run": {**BOOLEAN, "default": True}},
    upload=("files", MOST_FILES),
    answer=a("GateResult"),
)
def check(*, dry_run: bool, uploads: list[FileStorage]) -> dict[str, Any]:
    """Run the gate on a bundle."""
    if not dry_run:
        raise PublishingAlone
    bundle = _bundle(uploads)
    with reading() as tx:
        found = deployments.problems(tx, bundle)
    if any(each.severity == "error" for each in found):
        raise DefinitionRefused(found)
    digest = deployments.bundle_digest(bundle)
    return {"dry_run": True, "digest": digest, "problems": [each.as_dict() for each in found]}


def _bundle(uploads: list[FileStorage]) -> dict[str, bytes]:
    """Read the files under the names that they have in a bundle."""
    bundle: dict[str, bytes] = {}
    for upload in uploads:
        name = upload.filename or ""
        if not _NAME.fullmatch(name) or name in bundle:
            raise RequestInvalid([FieldError(f"files/{name}"[:200], *OTHER)])
        bundle[name] = upload.read()
    return bundle

"""Publish bundles of diagrams and forms; find and parse what was published."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from sqlalchemy import func, select

from engine.errors import DefinitionRefused, NotFound
from engine.events import EventType
from engine.history import record_system
from engine.lint import Known, check
from engine.models import Deployment, ProcessDefinition, Resource
from engine.spiff.parser import Bundle, parse
from engine.transaction import Transaction
from forms.catalog import Form, parse_form


@dataclass(frozen=True)
class Published:
    """A deployment as one node holds it in memory: parsed once, shared by all its instances."""

    id: int
    digest: str
    document: str
    files: Mapping[str, bytes]

    @cached_property
    def bundle(self) -> Bundle:
        """The parsed diagrams."""
        return parse({n: c for n, c in self.files.items() if n.endswith(".bpmn")})

    @cached_property
    def forms(self) -> dict[str, Form]:
        """The forms by key."""
        return {
            name.removesuffix(".json"): parse_form(content)
            for name, content in self.files.items()
            if name.endswith(".json")
        }


#: Deployments never change, so what was read once per database holds for ever.
_published: dict[tuple[int, int], Published] = {}
_lock = Lock()


def bundle_digest(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over the sorted names and digests of the files."""
    lines = (f"{name}\0{hashlib.sha256(files[name]).hexdigest()}\n" for name in sorted(files))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def deploy(tx: Transaction, files: Mapping[str, bytes], document: str) -> Deployment:
    """Publish a bundle; the same content again is the same deployment.

    Raises:
        DefinitionRefused: when the gate finds a problem; nothing is published.

    """
    digest = bundle_digest(files)
    known = tx.session.scalars(select(Deployment).where(Deployment.digest == digest)).one_or_none()
    if known is not None:
        return known
    parsed = _gate(tx, files)
    deployment = Deployment(
        digest=digest, document=document, deployed_at=tx.now, deployed_by=tx.actor.username
    )
    tx.session.add(deployment)
    tx.session.flush()
    tx.session.add_all(
        Resource(deployment_id=deployment.id, name=name, content=content)
        for name, content in files.items()
    )
    tx.session.add_all(_definitions(tx, deployment, parsed))
    tx.session.flush()
    record_system(tx, EventType.deployment_created, {"document": document, "digest": digest})
    return deployment


def _gate(tx: Transaction, files: Mapping[str, bytes]) -> Bundle:
    form_keys = frozenset(n.removesuffix(".json") for n in files if n.endswith(".json"))
    known = Known(tx.engine.roles, frozenset(tx.engine.handlers), form_keys)
    found = check(files, known)
    if any(problem.severity == "error" for problem in found):
        raise DefinitionRefused(found)
    return parse({n: c for n, c in files.items() if n.endswith(".bpmn")})


def _definitions(
    tx: Transaction, deployment: Deployment, parsed: Bundle
) -> list[ProcessDefinition]:
    query = select(ProcessDefinition.key, func.max(ProcessDefinition.version))
    versions = dict(tx.session.execute(query.group_by(ProcessDefinition.key)).all())
    return [
        ProcessDefinition(
            deployment_id=deployment.id,
            key=key,
            version=versions.get(key, 0) + 1,
            name_fa=diagram.name_fa,
            name_en=diagram.name_en,
            resource=parsed.files[key],
            starters=diagram.start().properties.get("starters", ""),
        )
        for key, diagram in parsed.diagrams.items()
    ]


def definitions(tx: Transaction) -> list[ProcessDefinition]:
    """Return the latest version of each process definition."""
    newest = select(ProcessDefinition.key, func.max(ProcessDefinition.version).label("version"))
    latest_of = newest.group_by(ProcessDefinition.key).subquery()
    query = select(ProcessDefinition).join(
        latest_of,
        (ProcessDefinition.key == latest_of.c.key)
        & (ProcessDefinition.version == latest_of.c.version),
    )
    return list(tx.session.scalars(query.order_by(ProcessDefinition.id)))


def latest(tx: Transaction, key: str) -> ProcessDefinition:
    """Return the latest version of a process definition.

    Raises:
        NotFound: when no such process was ever published.

    """
    query = select(ProcessDefinition).where(ProcessDefinition.key == key)
    found = tx.session.scalars(query.order_by(ProcessDefinition.version.desc()).limit(1)).first()
    if found is None:
        raise NotFound
    return found


def published(tx: Transaction, definition_id: int) -> Published:
    """Return the deployment that holds a definition, from this node's memory where it can."""
    key = (id(tx.engine), definition_id)
    if key not in _published:
        with _lock:
            _published.setdefault(key, _read(tx, definition_id))
    return _published[key]


def _read(tx: Transaction, definition_id: int) -> Published:
    definition = tx.session.get(ProcessDefinition, definition_id)
    if definition is None:
        raise NotFound
    deployment = tx.session.get_one(Deployment, definition.deployment_id)
    query = select(Resource.name, Resource.content).where(Resource.deployment_id == deployment.id)
    files = dict(tx.session.execute(query).all())
    return Published(deployment.id, deployment.digest, deployment.document, files)

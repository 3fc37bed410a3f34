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
from engine.lint import Known, Problem, check
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
    return deploy_and_tell(tx, files, document)[0]


def deploy_and_tell(
    tx: Transaction, files: Mapping[str, bytes], document: str
) -> tuple[Deployment, list[Problem]]:
    """Publish a bundle as ``deploy`` does; return with it what the gate warns of."""
    digest = bundle_digest(files)
    known = tx.session.scalars(select(Deployment).where(Deployment.digest == digest)).one_or_none()
    if known is not None:
        return known, []
    parsed, warnings = _gate(tx, files)
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
    return deployment, warnings


def problems(tx: Transaction, files: Mapping[str, bytes]) -> list[Problem]:
    """Return what the gate finds in a bundle; an error among them refuses it."""
    form_keys = frozenset(n.removesuffix(".json") for n in files if n.endswith(".json"))
    known = Known(tx.engine.roles, tx.engine.handlers, form_keys, tx.engine.strict)
    return check(files, known)


def _gate(tx: Transaction, files: Mapping[str, bytes]) -> tuple[Bundle, list[Problem]]:
    found = problems(tx, files)
    if any(problem.severity == "error" for problem in found):
        raise DefinitionRefused(found)
    return parse({n: c for n, c in files.items() if n.endswith(".bpmn")}), found


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


_VERSIONS = (
    select(ProcessDefinition.key, func.max(ProcessDefinition.version).label("version"))
    .group_by(ProcessDefinition.key)
    .subquery()
)
_LATEST = (
    select(ProcessDefinition)
    .join(
        _VERSIONS,
        (ProcessDefinition.key == _VERSIONS.c.key)
        & (ProcessDefinition.version == _VERSIONS.c.version),
    )
    .order_by(ProcessDefinition.id)
)


def definitions(tx: Transaction) -> list[ProcessDefinition]:
    """Return the latest version of each process definition."""
    return list(tx.session.scalars(_LATEST))


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
    known = tx.engine.published
    if definition_id not in known:
        with _lock:
            known.setdefault(definition_id, _read(tx, definition_id))
    return known[definition_id]


def _read(tx: Transaction, definition_id: int) -> Published:
    definition = tx.session.get(ProcessDefinition, definition_id)
    if definition is None:
        raise NotFound
    deployment = tx.session.get_one(Deployment, definition.deployment_id)
    query = select(Resource.name, Resource.content).where(Resource.deployment_id == deployment.id)
    files = dict(tx.session.execute(query).all())
    return Published(deployment.id, deployment.digest, deployment.document, files)

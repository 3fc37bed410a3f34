"""The lists from which form fields take their choices."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select

from engine.candidates import scope_for
from engine.identity import holders
from engine.instances import data_of
from engine.models import ProcessInstance
from engine.transaction import Choice, Transaction
from workflows import districts
from workflows.contracts import agreement_in_force
from workflows.models import PrerequisiteItem, Service, TemplateVersion
from workflows.roles import ROLES

#: What a user is taught besides the delegated services (4-3-4, 4-3-5).
TOPICS: tuple[Choice, ...] = (
    {
        "value": "rules",
        "fa": "قوانین و آیین‌نامهٔ تکمیلی تعرفه‌های برق",
        "en": "Laws and the complementary by-law of electricity tariffs",
    },
    {
        "value": "system",
        "fa": "کار با سیستم جامع خدمات مشترکین",
        "en": "Working with the comprehensive customer-services system",
    },
)


def options(tx: Transaction, source: str, instance: ProcessInstance | None) -> list[Choice]:
    """Return the choices of a list, as ``users:hq_expert`` or ``services``.

    Raises:
        LookupError: for a list that does not exist.

    """
    kind, _, argument = source.partition(":")
    if kind == "users" and argument in ROLES:
        return _users(tx, argument, instance)
    if source not in _LISTS:
        raise LookupError(f"there is no list of choices «{source}»")
    return _LISTS[source](tx, instance)


def _users(tx: Transaction, role: str, instance: ProcessInstance | None) -> list[Choice]:
    """Return the holders of a role where the case is; without a case only company roles have."""
    if instance is None and ROLES[role].scope != "company":
        return []
    scope = scope_for(ROLES[role], instance) if instance else ""
    people = holders(tx, role, scope)
    return [{"value": user.username, "fa": user.name_fa, "en": user.name_en} for user in people]


def _services(tx: Transaction, codes: Iterable[str]) -> list[Choice]:
    query = select(Service).where(Service.active, Service.code.in_(list(codes)))
    rows = tx.session.scalars(query.order_by(Service.code))
    return [{"value": row.code, "fa": row.fa, "en": row.en} for row in rows]


def _framework_services(tx: Transaction, _instance: ProcessInstance | None) -> list[Choice]:
    agreement = agreement_in_force(tx)
    return _services(tx, agreement.services) if agreement else []


def _approved_services(tx: Transaction, instance: ProcessInstance | None) -> list[Choice]:
    """Return what the deputy approved for this office, as far as it may be delegated today."""
    approved = set(data_of(tx, instance).get("services") or ()) if instance else set()
    return [choice for choice in _framework_services(tx, None) if choice["value"] in approved]


def _topics(tx: Transaction, instance: ProcessInstance | None) -> list[Choice]:
    contracted = data_of(tx, instance).get("services") or () if instance else ()
    return [*_services(tx, contracted), *TOPICS]


def _prerequisites(tx: Transaction, _instance: ProcessInstance | None) -> list[Choice]:
    query = select(PrerequisiteItem).where(PrerequisiteItem.active)
    rows = tx.session.scalars(query.order_by(PrerequisiteItem.position))
    return [{"value": row.code, "fa": row.fa, "en": row.en} for row in rows]


def _districts(tx: Transaction, _instance: ProcessInstance | None) -> list[Choice]:
    return [
        {"value": row.code, "fa": row.name_fa, "en": row.name_en} for row in districts.active(tx)
    ]


def _template_versions(tx: Transaction, _instance: ProcessInstance | None) -> list[Choice]:
    query = select(TemplateVersion).where(TemplateVersion.active)
    rows = tx.session.scalars(query.order_by(TemplateVersion.valid_from.desc()))
    return [{"value": row.code, "fa": row.fa, "en": row.en} for row in rows]


_LISTS: Mapping[str, Callable[[Transaction, ProcessInstance | None], list[Choice]]] = {
    "services": _framework_services,
    "approved_services": _approved_services,
    "topics": _topics,
    "prerequisites": _prerequisites,
    "districts": _districts,
    "template_versions": _template_versions,
}

#: Every list that a form may name; ``users:ROLE`` for each role.
SOURCES = frozenset(_LISTS) | {f"users:{role}" for role in ROLES}

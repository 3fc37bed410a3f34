"""Who may see what (PROCEDURE 6), as data; what no row allows is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from engine.identity import Actor
from engine.models import ProcessInstance, StoredFile, UserTask
from engine.states import InstanceState
from workflows.models import Office
from workflows.roles import ROLES


class Cases(Enum):
    """Which cases a role sees within its scope."""

    none = "none"
    #: Those in which the role has or had a user task.
    involved = "involved"
    #: All but the confidential ones.
    open = "open"
    #: Confidential ones as well, once they have ended.
    ended = "ended"
    #: All.
    all = "all"


@dataclass(frozen=True)
class Sight:
    """What one role sees."""

    cases: Cases = Cases.none
    #: Patterns of form keys; the first that matches decides, and ``!`` in front denies.
    forms: tuple[str, ...] = ()
    offices: bool = False
    #: National IDs and mobile numbers of managers and users.
    personal: bool = False


_ALL = ("*",)
#: The table «who may see what»; a role that is missing here sees nothing.
SIGHTS: Mapping[str, Sight] = {
    "sales_deputy": Sight(Cases.all, _ALL, offices=True, personal=True),
    "service_desk_owner": Sight(Cases.open, _ALL, offices=True, personal=True),
    # Any case on request; the reading is in the event log.
    "ceo": Sight(Cases.all, _ALL, offices=True, personal=True),
    "auditor": Sight(Cases.ended, _ALL, offices=True, personal=True),
    "procurement": Sight(
        Cases.involved,
        (
            "office_onboarding/prerequisites_letter",
            "office_onboarding/readiness",
            "office_onboarding/readiness_check",
            "contract_exchange/*",
        ),
        offices=True,
        personal=True,
    ),
    "hq_expert": Sight(Cases.involved, ("software_installation/*",), offices=True),
    "hq_inspector": Sight(Cases.involved, offices=True),
    "district_manager": Sight(Cases.open, _ALL, offices=True, personal=True),
    # Not the signing of contracts; the office's own signature he may have to record for it.
    "district_cs_head": Sight(
        Cases.open,
        ("contract_exchange/office_signature", "!contract_exchange/*", "*"),
        offices=True,
    ),
    # Neither the inquiry nor what the company notes for itself.
    "office_manager": Sight(
        Cases.open,
        (
            "!district_inquiry/*",
            "!office_onboarding/hold",
            "!office_onboarding/decision",
            "!office_onboarding/objection_review",
            "!office_onboarding/extension",
            "office_onboarding/*",
            "contract_exchange/*",
            "software_installation/*",
            "user_training/*",
        ),
        offices=True,
        personal=True,
    ),
    "office_user": Sight(Cases.involved, ("user_training/*",), offices=True),
    "tamna_manager": Sight(),
    "sysadmin": Sight(),
}


def _sight(role: str) -> Sight:
    return SIGHTS.get(role, Sight())


def _case_scope(role: str, scope: str) -> ColumnElement[bool]:
    columns = {"district": ProcessInstance.district, "office": ProcessInstance.office}
    return _within(role, scope, columns)


def _within(
    role: str, scope: str, columns: Mapping[str, InstrumentedAttribute[str]]
) -> ColumnElement[bool]:
    """Select the rows within a post's scope; a district or office post without one has none."""
    known = ROLES.get(role)
    if known is None or (known.scope != "company" and not scope):
        return false()
    return true() if known.scope == "company" else columns[known.scope] == scope


def _case_kind(role: str, scope: str) -> ColumnElement[bool]:
    match _sight(role).cases:
        case Cases.all:
            return true()
        case Cases.ended:
            ended = ProcessInstance.state == InstanceState.completed.value
            return or_(~ProcessInstance.confidential, ended)
        case Cases.open:
            return ~ProcessInstance.confidential
        case Cases.involved:
            return and_(~ProcessInstance.confidential, _involved(role, scope))
    return false()


def _involved(role: str, scope: str) -> ColumnElement[bool]:
    return exists().where(
        UserTask.instance_id == ProcessInstance.id, UserTask.role == role, UserTask.scope == scope
    )


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """Select the process instances that a person may see; a case of no post is closed."""
    posts = (
        and_(_case_scope(role, scope), _case_kind(role, scope)) for role, scope in actor.assignments
    )
    return or_(false(), *posts)


def _covers(role: str, scope: str, district: str, office: str) -> bool:
    known = ROLES.get(role)
    if known is None:
        return False
    if known.scope == "company":
        return True
    return scope != "" and scope == {"district": district, "office": office}[known.scope]


def _reads(role: str, instance: ProcessInstance) -> bool:
    """Tell whether a role reads cases of this kind; whether it is involved the query says."""
    match _sight(role).cases:
        case Cases.none:
            return False
        case Cases.all:
            return True
        case Cases.ended:
            return not instance.confidential or instance.state == InstanceState.completed
    return not instance.confidential


def _posts_on(actor: Actor, instance: ProcessInstance) -> list[str]:
    return [
        role
        for role, scope in actor.assignments
        if _covers(role, scope, instance.district, instance.office) and _reads(role, instance)
    ]


def _allows(patterns: tuple[str, ...], form_key: str) -> bool:
    for pattern in patterns:
        if fnmatchcase(form_key, pattern.removeprefix("!")):
            return not pattern.startswith("!")
    return False


def may_see_form(actor: Actor, instance: ProcessInstance, process_key: str, form_key: str) -> bool:
    """Tell whether a person may read what was submitted in a form of a case.

    The case itself must come from a query with ``visible_cases``. A form belongs to the process
    that its key names, so a form of another process is refused.
    """
    if not form_key.startswith(f"{process_key}/"):
        return False
    return any(_allows(_sight(role).forms, form_key) for role in _posts_on(actor, instance))


def may_see_file(actor: Actor, instance: ProcessInstance, stored_file: StoredFile) -> bool:
    """Tell whether a person may download a file: who may read its form, or who sent it."""
    if stored_file.instance_id != instance.id:
        return False
    if stored_file.uploaded_by == actor.username and _posts_on(actor, instance):
        return True
    process_key = stored_file.form_key.partition("/")[0]
    return may_see_form(actor, instance, process_key, stored_file.form_key)


def visible_offices(actor: Actor) -> ColumnElement[bool]:
    """Select the offices of the register that a person may see."""
    columns = {"district": Office.district, "office": Office.code}
    posts = (
        _within(role, scope, columns) for role, scope in actor.assignments if _sight(role).offices
    )
    return or_(false(), *posts)


def may_see_office(actor: Actor, office: Office | None = None) -> bool:
    """Tell whether a person may see an office; without one, whether the register is his at all."""
    return any(
        _sight(role).offices
        and (office is None or _covers(role, scope, office.district, office.code))
        for role, scope in actor.assignments
    )


def may_see_personal_data(actor: Actor, *, district: str, office: str) -> bool:
    """Tell whether a person may see national IDs and mobile numbers of an office's people."""
    return any(
        _sight(role).personal and _covers(role, scope, district, office)
        for role, scope in actor.assignments
    )

"""Who may do a user task: those who hold its post, and those who may act on its behalf."""

from dataclasses import dataclass

from engine.errors import Forbidden, NotCandidate
from engine.identity import Actor, Role
from engine.models import MessageSubscription, ProcessInstance, UserTask
from engine.transaction import Transaction


@dataclass(frozen=True)
class Standing:
    """In which post a person does a task."""

    role: str
    scope: str
    #: Role in whose place the person acts; "" where the task is his own.
    on_behalf_of: str = ""


def scope_for(role: Role, instance: ProcessInstance) -> str:
    """Return the scope of a role in a case: its office, its district, or the company."""
    return {"office": instance.office, "district": instance.district, "company": ""}[role.scope]


def _proxy_scope(proxy: Role, district: str) -> str:
    return district if proxy.scope == "district" else ""


def standing(
    tx: Transaction, role: str, scope: str, district: str, actor: Actor | None = None
) -> Standing | None:
    """Return the post in which a person may act for a role, or None."""
    person = actor or tx.actor
    if person.has(role, scope):
        return Standing(role, scope)
    known = tx.engine.roles.get(role)
    for key in known.represented_by if known else ():
        proxy_scope = _proxy_scope(tx.engine.roles[key], district)
        if person.has(key, proxy_scope):
            return Standing(key, proxy_scope, role)
    return None


def task_standing(tx: Transaction, task: UserTask) -> Standing:
    """Return the post in which the actor may do a task.

    Raises:
        NotCandidate: when the actor holds no such post.

    """
    found = standing(tx, task.role, task.scope, task.district)
    if found is None:
        raise NotCandidate
    return found


def subscription_standing(
    tx: Transaction, subscription: MessageSubscription, instance: ProcessInstance
) -> Standing:
    """Return the post in which the actor may send a message.

    Raises:
        NotCandidate: when the actor holds no such post.

    """
    found = standing(tx, subscription.role, subscription.scope, instance.district)
    if found is None:
        raise NotCandidate
    return found


def require_role(tx: Transaction, allowed: set[str]) -> str:
    """Return one of the actor's roles out of a set.

    Raises:
        Forbidden: when the actor holds none of them.

    """
    held = sorted(tx.actor.roles & allowed)
    if not held:
        raise Forbidden
    return held[0]

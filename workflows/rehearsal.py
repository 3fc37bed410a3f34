"""The installation of a simulation: reference data, an agreement in force, every post held."""

from datetime import timedelta

from engine.calendar import local_date
from engine.models import Assignment, User
from engine.transaction import Transaction
from workflows import demo_register, districts, seed
from workflows.roles import ROLES

#: What no password hashes to: these people cannot log in.
_NO_PASSWORD = "!"  # noqa: S105  (it is no password)


def prepare(tx: Transaction) -> None:
    """Make a database in which every case of this procedure can be walked to its end."""
    seed.seed(tx)
    demo_register.load(tx, ())
    since = local_date(tx.now) - timedelta(days=365)
    for role, scope in posts(tx):
        username = f"{role}.{scope}" if scope else role
        names = f"{ROLES[role].fa} {scope}".strip(), f"{ROLES[role].en} {scope}".strip()
        user = User(
            username=username, name_fa=names[0], name_en=names[1], password_hash=_NO_PASSWORD
        )
        user.assignments = [Assignment(role=role, scope=scope, valid_from=since)]
        tx.session.add(user)


def posts(tx: Transaction) -> list[tuple[str, str]]:
    """Return the posts of the company and of its districts; offices appear with their cases."""
    tx.session.flush()
    scopes = {"company": [""], "district": [each.code for each in districts.active(tx)]}
    return [
        (role.key, scope)
        for role in ROLES.values()
        if role.login
        for scope in scopes.get(role.scope, ())
    ]

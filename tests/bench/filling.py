"""Fill an inbox with as many open tasks as wanted, inside the database and so in seconds."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    case,
    false,
    insert,
    literal,
    literal_column,
    null,
    select,
    text,
)
from sqlalchemy import cast as sql_cast

from engine.identity import Actor
from engine.models import Base, Deployment, ProcessDefinition, ProcessInstance, UserTask
from engine.models.base import UtcDateTime
from engine.transaction import Engine
from forms.text import search_key
from tests.engine.conftest import TODAY

# Numbers without a common divisor, so that post, deadline and holder of a task are independent.
POSTS, DAYS, HELD, PEOPLE, RARE_EVERY = 300, 61, 7, 5, 100_003
#: The earliest deadline; a third of them have passed.
EARLIEST = TODAY - timedelta(days=20)
#: A person with three posts: one for the company, two in a district, and all that comes with them.
PERSON = Actor(
    "person3",
    "کارمند نمونه",
    "Sample person",
    (("sales_deputy", ""), ("district_manager", "d07"), ("district_cs_head", "d07")),
    id=3,
)
#: A word that one task in a hundred thousand has in its subject.
RARE = "کمیاب"
NAME_FA, NAME_EN, SUBJECT = "کنترل کامل بودن مدارک", "Check completeness", "دفتر پیشخوان شمارهٔ "
_SCOPES = {
    "sales_deputy": "company",
    "procurement": "company",
    "hq_expert": "company",
    "service_desk_owner": "company",
    "guild": "company",
    "other_org": "company",
    "district_manager": "district",
    "district_cs_head": "district",
    "office_manager": "office",
    "office_user": "office",
}
PROCESSES = ("office_onboarding", "district_inquiry", "contract_exchange", "user_training")
_CASE = str(UUID(int=0))
_META = MetaData()
_POST = Table(
    "bench_post",
    _META,
    Column("n", Integer, primary_key=True),
    *(Column(name, String(60)) for name in ("role", "scope", "district", "office", "process")),
)
_DAY = Table("bench_day", _META, Column("n", Integer, primary_key=True), Column("at", UtcDateTime))


def _posts() -> list[dict[str, Any]]:
    """Return ten roles in thirty districts, each with ten offices."""
    rows = []
    for n in range(POSTS):
        role, scope = list(_SCOPES.items())[n % len(_SCOPES)]
        district = f"d{n // len(_SCOPES):02}"
        office = f"{district}-{n % len(_SCOPES)}"
        places = {"company": "", "district": district, "office": office}
        facts = {"role": role, "scope": places[scope], "district": district, "office": office}
        rows.append({"n": n, "process": PROCESSES[n % len(PROCESSES)], **facts})
    return rows


def fill(kartabl: Engine, count: int) -> None:
    """Make the tables and put this many open tasks into the inbox; indexes come last."""
    table = cast("Table", UserTask.__table__)
    with kartabl.database.begin() as connection:
        Base.metadata.create_all(connection)
        _META.create_all(connection)
        connection.execute(insert(_POST), _posts())
        days = [{"n": n, "at": EARLIEST + timedelta(days=n)} for n in range(DAYS)]
        connection.execute(insert(_DAY), days)
    _add_case(kartabl)
    with kartabl.database.begin() as connection:
        for index in table.indexes:
            index.drop(connection)
        query = _tasks(connection, count)
        connection.execute(insert(table).from_select(list(query.selected_columns.keys()), query))
        for index in table.indexes:
            index.create(connection)
    if kartabl.database.dialect.name == "postgresql":
        with kartabl.database.connect() as connection:  # as autovacuum does by and by
            automatic = connection.execution_options(isolation_level="AUTOCOMMIT")
            automatic.execute(text("VACUUM ANALYZE user_task"))


def _add_case(kartabl: Engine) -> None:
    """Add the one case that all tasks belong to: the inbox never looks at it."""
    with kartabl.transaction() as tx:
        deployment = Deployment(
            id=1, digest="-", document="BENCH-00", deployed_at=tx.now, deployed_by=""
        )
        definition = ProcessDefinition(
            id=1, deployment_id=1, key="bench", version=1, name_fa="", name_en="", resource=""
        )
        definition.starters = ""
        case_row = ProcessInstance(id=_CASE, definition_id=1, key="bench", state="running")
        case_row.workflow, case_row.data = b"", {}
        case_row.started_by, case_row.started_at = "", tx.now
        for row in (deployment, definition, case_row):
            tx.session.add(row)
            tx.session.flush()


def _uuid(connection: Connection) -> Any:
    if connection.dialect.name == "postgresql":
        return literal_column("gen_random_uuid()::text")
    parts = (f"lower(hex(randomblob({size})))" for size in (4, 2, 2, 2, 6))
    return literal_column(" || '-' || ".join(parts))


def _tasks(connection: Connection, count: int) -> Select[Any]:
    """Return the query that makes the rows."""
    numbers = select(literal(0).label("i")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.i + 1).where(numbers.c.i < count - 1))
    i = numbers.c.i
    word = sql_cast(i, String)
    rare = i % RARE_EVERY == 5
    key = search_key(f"{NAME_FA} {NAME_EN} {SUBJECT}")
    values: dict[str, Any] = {
        "id": _uuid(connection),
        "instance_id": literal(_CASE),
        "process_key": _POST.c.process,
        "key": literal("t_check_docs"),
        "name_fa": literal(NAME_FA),
        "name_en": literal(NAME_EN),
        "form_key": literal("office_onboarding/check_docs"),
        **{name: _POST.c[name] for name in ("role", "scope", "district", "office")},
        "business_key": word,
        "subject": literal(SUBJECT) + word + case((rare, " " + RARE), else_=""),
        "search_key": literal(key) + word + case((rare, search_key(RARE)), else_=""),
        "state": literal("open"),
        "assignee": case(
            (i % HELD == 0, literal("person") + sql_cast((i // HELD) % PEOPLE, String)),
            else_=null(),
        ),
        "priority": literal(50),
        "not_completed_by": literal(""),
        "confidential": false(),
        "created_at": literal(TODAY, UtcDateTime()),
        "due_at": _DAY.c.at,
        "on_behalf_of": literal(""),
        "outcome": literal(""),
    }
    query = select(*(value.label(name) for name, value in values.items())).select_from(numbers)
    query = query.join(_POST, _POST.c.n == i % POSTS)
    return query.join(_DAY, _DAY.c.n == i % DAYS)

"""Put the engine together with this company's procedure, and make its database ready."""

from collections.abc import Iterator
from contextlib import contextmanager

from engine import deployments, durable, migrations
from engine.database import address
from engine.durable import DurableQueue
from engine.models import Deployment
from engine.simulation import Sandbox
from engine.transaction import Engine
from web.settings import Settings
from workflows import demo, rehearsal, seed
from workflows.catalog import DOCUMENT, bundle
from workflows.handlers import HANDLERS
from workflows.options import options
from workflows.roles import ROLES


def engine(settings: Settings) -> Engine:
    """Return the engine on the settings' database."""
    return Engine(
        settings.url,
        roles=ROLES,
        handlers=HANDLERS,
        options=options,
        files=settings.files,
        queue=DurableQueue(address(settings.url)),
    )


def sandbox() -> Sandbox:
    """Return private databases in memory, for simulations."""
    return Sandbox(ROLES, HANDLERS, options, rehearsal.prepare, bundle())


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """Give an engine for one command."""
    kartabl = engine(settings)
    try:
        yield kartabl
    finally:
        kartabl.close()


def upgrade(kartabl: Engine) -> None:
    """Bring the tables to this version, the queue's own as well."""
    migrations.upgrade(kartabl)
    durable.migrate(kartabl.database.url)


def prepare(kartabl: Engine) -> Deployment:
    """Bring the database to this version: tables, reference data, the published procedure."""
    upgrade(kartabl)
    with kartabl.transaction() as tx:
        seed.seed(tx)
        return deployments.deploy(tx, bundle(), DOCUMENT)


def prepare_demo(kartabl: Engine) -> None:
    """Add the demo's people, offices and running cases where they are not there yet."""
    with kartabl.transaction() as tx:
        fresh = demo.load(tx)
    if fresh:
        demo.run_cases(kartabl)

"""Put the engine together with this company's procedure, and make its database ready."""

from engine import deployments, migrations
from engine.models import Deployment
from engine.transaction import Engine
from web.settings import Settings
from workflows import demo, seed
from workflows.catalog import DOCUMENT, bundle
from workflows.handlers import HANDLERS
from workflows.options import options
from workflows.roles import ROLES


def engine(settings: Settings) -> Engine:
    """Return the engine on the settings' database."""
    return Engine(
        settings.url, roles=ROLES, handlers=HANDLERS, options=options, files=settings.files
    )


def prepare(kartabl: Engine) -> Deployment:
    """Bring the database to this version: tables, reference data, the published procedure."""
    migrations.upgrade(kartabl)
    with kartabl.transaction() as tx:
        seed.seed(tx)
        return deployments.deploy(tx, bundle(), DOCUMENT)


def prepare_demo(kartabl: Engine) -> None:
    """Add the demo's people, offices and running cases where they are not there yet."""
    with kartabl.transaction() as tx:
        fresh = demo.load(tx)
    if fresh:
        demo.run_cases(kartabl)

"""The command ``kartabl``."""

import click
from sqlalchemy.exc import DatabaseError, IntegrityError

from engine import copying, identity
from engine.database import address
from engine.errors import Refusal
from engine.transaction import Transaction
from web import lint_command, serve_commands, simulate_command, wiring
from web.settings import settings_or_exit, table
from workflows import demo as demo_data
from workflows import districts
from workflows.roles import ROLES


@click.group()
@click.version_option(package_name="kartabl")
def main() -> None:
    """Kartabl: written procedures as BPMN diagrams, with an inbox for each role."""


main.add_command(serve_commands.serve)
main.add_command(serve_commands.work)
main.add_command(simulate_command.command)
main.add_command(lint_command.command)


@main.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
def upgrade() -> None:
    """Bring the tables to this version."""
    with wiring.opened(settings_or_exit()) as kartabl:
        wiring.upgrade(kartabl)
    click.echo("The database is up to date.")


@db.command("copy")
@click.option("--from", "source", required=True, help="Address, as sqlite:var/kartabl.sqlite3.")
@click.option("--to", "target", required=True, help="Address of an empty database.")
def copy_database(source: str, target: str) -> None:
    """Move an installation to another database; stop the server first."""
    here, there = (settings_or_exit(database_url=url) for url in (source, target))
    if address(here.url) == address(there.url):
        raise click.ClickException("Both addresses are the same database.")
    try:
        with wiring.opened(here) as old, wiring.opened(there) as new:
            wiring.upgrade(old)
            wiring.upgrade(new)
            counts = copying.copy(old, new)
    except Refusal as refusal:
        raise click.ClickException(refusal.message_en) from refusal
    for name, count in counts.items():
        click.echo(f"{count:>10}  {name}")
    click.echo(f"{sum(counts.values()):>10}  rows copied; the event log's chains are whole.")


@main.command()
def deploy() -> None:
    """Bring the database up to date and publish the procedure of this version."""
    with wiring.opened(settings_or_exit()) as kartabl:
        deployment = wiring.prepare(kartabl)
    click.echo(f"{deployment.document} is published as {deployment.digest[:12]}.")


@main.command("demo")
def demo_command() -> None:
    """Add the demo's people, offices and cases to the database."""
    with wiring.opened(settings_or_exit()) as kartabl:
        wiring.prepare(kartabl)
        wiring.prepare_demo(kartabl)
    click.echo(f"{len(demo_data.people())} demo people, password {demo_data.PASSWORD}")


@main.group()
def user() -> None:
    """Look after people."""


@user.command("add")
@click.argument("username")
@click.option("--name-fa", required=True, help="Name in Persian.")
@click.option("--name-en", required=True, help="Name in Latin letters.")
@click.option("--post", "posts", multiple=True, help="role, role:district or role:office code.")
@click.password_option()
def add_user(
    username: str, name_fa: str, name_en: str, posts: tuple[str, ...], password: str
) -> None:
    """Add a person who may log in."""
    held = [_post(text) for text in posts]
    try:
        with wiring.opened(settings_or_exit()) as kartabl, kartabl.transaction() as tx:
            _check_districts(tx, held)
            identity.add_user(tx, username, name_fa, name_en, password, held)
    except Refusal as refusal:
        raise click.ClickException(refusal.message_en) from refusal
    except IntegrityError as error:
        raise click.ClickException(f"{username} is a person already.") from error
    except DatabaseError as error:
        raise click.ClickException("The database is not ready: run `kartabl deploy`.") from error
    click.echo(f"{username} may log in.")


def _check_districts(tx: Transaction, held: list[tuple[str, str]]) -> None:
    """Refuse a district that is none: a misspelt one would be a post without any work."""
    known = sorted(district.code for district in districts.active(tx))
    for role, scope in held:
        if ROLES[role].scope == "district" and scope not in known:
            raise click.BadParameter(
                f"There is no district {scope!r}. Districts: {', '.join(known)}."
            )


def _post(text: str) -> tuple[str, str]:
    key, _, scope = text.partition(":")
    role = ROLES.get(key)
    if role is None or not role.login:
        known = ", ".join(sorted(key for key, role in ROLES.items() if role.login))
        raise click.BadParameter(f"There is no role {key!r}. Roles: {known}.")
    if (role.scope == "company") == bool(scope):
        wanted = "nothing" if role.scope == "company" else f"the {role.scope}'s code"
        raise click.BadParameter(f"{key} needs {wanted} behind the colon.")
    return key, scope


@main.command("settings")
def show_settings() -> None:
    """Print every setting with its present value."""
    for variable, value, meaning in table(settings_or_exit()):
        click.echo(f"{variable}={value}\n    {meaning}")

"""The command ``kartabl``."""

import sys
from typing import Any

import click
from sqlalchemy import select
from waitress import create_server
from waitress.server import BaseWSGIServer

from engine import identity, migrations, worker
from engine.errors import Refusal
from engine.models import User
from engine.transaction import Engine
from web import wiring
from web.app import create_app
from web.settings import SettingRefused, Settings, from_environment, table
from workflows import demo as demo_data
from workflows.roles import ROLES


@click.group()
@click.version_option(package_name="kartabl")
def main() -> None:
    """Kartabl: written procedures as BPMN diagrams, with an inbox for each role."""


def _settings(**given: Any) -> Settings:
    try:
        return from_environment(**given)
    except SettingRefused as refusal:
        raise click.ClickException(str(refusal)) from refusal


@main.command()
@click.option("--demo/--no-demo", default=None, help="Add demo people and let them log in.")
@click.option("--host", help="Address on which to listen.")
@click.option("--port", type=int, help="Port on which to listen.")
def serve(demo: bool | None, host: str | None, port: int | None) -> None:
    """Bring the database up to date and serve the pages until Ctrl-C."""
    settings = _settings(demo=demo, host=host, port=port)
    kartabl = wiring.engine(settings)
    wiring.prepare(kartabl)
    if settings.demo:
        wiring.prepare_demo(kartabl)
    else:
        _warn_of_demo_people(kartabl)
    try:
        server = create_server(
            create_app(settings, kartabl),
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            max_request_body_size=settings.max_upload_mb * 1024 * 1024,
            clear_untrusted_proxy_headers=True,
            ident=None,
        )
    except OSError as error:
        raise click.ClickException(f"Cannot listen on {settings.address}: {error}.") from error
    _greet(settings)
    _run(server, kartabl)


def _warn_of_demo_people(kartabl: Engine) -> None:
    with kartabl.reading() as tx:
        if tx.session.scalar(select(User.id).where(User.demo).limit(1)) is not None:
            click.echo("This database holds demo people; they are refused without --demo.")


def _greet(settings: Settings) -> None:
    click.echo(f"\nکارتابل · Kartabl   {settings.address}\n")
    if settings.demo:
        click.echo(f"Demo log-ins, all with the password {demo_data.PASSWORD}")
        for person in demo_data.people():
            click.echo(f"  {person.username:<28} {ROLES[person.assignments[0][0]].en}")
    click.echo("\nCtrl-C stops the server.")
    sys.stdout.flush()


def _run(server: BaseWSGIServer, kartabl: Engine) -> None:
    stop_timers = worker.start(kartabl)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        stop_timers()
        kartabl.database.dispose()
        click.echo("\nStopped.")


@main.group()
def db() -> None:
    """Look after the database."""


@db.command("upgrade")
def upgrade() -> None:
    """Bring the tables to this version."""
    migrations.upgrade(wiring.engine(_settings()))
    click.echo("The database is up to date.")


@main.command()
def deploy() -> None:
    """Bring the database up to date and publish the procedure of this version."""
    deployment = wiring.prepare(wiring.engine(_settings()))
    click.echo(f"{deployment.document} is published as {deployment.digest[:12]}.")


@main.command("demo")
def demo_command() -> None:
    """Add the demo's people, offices and cases to the database."""
    kartabl = wiring.engine(_settings())
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
        with wiring.engine(_settings()).transaction() as tx:
            identity.add_user(tx, username, name_fa, name_en, password, held)
    except Refusal as refusal:
        raise click.ClickException(refusal.message_en) from refusal
    click.echo(f"{username} may log in.")


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
    for variable, value, meaning in table(_settings()):
        click.echo(f"{variable}={value}\n    {meaning}")

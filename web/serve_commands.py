"""The commands that stay: serve pages, run jobs."""

import signal
import sys
import threading
from collections.abc import Callable

import click
from sqlalchemy import select
from waitress import create_server
from waitress.server import BaseWSGIServer

from engine import worker
from engine.models import User
from engine.transaction import Engine
from web import wiring
from web.app import create_app
from web.settings import Settings, settings_or_exit
from workflows import demo as demo_data
from workflows.roles import ROLES


@click.command()
@click.option("--demo/--no-demo", default=None, help="Add demo people and let them log in.")
@click.option("--host", help="Address on which to listen.")
@click.option("--port", type=int, help="Port on which to listen.")
def serve(demo: bool | None, host: str | None, port: int | None) -> None:
    """Bring the database up to date and serve the pages until Ctrl-C."""
    settings = settings_or_exit(demo=demo, host=host, port=port)
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
    _run(server, kartabl, settings)


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


def _run(server: BaseWSGIServer, kartabl: Engine, settings: Settings) -> None:
    for name in (signal.SIGINT, signal.SIGTERM):  # a shell may have begun us with SIGINT ignored
        signal.signal(name, signal.default_int_handler)
    stop_jobs: Callable[[], None] | None = None
    try:
        if settings.jobs:
            stop_jobs = worker.start(kartabl, at_once=settings.jobs)
        _greet(settings)
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        if stop_jobs:
            stop_jobs()
        kartabl.close()
        click.echo("\nStopped.")


@click.command("worker")
def work() -> None:
    """Run jobs and timers without serving pages; on PostgreSQL on any number of machines."""
    settings = settings_or_exit()
    kartabl = wiring.engine(settings)
    if kartabl.database.dialect.name == "sqlite":
        raise click.ClickException(
            "On SQLite `kartabl serve` runs the jobs itself; workers need PostgreSQL."
        )
    wiring.upgrade(kartabl)
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda _number, _frame: ended.set())
    stop_jobs = worker.start(kartabl, at_once=settings.jobs or 4)
    click.echo("Working. Ctrl-C stops after the jobs in hand.")
    ended.wait()
    stop_jobs()
    kartabl.close()
    click.echo("Stopped.")

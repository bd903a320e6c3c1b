"""The long-running processes, and what is done once before them."""

from __future__ import annotations

import signal
import threading
from typing import Any

import click

from crm_gdpr.env import Settings
from crm_gdpr.gate import Refused
from crm_gdpr.jobs import QUEUES, boot
from crm_gdpr.jobs import clock as clock_process
from crm_gdpr.jobs import worker as worker_process
from crm_gdpr.store import Store
from crm_gdpr.store.users import ROLES


@click.command()
@click.argument("queue", type=click.Choice(QUEUES))
def worker(queue: str) -> None:
    """Work on one queue until stopped."""
    worker_process.work(queue, Settings.read())


@click.command()
@click.option("--every", "every_s", type=float, default=1.0, show_default=True, help="Seconds between ticks.")
def clock(every_s: float) -> None:
    """Queue what is due, and find again what was lost, until stopped.  Two of them do no harm."""
    over = threading.Event()

    def stop(*_: Any) -> None:
        over.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    clock_process.run(boot(), over.wait, every_s)


@click.command()
def migrate() -> None:
    """Bring the store to the newest schema."""
    Store(Settings.read().database_url).database.migrate()
    click.echo("The store is up to date.")


@click.group()
def user() -> None:
    """Accounts for the console."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="support", show_default=True)
@click.password_option(help="Asked for when not given.")
def add(name: str, role: str, password: str) -> None:
    """Create an account, or give an existing one a new password and role."""
    boot().store.users.add(name, password, role)
    click.echo(f"{name} may sign in as {role}.")


@user.command("token")
@click.argument("name")
@click.option("--revoke", is_flag=True, help="Make the token dead instead.")
def token(name: str, revoke: bool) -> None:
    """Make a token for the API, in place of the one before; it is shown this once."""
    env = boot()
    if env.store.users.get(name) is None:
        raise Refused(f"{name!r} has no account; `crm-gdpr user add {name}` makes one")
    if revoke:
        click.echo("Revoked." if env.store.users.revoke_token(name) else "There was none.")
        return
    click.echo(env.store.users.issue_token(name, env.clock.now()))

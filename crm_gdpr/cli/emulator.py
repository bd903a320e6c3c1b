"""``crm-gdpr emulator``: a HubSpot account on this machine, until it is stopped."""

import gc
import signal
import threading
from ipaddress import ip_address
from pathlib import Path

import click

from crm_gdpr.emulator import Limits, Portal, serve
from crm_gdpr.emulator.account import START
from crm_gdpr.emulator.errors import Refusal
from crm_gdpr.emulator.limits import PLANS
from crm_gdpr.emulator.population import populate


@click.command()
@click.option("--port", default=8770, show_default=True, help="Port to answer on; 0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Loopback addresses only.")
@click.option("--contacts", default=2000, show_default=True, help="How many contacts the account starts with.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same account.")
@click.option("--limits", type=click.Choice(["real", "off"]), default="off", show_default=True)
@click.option("--plan", type=click.Choice(sorted(PLANS)), default="professional", show_default=True)
@click.option("--webhook", default="", help="Where the app receives webhooks.")
@click.option("--secret", default="", help="The app's client secret, to sign webhooks with.")
@click.option("--app-id", default=4_200_001, show_default=True)
@click.option("--portal-id", default=26_000_001, show_default=True)
@click.option("--snapshot", type=click.Path(dir_okay=False, path_type=Path), help="Start from it; keep it at the end.")
@click.option("--now", default=START, show_default=True, help="The moment the account's clock starts at.")
def emulator(  # noqa: PLR0913 - one parameter for each option
    port: int,
    host: str,
    contacts: int,
    seed: int,
    limits: str,
    plan: str,
    webhook: str,
    secret: str,
    app_id: int,
    portal_id: int,
    snapshot: Path | None,
    now: str,
) -> None:
    """Run an emulated HubSpot account."""
    if not ip_address(host).is_loopback:
        raise click.UsageError(f"{host} is not a loopback address; the emulator is not for other machines")
    portal = Portal(now=now, portal_id=portal_id, app_id=app_id)
    _fill(portal, contacts, seed, snapshot)
    gc.freeze()  # what is there stays; a search for garbage need not walk through it
    try:
        running = serve(portal, port, host, Limits(plan) if limits == "real" else None)
    except OSError as problem:
        raise click.ClickException(f"port {port} is taken ({problem.strerror}); choose another with --port") from None
    running.webhooks.url, running.webhooks.secret = webhook, secret
    click.echo(
        f"HubSpot emulator with {len(portal.live['contacts'])} contacts: {running.url}  pages: {running.url}/app/"
    )
    _until_stopped()
    running.stop()
    if snapshot:
        _keep(portal, snapshot)


def _fill(portal: Portal, contacts: int, seed: int, snapshot: Path | None) -> None:
    if snapshot is None or not snapshot.exists():
        return populate(portal, contacts, seed)
    try:
        return portal.restore_snapshot(snapshot.read_bytes())
    except (OSError, Refusal) as problem:
        raise click.ClickException(f"{snapshot} cannot be used: {problem}. Remove it to start anew") from None


def _keep(portal: Portal, snapshot: Path) -> None:
    """Whole or not at all."""
    unfinished = snapshot.with_name(f"{snapshot.name}.new")
    unfinished.write_bytes(portal.snapshot())
    unfinished.replace(snapshot)


def _until_stopped() -> None:
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()

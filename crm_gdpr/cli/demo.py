"""The demo: the whole system on this machine, to use by hand or to watch live a life of its own."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from crm_gdpr.cli.show import console, json_option, print_json
from crm_gdpr.demo.people import Officer
from crm_gdpr.demo.play import close, play
from crm_gdpr.demo.stack import OFFICER, Stack, free_port


@click.command()
@click.option("--once", is_flag=True, help="Play the life headless, end with a table; exit 0 only if all of it held.")
@click.option("--port", default=8000, show_default=True, help="Port of the console.")
@click.option("--crm-port", default=8770, show_default=True, help="Port of the emulated CRM.")
@click.option("--contacts", default=2000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--limits", type=click.Choice(["real", "off"]), default="off", show_default=True, help="HubSpot's limits."
)
@click.option("--home", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
@json_option
def demo(  # noqa: PLR0913 - one parameter for each option
    once: bool, port: int, crm_port: int, contacts: int, seed: int, limits: str, home: Path, as_json: bool
) -> None:
    """Start everything on embedded defaults; Ctrl-C stops all of it."""
    ports = (free_port(), free_port()) if once else (port, crm_port)
    with _stopped_by_signals(), Stack(home.resolve(), *ports, contacts=contacts, seed=seed, limits=limits) as stack:
        if once:
            _play(stack, as_json)
        else:
            _invite(stack)


def _play(stack: Stack, as_json: bool) -> None:
    started = time.monotonic()
    held, rows = play(stack, Console(stderr=True) if as_json else console)
    if as_json:
        print_json({"acts": [vars(act) for act in held], "rows": [vars(row) for row in rows]})
        return
    close(rows, console)
    console.print(f"Every step was seen to hold, in {time.monotonic() - started:.0f} seconds.")


def _invite(stack: Stack) -> None:
    """Install and read once, say where to look, and wait for Ctrl-C."""
    with console.status("Installing the properties, tagging everyone, reading the portal …"):
        officer = Officer(stack, OFFICER)
        officer.run("install", "--apply")
        officer.run("reconcile", "--full")
        officer.run("plan")
    console.print(f"\nThe CRM, where sales works as usual:  {stack.crm_url}/app/")
    console.print(f"The console, for support and officer: {stack.web_url}/console/")
    for account in stack.accounts.values():
        console.print(f"  sign in as [bold]{account.name}[/bold] with [bold]{account.password}[/bold] ({account.role})")
    console.print("The portal is installed, read, and a first plan waits for approval. Ctrl-C stops everything.")
    while True:
        stack.check()
        time.sleep(1)


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM stop the demo as Ctrl-C does, so that no process is left behind."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        console.print("Stopped.")

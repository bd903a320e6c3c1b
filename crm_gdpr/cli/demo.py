"""The demo: the whole system on this machine, to use by hand or to watch live a life of its own."""

from __future__ import annotations

import time
from pathlib import Path

import click

from crm_gdpr.cli.show import console
from crm_gdpr.demo.play import close, play
from crm_gdpr.demo.stack import Stack, free_port


@click.command()
@click.option(
    "--once", is_flag=True, help="Play the life headless and end with a table; exit 0 only if all of it held."
)
@click.option("--port", default=8000, show_default=True, help="Port of the console.")
@click.option("--crm-port", default=8770, show_default=True, help="Port of the emulated CRM.")
@click.option("--contacts", default=2000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--limits", type=click.Choice(["real", "off"]), default="off", show_default=True, help="HubSpot's call limits."
)
@click.option("--home", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
def demo(once: bool, port: int, crm_port: int, contacts: int, seed: int, limits: str, home: Path) -> None:  # noqa: PLR0913 - one parameter for each option
    """Start everything on embedded defaults; Ctrl-C stops all of it."""
    ports = (free_port(), free_port()) if once else (port, crm_port)
    started = time.monotonic()
    with Stack(home.resolve(), *ports, contacts=contacts, seed=seed, limits=limits) as stack:
        if once:
            close(play(stack, console), console)
            console.print(f"Every step was seen to hold, in {time.monotonic() - started:.0f} seconds.")
        else:
            _invite(stack)


def _invite(stack: Stack) -> None:
    """Say where to look, and wait for Ctrl-C."""
    console.print(f"\nThe CRM, where sales works as usual:  {stack.crm_url}/app/")
    console.print(f"The console, for support and officer: {stack.web_url}/console/")
    for account in stack.accounts.values():
        console.print(f"  sign in as [bold]{account.name}[/bold] with [bold]{account.password}[/bold] ({account.role})")
    console.print("Begin with `install` and a first reading: done. Ctrl-C stops everything.")
    try:
        while True:
            stack.check()
            time.sleep(1)
    except KeyboardInterrupt:
        console.print("Stopping.")

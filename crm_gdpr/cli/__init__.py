"""crm-gdpr: what operators and officers type.  Exit codes: 0 done, 1 refused or failed, 2 usage."""

from __future__ import annotations

import sys
from importlib import import_module

import click

# Each command is imported when it is called: `decide` need not wait for HubSpot's client.
COMMANDS = {
    "addons": "portal",
    "apply": "deciding",
    "approve": "deciding",
    "clock": "processes",
    "decide": "policy",
    "demo": "demo",
    "doctor": "portal",
    "emulator": "emulator",
    "erase": "deciding",
    "explain": "portal",
    "export": "rights",
    "hold": "deciding",
    "incident": "deciding",
    "install": "portal",
    "ledger": "proof",
    "migrate": "processes",
    "notice": "notice",
    "objection": "deciding",
    "pause": "deciding",
    "plan": "deciding",
    "policy": "policy",
    "reconcile": "reading",
    "record": "proof",
    "release": "deciding",
    "requests": "rights",
    "resume": "deciding",
    "usage": "usage",
    "user": "processes",
    "worker": "processes",
}
EXPECTED = ("crm_gdpr", "redis", "requests", "sqlalchemy")


class Commands(click.Group):
    """A group that finds its commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"crm_gdpr.cli.{COMMANDS[cmd_name]}")
        return next(c for c in vars(module).values() if isinstance(c, click.Command) and c.name == cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="crm-gdpr")
def cli() -> None:
    """Make HubSpot keep the promises of the privacy notice."""


def main() -> None:
    """Run a command; what we expect to go wrong is one line on stderr and exit 1."""
    try:
        cli()
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in EXPECTED:
            raise
        click.echo(f"crm-gdpr: {(str(error) or type(error).__name__).splitlines()[0]}", err=True)
        sys.exit(1)

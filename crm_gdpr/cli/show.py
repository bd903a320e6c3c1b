"""How commands speak: tables for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _named(_: click.Context, __: click.Parameter, value: str) -> str:
    name = " ".join(value.split())
    if not name:
        raise click.BadParameter("somebody must decide; give a name")
    return name


by_option = click.option(
    "--by", required=True, metavar="NAME", callback=_named, help="Who decides; stands in the ledger."
)

console = Console()


def print_json(value: Any) -> None:
    """Print a value as JSON, days and instants as text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under a title."""
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row))
    console.print(table)

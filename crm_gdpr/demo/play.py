"""Play the acts one after the other, with progress, and close with a table of what happened to whom and why."""

from __future__ import annotations

import time

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from crm_gdpr.demo.acts import ACTS
from crm_gdpr.demo.stack import Stack
from crm_gdpr.demo.stage import Row, Stage


def play(stack: Stack, console: Console) -> list[Row]:
    """Play every act; `DemoError` names the first thing that was not seen to hold."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task("", total=len(ACTS))

        def say(detail: str) -> None:
            progress.update(task, description=detail)

        stage = Stage(stack, say)
        for act in ACTS:
            title = (act.__doc__ or act.__name__).rstrip(".")
            say(title)
            started = time.monotonic()
            act(stage)
            progress.console.print(f"[green]held[/green] {title} [dim]({time.monotonic() - started:.1f} s)[/dim]")
            progress.advance(task)
    return stage.rows


def close(rows: list[Row], console: Console) -> None:
    """Print the closing table."""
    table = Table("who", "what happened", "why", title="What happened to whom, and why", title_justify="left")
    for row in rows:
        table.add_row(row.who, row.what, row.why)
    console.print(table)

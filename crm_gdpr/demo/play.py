"""Play the acts one after the other, with progress, and close with a table of what happened to whom and why."""

from __future__ import annotations

import time
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from crm_gdpr.demo.acts import ACTS
from crm_gdpr.demo.stack import Stack
from crm_gdpr.demo.stage import Row, Stage


@dataclass(frozen=True)
class Held:
    """One act that was seen to hold, and how long it took."""

    act: str
    title: str
    seconds: float


def play(stack: Stack, console: Console) -> tuple[list[Held], list[Row]]:
    """Play every act; `DemoError` names the first thing that was not seen to hold."""
    held: list[Held] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=not console.is_terminal) as progress:
        task = progress.add_task("", total=len(ACTS))
        stage = Stage(stack, lambda detail: progress.update(task, description=detail))
        for act in ACTS:
            title = (act.__doc__ or act.__name__).rstrip(".")
            stage.say(title)
            started = time.monotonic()
            act(stage)
            held.append(Held(act.__name__, title, round(time.monotonic() - started, 1)))
            progress.console.print(f"[green]held[/green] {title} [dim]({held[-1].seconds} s)[/dim]")
            progress.advance(task)
    return held, stage.rows


def close(rows: list[Row], console: Console) -> None:
    """Print the closing table."""
    table = Table("who", "what happened", "why", title="What happened to whom, and why", title_justify="left")
    for row in rows:
        table.add_row(row.who, row.what, row.why)
    console.print(table)

"""What proves it all: the ledger, and the record of processing activities (Art. 30)."""

from __future__ import annotations

from pathlib import Path

import click

from crm_gdpr.addons.register.record import activities
from crm_gdpr.cli.show import json_option, print_json, print_table
from crm_gdpr.env import Settings
from crm_gdpr.jobs import boot
from crm_gdpr.policy import load_policy
from crm_gdpr.registry import load
from crm_gdpr.store import Store


@click.group()
def ledger() -> None:
    """What was done, and the proof that nobody changed it."""


@ledger.command()
@json_option
def verify(as_json: bool) -> None:
    """Recompute the chain from its first line; exit 1 when it does not hold."""
    proof = Store(Settings.read().database_url).ledger.verify()
    if as_json:
        print_json({"holds": proof.holds, "lines": proof.lines, "head": proof.head, "broken_at": proof.broken_at})
    elif proof.holds:
        click.echo(f"The ledger holds: {proof.lines} lines, head {proof.head}.")
    if not proof.holds:
        raise click.ClickException(
            f"line {proof.broken_at} does not fit the chain: it, or a line before it, was changed after it was "
            "written; compare with a backup"
        )


@ledger.command("show")
@click.option("--contact", "contact_id", help="Only what was done about this contact.")
@click.option("--newest", type=int, default=50, show_default=True)
@json_option
def show_ledger(contact_id: str | None, newest: int, as_json: bool) -> None:
    """Show the newest lines."""
    env = boot()
    subject = env.pseudonym(contact_id) if contact_id else None
    lines = env.store.ledger.lines(subject=subject, newest=newest)
    if as_json:
        print_json([vars(line) for line in lines])
    else:
        rows = [(line.seq, line.at, line.actor, line.action, dict(line.detail)) for line in lines]
        print_table("Ledger", ("line", "at", "by", "action", "detail"), rows)


@click.command()
@click.option("--policy", "path", type=click.Path(exists=True), envvar="CRM_GDPR_POLICY", help="Another policy.toml.")
@json_option
def record(path: str | None, as_json: bool) -> None:
    """The record of processing activities (Article 30), from the policy and the installed addons."""
    policy, registry = load_policy(Path(path) if path else None), load()
    rows = activities(policy, registry.holdings)
    if as_json:
        print_json(rows)
        return
    told = [
        (
            row["purpose"]["en"],
            ", ".join(row["legal_bases"]),
            ", ".join(row["balancing_tests"]),
            ", ".join(row["subjects"]),
            "; ".join(f"{each['en']} ({each['where']}): {each['period']['en']}" for each in row["categories"]),
            ", ".join(each["name"] for each in row["recipients"]),
        )
        for row in rows
    ]
    columns = ("purpose", "legal basis", "balancing test", "people", "what, where and how long", "recipients")
    print_table(f"Record of processing, {policy.controller.name}, {policy.controller.contact}", columns, told)

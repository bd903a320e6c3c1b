"""The notice of Art. 14 at the command line: is its text complete, and the bulk notice at install."""

from __future__ import annotations

from pathlib import Path

import click

from crm_gdpr.addons.notice.backlog import apply, plan
from crm_gdpr.addons.notice.letter import for_hubspot, template_file
from crm_gdpr.cli.show import json_option, print_json, print_table
from crm_gdpr.jobs import boot
from crm_gdpr.policy import load_policy
from crm_gdpr.policy.notice_text import lint, load_template


@click.group()
def notice() -> None:
    """Tell people that their data is held."""


policy_option = click.option(
    "--policy", type=click.Path(exists=True, path_type=Path), envvar="CRM_GDPR_POLICY", help="Another policy.toml."
)


@notice.command("check")
@click.argument("file", required=False, type=click.Path(exists=True, path_type=Path))
@policy_option
def check_text(file: Path | None, policy: Path | None) -> None:
    """Refuse a template that lacks an element of Article 14, hides the objection, or asks the reader anything."""
    findings = lint(load_template(file or template_file(policy)))
    for finding in findings:
        click.echo(f"{finding.key}: {finding.text.en}")
    if findings:
        raise click.ClickException("the notice must not be sent as it is; mend the template and check again")
    click.echo("The notice says everything it must.")


@notice.command("text")
@click.option("--language", type=click.Choice(["sv", "en"]), default="sv", show_default=True)
@policy_option
def print_text(language: str, policy: Path | None) -> None:
    """The notice as a template to put into HubSpot, with its tokens for each person."""
    text = load_template(template_file(policy))
    if lint(text):
        raise click.ClickException("the notice must not be sent as it is; `crm-gdpr notice check` says why")
    click.echo(for_hubspot(text, load_policy(policy), language))


@notice.command()
@click.option("--apply", "do_it", is_flag=True, help="Mark the people, and lay one task for each tranche.")
@click.option("--by", help="Who approves; stands in the ledger.")
@json_option
def backlog(do_it: bool, by: str | None, as_json: bool) -> None:
    """The bulk notice to those who were there before: tranches by import, after the evidence of past mailings."""
    if do_it and not by:
        raise click.UsageError("--apply needs --by NAME, the person who approves")
    env = boot()
    tranches = plan(env)
    if do_it and by:
        apply(env, tranches, by=by)
    rows = [(tranche.name, len(tranche.contact_ids)) for tranche in tranches]
    if as_json:
        print_json([dict(zip(("tranche", "people"), row, strict=True)) for row in rows])
    else:
        print_table("Bulk notice", ("tranche", "people"), rows)

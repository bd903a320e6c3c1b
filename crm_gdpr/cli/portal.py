"""The portal: what is installed in it, what was read from it, and what is known of one person."""

from __future__ import annotations

from pathlib import Path

import click

from crm_gdpr import project as developer
from crm_gdpr.addons.dialogue.reconcile import judge
from crm_gdpr.addons.provenance.scanning import tag_everyone
from crm_gdpr.cli.show import json_option, print_json, print_table
from crm_gdpr.definitions import definitions
from crm_gdpr.diagnosis import diagnose
from crm_gdpr.env import Env
from crm_gdpr.jobs import boot
from crm_gdpr.policy import explained
from crm_gdpr.registry import load
from crm_gdpr.sync import install as installing


@click.command()
@json_option
def addons(as_json: bool) -> None:
    """List the installed addons, dependencies first."""
    if as_json:
        print_json([{name: getattr(a, name) for name in ("name", "version", "depends", "summary")} for a in load()])
        return
    rows = [(a.name, a.version, ", ".join(a.depends), a.summary) for a in load()]
    print_table("Addons", ("name", "version", "depends on", "what it does"), rows)


@click.command()
@click.option("--apply", "do_it", is_flag=True, help="Carry the plan out.")
@click.option(
    "--project",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the HubSpot developer project into this folder instead, and call nobody.",
)
@click.option(
    "--public-url",
    envvar="CRM_GDPR_PUBLIC_URL",
    metavar="URL",
    help="Where HubSpot reaches the web process; CRM_GDPR_PUBLIC_URL when not given.",
)
@json_option
def install(do_it: bool, folder: Path | None, public_url: str | None, as_json: bool) -> None:
    """Show what the portal lacks; with --apply, create and alter it, and tag everyone.  Nothing is deleted."""
    if folder is not None:
        _write_project(folder, public_url, as_json)
        return
    env = boot()
    wanted = definitions(env.registry)
    changes = installing.plan(wanted, installing.present(env.hubspot, wanted))
    rows = [(change.what, change.kind, change.name) for change in changes]
    if as_json:
        print_json([dict(zip(("what", "kind", "name"), row, strict=True)) for row in rows])
    else:
        print_table("To do in the portal", ("what", "object", "name"), rows)
    if not do_it:
        return
    installing.apply(env.hubspot, changes)
    env.record("portal.installed", actor="install", changes=len(changes))
    tag_everyone(env)
    if not as_json:
        click.echo(f"Done: {len(changes)} changes; every contact is tagged.")


def _write_project(folder: Path, public_url: str | None, as_json: bool) -> None:
    """Needs no token: the app that gives the token is made from these files."""
    if not public_url:
        raise click.UsageError("say with --public-url where HubSpot reaches the web process")
    written = [str(path) for path in developer.write(developer.project(load(), public_url), folder)]
    if as_json:
        print_json(written)
    else:
        click.echo("\n".join(written))
        click.echo(f"Next: `hs project upload` in {folder}.")


@click.command()
@click.argument("contact_id")
@json_option
def explain(contact_id: str, as_json: bool) -> None:
    """Tell the whole trace of one person: the verdict, and every event considered."""
    env = boot()
    known = env.store.index.known(contact_id)
    if known is None:
        raise click.ClickException(f"contact {contact_id} is not indexed; `crm-gdpr reconcile` reads the portal")
    verdict = judge(known, env.store.requests.is_open(contact_id), env.policy, env.today())
    considered = explained(known.facts, env.policy, env.today())
    events = [(c.event.ref, c.event.on, c.whose, c.counts, c.why.sv, c.why.en) for c in considered]
    names = ("ref", "on", "whose", "counts", "why_sv", "why_en")
    if as_json:
        print_json({**verdict.to_json(), "events": [dict(zip(names, e, strict=True)) for e in events]})
        return
    print_table(
        f"Contact {contact_id}: {verdict.verdict}", ("because", ""), [(r.text.en, r.ref) for r in verdict.because]
    )
    print_table("Events considered", ("event", "on", "whose", "counts", "why"), [(*e[:4], e[5]) for e in events])


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Check that everything the promises rest on works; exit 1 when something does not."""
    env: Env = boot()
    findings = diagnose(env)
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        print_table("Doctor", ("what", "state", "what to do"), [(f.what, f.state, f.advice) for f in findings])
    if any(finding.state == "broken" for finding in findings):
        raise click.exceptions.Exit(1)

"""The policy from the command line: `decide`, `policy check`, `policy show`, `policy diff` and `requests due`.

No network, and of the environment only `CRM_GDPR_POLICY`; `policy diff` alone opens the store, to judge those in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from crm_gdpr.cli.show import json_option
from crm_gdpr.policy import (
    FactsError,
    Policy,
    PolicyError,
    check,
    facts_from_json,
    load_policy,
)
from crm_gdpr.policy import decide as decide_about
from crm_gdpr.policy import due as due_for
from crm_gdpr.policy.reading import citations

DAY = click.DateTime(formats=["%Y-%m-%d"])


def _read_policy(_: click.Context, __: click.Parameter, path: Path | None) -> Policy:
    try:
        return load_policy(path)
    except PolicyError as problem:
        raise click.ClickException(str(problem)) from None


def with_policy(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--policy`, read and ready."""
    return click.option(
        "--policy",
        envvar="CRM_GDPR_POLICY",
        type=click.Path(path_type=Path),
        callback=_read_policy,
        help="The policy to go by; the packaged one without it.",
    )(command)


@click.command()
@click.option("--facts", "file", required=True, type=click.Path(allow_dash=True), help="JSON file; - is stdin.")
@click.option("--on", required=True, type=DAY, metavar="DATE", help="The day to judge on.")
@with_policy
def decide(file: str, on: datetime, policy: Policy) -> None:
    """Say what is to become of people whose facts are in FILE: an object, or a list of them."""
    data = _read_json(file)
    if isinstance(data, list):
        _print([_verdict(item, policy, on.date(), f"[{at}] ") for at, item in enumerate(data)])
    else:
        _print(_verdict(data, policy, on.date(), ""))


@click.group(name="policy")
def policy_group() -> None:
    """The company's promises, as data."""


@policy_group.command(name="check")
@json_option
@with_policy
def check_policy(as_json: bool, policy: Policy) -> None:
    """Tell whether the policy keeps every sentence of its notice, and whether HubSpot can keep the policy."""
    findings = check(policy)
    failed = any(finding.level == "error" for finding in findings)
    if as_json:
        _print({"version": policy.version, "ok": not failed, "findings": [f.to_json() for f in findings]})
    else:
        for finding in findings:
            click.echo(f"{finding.level}: {finding.key}: {finding.text.en}")
        rules = len(list(citations(policy)))
        click.echo(f"policy {policy.version}: {len(policy.sentences)} sentences, {rules} rules, {_outcome(failed)}")
    if failed:
        raise click.exceptions.Exit(1)


@policy_group.command(name="show")
@json_option
@with_policy
def show_policy(as_json: bool, policy: Policy) -> None:
    """List the sentences of the notice, each with the rules that keep it."""
    rows: list[dict[str, Any]] = [
        {
            "id": sentence.id,
            "text": sentence.text,
            "kept_by": [key for key, keeps in citations(policy) if sentence.id in keeps],
            "no_rule": sentence.no_rule,
        }
        for sentence in policy.sentences
    ]
    if as_json:
        _print({"version": policy.version, "controller": policy.controller.name, "sentences": rows})
        return
    for row in rows:
        kept = ", ".join(row["kept_by"]) or f"no rule: {row['no_rule']}"
        click.echo(f"{row['id']:<4} {row['text']}\n     {kept}")


@policy_group.command(name="diff")
@click.argument("new", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
def diff_policy(new: Path, as_json: bool) -> None:
    """Tell who becomes due, and who no longer is, if the policy in NEW took effect today."""
    from crm_gdpr.addons.retention.preview import preview
    from crm_gdpr.jobs import boot

    changes = preview(boot(), _read_policy(click.get_current_context(), click.Argument(["new"]), new))
    if as_json:
        _print({step: {"gained": change.gained, "lost": change.lost} for step, change in changes.items()})
        return
    for step, change in changes.items():
        click.echo(f"{step:<8} +{len(change.gained)}, -{len(change.lost)}")


@click.command()
@click.option("--received", required=True, type=DAY, metavar="DATE", help="The day the request came in.")
@click.option("--extended", is_flag=True, help="Two further months were announced within the first.")
@json_option
def due(received: datetime, extended: bool, as_json: bool) -> None:
    """Print the last day to answer a request (Article 12(3))."""
    try:
        found = due_for(received.date(), extended)
    except OverflowError:
        raise click.ClickException(f"{received.date()} lies at the end of the calendar; give an earlier day") from None
    if as_json:
        _print({"received_on": received.date().isoformat(), "extended": extended, **found.to_json()})
    else:
        click.echo(found.due_on.isoformat())


def _verdict(data: Any, policy: Policy, on: date, place: str) -> dict[str, Any]:
    try:
        return decide_about(facts_from_json(data), policy, on).to_json()
    except FactsError as problem:
        raise click.ClickException(f"{place}{problem}") from None
    except OverflowError:
        raise click.ClickException(f"{place}a day lies at the end of the calendar; give earlier days") from None


def _read_json(file: str) -> Any:
    try:
        with click.open_file(file, encoding="utf-8-sig") as source:
            return json.load(source)
    except OSError as problem:
        raise click.ClickException(f"{file}: cannot be read ({problem.strerror})") from None
    except (ValueError, RecursionError) as problem:
        raise click.ClickException(f"{file}: is not JSON ({problem})") from None


def _print(data: Any) -> None:
    """Write JSON as UTF-8; half a surrogate pair stays the escape it came as."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace"))


def _outcome(failed: bool) -> str:
    return "with errors" if failed else "no errors"

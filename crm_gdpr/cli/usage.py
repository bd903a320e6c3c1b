"""Usage data: what is due, and letting go of it."""

from __future__ import annotations

import click

from crm_gdpr.addons.usage.applying import apply_plan, approve_plan
from crm_gdpr.addons.usage.planning import make_plan
from crm_gdpr.addons.usage.wording import told
from crm_gdpr.cli.show import by_option, json_option, print_json, print_table
from crm_gdpr.jobs import boot


@click.group()
def usage() -> None:
    """Usage data in HubSpot and in the company's own databases."""


@usage.command()
@json_option
def plan(as_json: bool) -> None:
    """Make a plan of the rows past their period.  Nothing is touched."""
    made = make_plan(boot())
    if made is None:
        print_json(None) if as_json else click.echo("Nothing is due.")
        return
    if as_json:
        print_json({"plan": made.id, "made_on": made.made_on, "hash": made.hash, "steps": made.steps})
        return
    rows = [(told(step).en, step["rows"]) for step in made.steps]
    print_table(f"Usage plan {made.id} of {made.made_on}", ("what", "rows"), rows)
    click.echo(f"To approve: crm-gdpr usage approve {made.id} --hash {made.hash} --by NAME")


@usage.command()
@click.argument("plan_id", type=int)
@click.option("--hash", "hash_", required=True, help="The hash that was printed with the plan.")
@by_option
def approve(plan_id: int, hash_: str, by: str) -> None:
    """Approve a usage plan, bound to its hash."""
    approve_plan(boot(), plan_id, hash_, by=by)
    click.echo(f"Usage plan {plan_id} is approved by {by}.")


@usage.command()
@click.argument("plan_id", type=int)
@json_option
def apply(plan_id: int, as_json: bool) -> None:
    """Carry out an approved usage plan here and now."""
    env = boot()
    apply_plan(env, plan_id)
    plan = env.store.usage_plans.get(plan_id)
    assert plan is not None  # noqa: S101 - it was just carried out
    rows = [(told(step).en, step["rows"], plan.done.get(str(at), 0)) for at, step in enumerate(plan.steps)]
    if as_json:
        print_json([{"what": what, "planned": planned, "gone": gone} for what, planned, gone in rows])
    else:
        print_table(f"Usage plan {plan_id}", ("what", "planned", "gone"), rows)

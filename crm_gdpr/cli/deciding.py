"""What named people decide: plans, holds, objections, erasures, the switch.  Every line of it is in the ledger."""

from __future__ import annotations

import time
from datetime import timedelta

import click
from rich.progress import Progress

from crm_gdpr.addons.access.steps import StepRefused
from crm_gdpr.addons.erasure.handlers import GROUNDS, refuse_erasure
from crm_gdpr.addons.erasure.incidents import open_incident
from crm_gdpr.addons.erasure.requests import plan_erasure
from crm_gdpr.addons.objection.taking import MARKETING, PROCESSING, object_to
from crm_gdpr.addons.objection.wording import BY_COLLEAGUES
from crm_gdpr.addons.retention import holds
from crm_gdpr.addons.retention.approving import approve_plan, start_plan
from crm_gdpr.addons.retention.backlog import backlog
from crm_gdpr.addons.retention.planning import make_plan, watch_calendar
from crm_gdpr.cli.show import by_option, console, json_option, print_json, print_table
from crm_gdpr.env import Env
from crm_gdpr.gate import Refused
from crm_gdpr.jobs import boot

PATIENCE_S = 60.0


@click.command()
@json_option
def plan(as_json: bool) -> None:
    """Make a plan of who is due today, with the reasons.  Nothing is touched."""
    env = boot()
    watch_calendar(env)
    made = make_plan(env)
    if made is None:
        print_json(None) if as_json else click.echo("Nobody is due.")
        return
    items = env.store.plans.items(made.id)
    if as_json:
        listed = [
            {"contact": i.contact_id, "step": i.step, "because": i.verdict["because"], "facts": i.facts} for i in items
        ]
        print_json({"plan": made.id, "made_on": made.made_on, "hash": made.hash, "items": listed})
        return
    rows = [(i.step, i.contact_id, i.verdict["because"][0]["text"]["en"]) for i in items]
    print_table(f"Plan {made.id} of {made.made_on}: {len(items)} people", ("step", "contact", "because"), rows)
    rest = backlog(env)
    if rest is not None:
        pace = f"at {rest.a_day} a day the last is archived on {rest.ends_on}"
        click.echo(f"{rest.people} people are past their time; {pace}.")
    click.echo(f"To approve: crm-gdpr approve {made.id} --hash {made.hash} --by NAME")


@click.command()
@click.argument("plan_id", type=int)
@click.option("--hash", "hash_", required=True, help="The hash that was printed with the plan.")
@by_option
def approve(plan_id: int, hash_: str, by: str) -> None:
    """Approve a plan, bound to its hash; one that destroys many takes two people."""
    enough = approve_plan(boot(), plan_id, hash_, by=by)
    click.echo(f"Plan {plan_id} is approved by {by}{'' if enough else '; a second person must approve it too'}.")


@click.command()
@click.argument("plan_id", type=int)
@json_option
def apply(plan_id: int, as_json: bool) -> None:
    """Carry out an approved plan, and wait until the workers are done with it."""
    env = boot()
    key = start_plan(env, plan_id)
    _follow(env, plan_id, key)
    counts = {f"{step} {state}": n for (step, state), n in sorted(env.store.plans.counts(plan_id).items())}
    if as_json:
        print_json(counts)
    else:
        print_table(f"Plan {plan_id}", ("what", "how many"), counts.items())


@click.command()
@click.argument("contact_id")
@click.option("--reason", required=True, help="Why the record must be kept.")
@click.option("--days", type=click.IntRange(1, 366), default=365, show_default=True, help="Days until it is reviewed.")
@by_option
def hold(contact_id: str, reason: str, days: int, by: str) -> None:
    """Keep a person's record whatever the dates, until released."""
    env = boot()
    until = env.today() + timedelta(days=days)
    holds.hold(env, contact_id, reason=reason, until=until.isoformat(), by=by)
    click.echo(f"Contact {contact_id} is on hold; reviewed on {until}.")


@click.command()
@click.argument("contact_id")
@by_option
def release(contact_id: str, by: str) -> None:
    """Take a hold away."""
    holds.release(boot(), contact_id, by=by)
    click.echo(f"Contact {contact_id} is released.")


@click.command()
@click.argument("contact_id")
@click.option("--how", type=click.Choice(BY_COLLEAGUES), default="told", show_default=True, help="How it came to us.")
@click.option("--processing", is_flag=True, help="To the processing as such (Art. 21(1)): restricts until decided.")
@by_option
def objection(contact_id: str, how: str, processing: bool, by: str) -> None:
    """Record that a person wants no more contact (Article 21)."""
    number = object_to(boot(), contact_id, how=how, by=by, scope=PROCESSING if processing else MARKETING)
    if number is None:
        raise Refused(f"contact {contact_id} is not in HubSpot; look for the person by another id")
    click.echo(f"The objection of contact {contact_id} is recorded: objection {number}.")


@click.command()
@click.argument("contact_id")
@click.option("--refuse", type=click.Choice(list(GROUNDS)), help="Refuse instead, on this ground of Art. 17(3).")
@click.option("--why", default="", help="Why it is refused; stands in a note on the contact.")
@by_option
def erase(contact_id: str, refuse: str | None, why: str, by: str) -> None:
    """Erase a person who asked for it (Article 17), at once, unless something forbids it."""
    env = boot()
    if refuse is not None:
        refuse_erasure(env, contact_id, ground=refuse, why=why, by=by)
        click.echo(
            f"Refused under Art. 17(3)({refuse}), {GROUNDS[refuse].en}. Tell the person, and that they may complain."
        )
        return
    try:
        made = plan_erasure(env, contact_id, by=by)
    except StepRefused as refused:
        raise Refused(f"contact {contact_id} is not erased: {refused.why.en}") from None
    outcome = env.gate.carry_out(made.id, contact_id)
    click.echo(f"Contact {contact_id}: {outcome.state}, {outcome.note}.")
    if outcome.state != "done":
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("contact_id")
@click.option("--why", required=True, help="What went wrong.")
@by_option
def incident(contact_id: str, why: str, by: str) -> None:
    """Open an incident for a deletion that was wrong; 72 hours to notify (Article 33)."""
    open_incident(boot(), contact_id, why=why, by=by)
    click.echo(f"An incident is open about contact {contact_id}; the officer has a task with the day and the evidence.")


@click.command()
@click.option("--why", default="paused by hand", show_default=True)
@by_option
def pause(why: str, by: str) -> None:
    """Stop all archiving and erasing."""
    env = boot()
    env.store.pause.stop(by, env.today(), why)
    env.record("paused", actor=by, why=why)
    click.echo("Stopped: nothing is archived or erased.")


@click.command()
@by_option
def resume(by: str) -> None:
    """Let archiving and erasing go on, with the calendar as it stands taken for right."""
    env = boot()
    env.store.pause.resume(env.today())
    env.record("resumed", actor=by)
    click.echo("Going on.")


def _follow(env: Env, plan_id: int, key: str) -> None:
    """Show how far the plan has come until its job is done, failed, or nobody works on it."""
    total = len(env.store.plans.items(plan_id))
    quiet_since, left = time.monotonic(), total
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task(f"Plan {plan_id}", total=total)
        while env.store.work.state(key) in ("waiting", "running"):
            now_left = sum(n for (_, state), n in env.store.plans.counts(plan_id).items() if state == "waiting")
            progress.update(task, completed=total - now_left)
            if now_left != left:
                quiet_since, left = time.monotonic(), now_left
            if time.monotonic() - quiet_since > PATIENCE_S:
                raise Refused(f"nobody works on plan {plan_id}; is `crm-gdpr worker bulk` running? It stays queued")
            time.sleep(0.1)
    if env.store.work.state(key) == "failed":
        raise Refused(next(f["error"] for f in env.store.work.failed() if f["key"] == key))

"""What the system does at night and what an officer does in the morning, without waiting for either."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.addons.retention.applying import apply_plan
from crm_gdpr.addons.retention.approving import approve_plan
from crm_gdpr.addons.retention.planning import make_plan
from crm_gdpr.emulator import Portal
from crm_gdpr.env import Env
from crm_gdpr.store.plans import Plan

LONG_AGO = "2023-01-10T09:00:00Z"


def silent(portal: Portal, email: str = "jane@example.com", **properties: str) -> str:
    """Add somebody from the website who never said anything more."""
    return portal.add_contact(email=email, createdate=LONG_AGO, gdpr_source="website", **properties)


def won_once(portal: Portal, person: str) -> str:
    """Add a won deal with somebody whose organisation's contract has ended."""
    firm = portal.add_company(contract_end_date="2023-12-31")
    portal.link(("contacts", person), ("companies", firm))
    return portal.add_deal(contacts=[person], companies=[firm], dealname="Licens", dealstage="closedwon")


def uncapped(env: Env) -> Env:
    """The same system, allowed to destroy everyone in a day."""
    many = 10_000
    destruction = replace(
        env.policy.destruction, max_share=many, max_per_run=many, max_per_hour=many, two_approvers_above=many
    )
    breaker = replace(env.policy.breaker, spike_above=1000)
    return replace(env, policy=replace(env.policy, destruction=destruction, breaker=breaker))


def let_pass(env: Env, portal: Portal, days: int) -> None:
    """Let days pass, each of them seen by the system."""
    portal.advance(days=days)
    env.store.pause.saw(env.today())


def planned(env: Env) -> Plan:
    """Read everything, conclude, and plan."""
    reconcile(env, full=True)
    plan = make_plan(env)
    assert plan is not None, "nobody is due"
    return plan


def approved(env: Env) -> Plan:
    """Plan, and approve what was planned."""
    plan = planned(env)
    approve_plan(env, plan.id, plan.hash, by="kim")
    return plan


def carry_out(env: Env) -> Plan:
    """Plan, approve and apply."""
    plan = approved(env)
    apply_plan(env, plan.id)
    return plan


def in_review(env: Env, portal: Portal) -> None:
    """Begin the reviews that are due, and let the time to answer pass."""
    carry_out(env)
    let_pass(env, portal, 31)


def in_bin(env: Env, portal: Portal, days: int = 81) -> None:
    """Archive those who are due, and let them lie in the bin."""
    in_review(env, portal)
    carry_out(env)
    let_pass(env, portal, days)


def states(env: Env, plan: Plan) -> dict[str, tuple[str, str]]:
    return {item.contact_id: (item.step, item.state) for item in env.store.plans.items(plan.id)}


def notes(env: Env, plan: Plan) -> dict[str, str | None]:
    return {item.contact_id: item.note for item in env.store.plans.items(plan.id)}


def last_digest(env: Env, contact_id: str) -> date | None:
    """Return the day the ledger says an owner was last asked, or told once more, about a person."""
    lines = env.store.ledger.lines(subject=env.pseudonym(contact_id))
    zone = ZoneInfo(env.policy.controller.timezone)
    days = [
        datetime.fromisoformat(line.at).astimezone(zone).date()
        for line in lines
        if line.action in ("review.begun", "review.reminded")
    ]
    return max(days, default=None)


def told(env: Env, contact_id: str) -> list[str]:
    """Return what the ledger says happened to a person, in order."""
    return [line.action for line in env.store.ledger.lines(subject=env.pseudonym(contact_id))]

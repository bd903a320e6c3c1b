"""Approve a plan by its hash, and start it.  A large one takes two people; a small one policy may approve itself."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.plans import Plan


class NotApproved(Exception):
    """The approval does not fit the plan; the message says why."""


def approve_plan(env: Env, plan_id: int, given_hash: str, *, by: str) -> bool:
    """Approve what somebody saw, by its hash; False when a second person must approve it too."""
    plan = env.store.plans.get(plan_id)
    if plan is None:
        raise NotApproved(f"plan {plan_id} is not known; `crm-gdpr plan` makes one and prints its number")
    if given_hash != plan.hash:
        raise NotApproved(f"the hash is not that of plan {plan_id}; look at the plan again and use the hash it prints")
    if not _name(by):
        raise NotApproved(f"plan {plan_id} is approved by somebody with a name; give it")
    if not env.store.plans.approve(plan_id, by, env.clock.now()) and not _second(env, plan, by):
        raise NotApproved(f"plan {plan_id} is approved already, by {' and '.join(plan.approvers)}")
    env.record("plan.approved", actor=by, plan=plan_id, hash=plan.hash)
    return not waits_for_second(env, plan_id)


def waits_for_second(env: Env, plan_id: int) -> bool:
    """Tell whether one person approved a plan that takes two."""
    plan = env.store.plans.get(plan_id)
    return plan is not None and len(plan.approvers) == 1 and _takes_two(env, plan_id)


def approve_automatically(env: Env, plan: Plan) -> None:
    """Approve and start a plan that destroys few, where policy says that it may; never while anything is stopped."""
    limits, count = env.policy.destruction, env.store.plans.destructive(plan.id)
    few = count <= limits.automatic_up_to and count <= limits.two_approvers_above
    if limits.automatic and limits.armed and few and env.store.pause.now() is None:
        approve_plan(env, plan.id, plan.hash, by=f"policy {env.policy.version}")
        start_plan(env, plan.id)


def start_plan(env: Env, plan_id: int) -> str:
    """Queue an approved plan; returns the key of the work."""
    plan = env.gate.approved(plan_id)
    if plan.applied_at is not None:
        raise NotApproved(f"plan {plan_id} was carried out on {plan.applied_at:%Y-%m-%d}; make a new plan")
    waiting = sum(n for (_, state), n in env.store.plans.counts(plan_id).items() if state == "waiting")
    env.store.plans.begun(plan_id, env.clock.now())
    key = f"apply-{plan_id}-{env.clock.now():%Y%m%dT%H}-{waiting}"
    env.queue.enqueue("retention.apply", key, plan_id=plan_id)
    return key


def _takes_two(env: Env, plan_id: int) -> bool:
    return env.store.plans.destructive(plan_id) > env.policy.destruction.two_approvers_above


def _name(by: str) -> str:
    """Return a name so that one person has one: case, spaces and the form of letters make no two of it."""
    return " ".join(unicodedata.normalize("NFKC", by).casefold().split())


def _second(env: Env, plan: Plan, by: str) -> bool:
    other = plan.approved_by is not None and _name(plan.approved_by) != _name(by)
    return other and _takes_two(env, plan.id) and env.store.plans.second(plan.id, by, env.clock.now())

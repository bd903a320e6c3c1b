"""Approve a plan by its hash, and start it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_gdpr.env import Env


class NotApproved(Exception):
    """The approval does not fit the plan; the message says why."""


def approve_plan(env: Env, plan_id: int, given_hash: str, *, by: str) -> None:
    """Approve what somebody saw: the hash must be that of the plan, and nobody must have approved it before."""
    plan = env.store.plans.get(plan_id)
    if plan is None:
        raise NotApproved(f"plan {plan_id} is not known; `crm-gdpr plan` makes one and prints its number")
    if given_hash != plan.hash:
        raise NotApproved(f"the hash is not that of plan {plan_id}; look at the plan again and use the hash it prints")
    if not env.store.plans.approve(plan_id, by, env.clock.now()):
        raise NotApproved(f"plan {plan_id} is approved already, by {plan.approved_by}")
    env.record("plan.approved", actor=by, plan=plan_id, hash=plan.hash)


def start_plan(env: Env, plan_id: int) -> str:
    """Queue an approved plan; returns the key of the work."""
    plan = env.gate.approved(plan_id)
    if plan.applied_at is not None:
        raise NotApproved(f"plan {plan_id} was carried out on {plan.applied_at:%Y-%m-%d}; make a new plan")
    waiting = sum(n for (_, state), n in env.store.plans.counts(plan_id).items() if state == "waiting")
    key = f"apply-{plan_id}-{env.today():%Y%m%d}-{waiting}"
    env.queue.enqueue("retention.apply", key, plan_id=plan_id)
    return key

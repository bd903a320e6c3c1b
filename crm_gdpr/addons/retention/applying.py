"""Carry out an approved plan: reviews here, everything destructive through the gate, one person at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_gdpr.addons.dialogue.reconcile import conclude
from crm_gdpr.addons.retention.approving import start_plan, waits_for_second
from crm_gdpr.addons.retention.reviewing import begin_reviews

if TYPE_CHECKING:
    from crm_gdpr.env import Env


def apply_plan(env: Env, plan_id: int) -> None:
    """Do what the plan says and policy still says; a second run finds nothing left to do."""
    gate = env.gate
    plan = gate.approved(plan_id)
    env.store.plans.begun(plan_id, env.clock.now())
    waiting = [item for item in env.store.plans.items(plan_id) if item.state == "waiting"]
    wrong = begin_reviews(env, plan_id, [item for item in waiting if item.step == "review"])
    try:
        for item in waiting:
            if item.step != "review":
                gate.carry_out(plan_id, item.contact_id)
    finally:
        conclude(env)
    if wrong:
        raise wrong
    if plan.applied_at is None:
        counts = {f"{step}.{state}": n for (step, state), n in env.store.plans.counts(plan_id).items()}
        env.store.plans.applied(plan_id, env.clock.now())
        by = " and ".join(plan.approvers)
        env.record("plan.applied", actor=f"approved by {by}", plan=plan_id, items=counts)


def go_on(env: Env) -> None:
    """Take up, every hour, the day's plans that a cap or a crash broke off; nothing while stopped or not armed."""
    if not env.policy.destruction.armed or env.store.pause.now():
        return
    for plan in env.store.plans.unfinished():
        if plan.begun_at and not waits_for_second(env, plan.id):
            start_plan(env, plan.id)

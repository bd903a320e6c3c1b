"""Make a plan: who is to be reviewed, archived or erased now, each with the reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crm_gdpr.addons.dialogue.reconcile import judge
from crm_gdpr.policy import Verdict

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.plans import Plan

STEPS = ("review", "archive", "erase")


def plan_night(env: Env) -> None:
    """Plan after the nightly reading; a calendar that jumped stops all destruction first."""
    watch_calendar(env)
    make_plan(env)


def make_plan(env: Env) -> Plan | None:
    """Keep a plan of everyone due today; None when nobody is."""
    steps = list(due_now(env))
    if not steps:
        return None
    today = env.today()
    plan = env.store.plans.make(today, steps)
    counts = {step: sum(1 for which, _ in steps if which == step) for step in STEPS}
    env.record("plan.made", actor="retention", plan=plan.id, hash=plan.hash, items=counts)
    return plan


def due_now(env: Env) -> Iterator[tuple[str, Verdict]]:
    """Yield each step that policy says is due and that has not begun."""
    asked, today = env.store.requests.with_open_request(), env.today()
    for known in env.store.index.everyone(verdicts=STEPS):
        verdict = judge(known, known.contact_id in asked, env.policy, today)
        if verdict.verdict in STEPS and verdict.verdict != verdict.reached and not _is_under_way(env, verdict):
            yield verdict.verdict, verdict


def watch_calendar(env: Env) -> None:
    """Throw the breaker when the calendar moved further than a few nights; else remember the day."""
    today = env.today()
    jump = env.store.pause.jumped(today, env.policy.breaker.clock_jump_days)
    if not jump:
        env.store.pause.saw(today)
        return
    if env.store.pause.now() is None:
        env.record("breaker.tripped", actor="retention", cause="calendar", days=jump)
    env.store.pause.stop("breaker", today, f"the calendar moved {jump} days since it was last seen")


def _is_under_way(env: Env, verdict: Verdict) -> bool:
    """Tell whether the erasure of this person has begun and only waits for HubSpot's bin."""
    case = env.store.cases.of(verdict.contact)
    return case is not None and case.state == "awaiting_bin"

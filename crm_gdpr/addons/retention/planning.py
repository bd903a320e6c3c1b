"""Make a plan: who is to be reviewed, archived or erased now, each with the reasons and the facts they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_gdpr.addons.dialogue.reconcile import judge
from crm_gdpr.addons.retention.approving import approve_automatically
from crm_gdpr.addons.retention.debt import count_debt
from crm_gdpr.addons.retention.remnants import erased_before, left_over
from crm_gdpr.policy import Verdict, add_months, facts_to_json
from crm_gdpr.policy.silence import may_let_go

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.plans import Plan, Step

STEPS = ("review", "archive", "erase")
KEPT_MONTHS = 36
A_WEEK = timedelta(days=7)


def plan_night(env: Env) -> None:
    """Plan after the nightly reading; a calendar that jumped, or customers that vanished, stop all destruction."""
    watch_calendar(env)
    env.gate.look_around()
    today = env.today()
    env.store.pause.remember("customers", today, env.store.customers.count(today))
    earlier = env.store.plans.last_before(today)
    steps = list(due_now(env))
    count_debt(env, steps, earlier)
    let_go_of_names(env)
    plan = keep_plan(env, steps)
    if plan is not None:
        approve_automatically(env, plan)


def make_plan(env: Env) -> Plan | None:
    """Plan for everyone due today; None when nobody is."""
    return keep_plan(env, list(due_now(env)))


def keep_plan(env: Env, steps: Sequence[Step]) -> Plan | None:
    """Keep a plan of these steps; None when there are none."""
    if not steps:
        return None
    today = env.today()
    plan = env.store.plans.make(today, steps)
    counts = {step: sum(1 for which, _, _ in steps if which == step) for step in STEPS}
    env.record("plan.made", actor="retention", plan=plan.id, hash=plan.hash, items=counts)
    return plan


def due_now(env: Env) -> Iterator[Step]:
    """Yield each step that policy says is due and that has not begun.

    Nobody is archived whose owner waits for an answer about a hold, or has yet to be told that silence counts.  Whom
    the gate has kept, by what no reading shows, is left out for a week: nobody is asked to approve them every night.
    """
    asked, today, told = env.store.requests.with_open_request(), env.today(), env.store.stages.told()
    kept = env.store.plans.kept_since(today - A_WEEK + timedelta(days=1))
    held_back = env.store.errands.holds_asked()
    for known in env.store.index.everyone(verdicts=STEPS):
        verdict = judge(known, known.contact_id in asked, env.policy, today)
        if verdict.verdict not in STEPS or verdict.verdict == verdict.reached or _is_under_way(env, verdict):
            continue
        if verdict.reached and kept & {known.contact_id, env.pseudonym(known.contact_id)}:
            continue
        is_told = may_let_go(verdict, told.get(known.contact_id), env.policy.review, today)
        if verdict.verdict != "archive" or (is_told and known.contact_id not in held_back):
            yield verdict.verdict, verdict, facts_to_json(known.facts)
    yield from left_over(env)
    yield from erased_before(env)


def watch_calendar(env: Env) -> None:
    """Throw the breaker when the calendar moved further than a few nights; else remember the day."""
    today, stopped = env.today(), env.store.pause.now() is not None
    if not env.store.pause.watch_calendar(today, env.policy.breaker.clock_jump_days):
        env.store.pause.saw(today)
    elif not stopped:
        env.record("breaker.tripped", actor="retention", cause="calendar")


def let_go_of_names(env: Env) -> None:
    """Name people by keyed hash in plans that are done or overtaken; delete plans past their period."""
    today = env.today()
    newest = max((plan.id for plan in env.store.plans.newest(1)), default=0)
    for plan in env.store.plans.open_before(today):
        if plan.applied_at is not None or plan.id < newest:
            env.store.plans.close(plan.id, env.pseudonym, today)
    env.store.plans.forget_before(add_months(today, -KEPT_MONTHS))


def _is_under_way(env: Env, verdict: Verdict) -> bool:
    """Tell whether this person's erasure has begun or was done, or somebody else has put them in the bin."""
    case = env.store.cases.of(verdict.contact)
    if case is None:
        return False
    return case.state in ("awaiting_bin", *env.store.cases.GONE) or (case.way == "foreign" and case.state == "in_bin")

"""Make a plan: who is to be reviewed, archived or erased now, each with the reasons and the facts they rest on."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from crm_gdpr.addons.dialogue.reconcile import judge
from crm_gdpr.addons.retention.approving import approve_automatically
from crm_gdpr.addons.retention.debt import count_debt
from crm_gdpr.policy import Text, Verdict, add_months, facts_to_json
from crm_gdpr.policy.silence import may_let_go
from crm_gdpr.policy.verdict import WANTED, Reason

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.cases import Case
    from crm_gdpr.store.plans import Plan, Step

STEPS = ("review", "archive", "erase")
KEPT_MONTHS = 36
DELETED = Reason(
    "deleted_in_hubspot",
    Text(sv="Någon raderade kontakten i HubSpot; papperskorgen har tömts.",
         en="Somebody deleted the contact in HubSpot; the recycle bin has emptied."),
)  # fmt: skip
NAMED = Reason(
    "named_by_others",
    Text(sv="Någon raderade kontakten i HubSpot; det som andra delar görs om utan personen i tid.",
         en="Somebody deleted the contact in HubSpot; what others share is made anew without them in time."),
)  # fmt: skip
HELD = ("hold", "restricted", "request_open")
GONE_STATES = ("gone", "verified", "closed")
REPLAYED = Reason(
    "erased_before",
    Text(sv="Personen raderades förut och har kommit tillbaka med en säkerhetskopia.",
         en="The person was erased before, and has come back with a restored copy."),
)  # fmt: skip


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

    Nobody is archived whose owner waits for an answer about a hold, or has yet to be told that silence counts.
    """
    asked, today, told = env.store.requests.with_open_request(), env.today(), env.store.stages.told()
    held_back = {errand.contact_id for errand in env.store.errands.waiting(env.store.errands.HOLD_ASKED)}
    for known in env.store.index.everyone(verdicts=STEPS):
        verdict = judge(known, known.contact_id in asked, env.policy, today)
        if verdict.verdict not in STEPS or verdict.verdict == verdict.reached or _is_under_way(env, verdict):
            continue
        may_go = may_let_go(verdict, told.get(known.contact_id), env.policy.review, today)
        if verdict.verdict != "archive" or (may_go and known.contact_id not in held_back):
            yield verdict.verdict, verdict, facts_to_json(known.facts)
    yield from _left_over(env)
    yield from _erased_before(env)


def _erased_before(env: Env) -> Iterator[Step]:
    """Yield those who were erased and are back: HubSpot or the store was restored from a copy."""
    gone = {case.contact_id: case for case in env.store.cases.in_state(*GONE_STATES)}
    for contact_id in env.hubspot.read_many("contacts", gone, ()) if gone else ():
        yield "erase", Verdict(contact_id, "erase", (REPLAYED,)), {"erased_on": str(gone[contact_id].closed_on)}


def _left_over(env: Env) -> Iterator[Step]:
    """Yield those whom somebody else deleted: while the bin still tells their names, for what others share, and when
    it has let go of them, for their own engagements.  Whoever is held or wanted back is left alone.
    """
    deleted = [case for case in env.store.cases.in_state("in_bin") if case.way == "foreign"]
    ids, asked = [case.contact_id for case in deleted], env.store.requests.with_open_request()
    live, binned = (env.hubspot.read_many("contacts", ids, (), archived=archived) for archived in (False, True))
    for case in deleted:
        if case.contact_id in live or _is_wanted(env, case, asked, gone=case.contact_id not in binned):
            continue
        if case.contact_id not in binned:
            yield "erase", Verdict(case.contact_id, "erase", (DELETED,)), {"deleted_on": case.opened_on.isoformat()}
        elif _may_be_taken_out(env, case):
            yield "erase", Verdict(case.contact_id, "erase", (NAMED,)), {"deleted_on": case.opened_on.isoformat()}


def _is_wanted(env: Env, case: Case, asked: Container[str], *, gone: bool) -> bool:
    """Tell whether the gate would keep what is left of somebody; a customer can be restored only while in the bin."""
    known = env.store.index.known(case.contact_id)
    verdict = judge(known, case.contact_id in asked, env.policy, env.today()) if known else None
    return verdict is not None and verdict.because[0].code in (HELD if gone else WANTED)


def _may_be_taken_out(env: Env, case: Case) -> bool:
    """Tell whether it is late enough that nobody is likely to be restored, and something is there to be done."""
    late = case.opened_on + timedelta(days=env.policy.retention.archive_days)
    return env.today() >= late and "taken_out" not in case.frozen and bool(_shared(case))


def _shared(case: Case) -> list[str]:
    around = [ref for ref in case.frozen.get("around", ()) if ref.startswith("companies/")]
    return [*case.frozen.get("shared", ()), *around]


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
    return case.state in ("awaiting_bin", *GONE_STATES) or (case.way == "foreign" and case.state == "in_bin")

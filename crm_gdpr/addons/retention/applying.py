"""Carry out an approved plan: reviews here, everything destructive through the gate, one person at a time."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm_gdpr.addons.dialogue.reconcile import conclude, judge
from crm_gdpr.addons.retention.approving import start_plan, waits_for_second

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.plans import PlanItem

TASK = (
    "Genomgång enligt integritetspolicyn: {count} kontakter har varit tysta länge. Filtrera på Steg = Genomgång. "
    "Svara på varje kontakt: intyga ett samtal, släpp kontakten, eller be om att den låses. "
    "Utan svar arkiveras de tidigast {days} dagar från i dag. / "
    "Review under the privacy notice: {count} contacts have been silent for long. Filter on Stage = Review. "
    "Answer on each contact: attest a talk, let go, or ask for a hold. "
    "Without an answer they are archived no sooner than {days} days from today."
)


def apply_plan(env: Env, plan_id: int) -> None:
    """Do what the plan says and policy still says; a second run finds nothing left to do."""
    gate = env.gate
    plan = gate.approved(plan_id)
    waiting = [item for item in env.store.plans.items(plan_id) if item.state == "waiting"]
    begin_reviews(env, plan_id, [item for item in waiting if item.step == "review"])
    try:
        for item in waiting:
            if item.step != "review":
                gate.carry_out(plan_id, item.contact_id)
    finally:
        conclude(env)
    if plan.applied_at is None:
        counts = {f"{step}.{state}": n for (step, state), n in env.store.plans.counts(plan_id).items()}
        env.store.plans.applied(plan_id, env.clock.now())
        by = " and ".join(plan.approvers)
        env.record("plan.applied", actor=f"approved by {by}", plan=plan_id, items=counts)


def go_on(env: Env) -> None:
    """Take up, every hour, the newest plan that a cap or a crash broke off; nothing while stopped or not armed."""
    plan = next(iter(env.store.plans.newest(1)), None)
    if plan is None or plan.applied_at is not None or not env.policy.destruction.armed or env.store.pause.now():
        return
    begun = any(state != "waiting" for _, state in env.store.plans.counts(plan.id))
    if begun and plan.approvers and not waits_for_second(env, plan.id):
        start_plan(env, plan.id)


def begin_reviews(env: Env, plan_id: int, items: list[PlanItem]) -> None:
    """Begin the review of those who are still due, and tell each owner once."""
    due = [item.contact_id for item in items if _is_still_due(env, item.contact_id)]
    owners = env.hubspot.read_many("contacts", due, ("hubspot_owner_id",))
    by_owner: dict[str, list[str]] = defaultdict(list)
    for contact_id, record in owners.items():
        by_owner[record.properties.get("hubspot_owner_id") or ""].append(contact_id)
    for owner, contact_ids in sorted(by_owner.items()):
        _begin(env, plan_id, owner, contact_ids)
    passed_over = [item.contact_id for item in items if item.contact_id not in owners]
    env.store.plans.mark(plan_id, passed_over, "skipped", "no longer due, or gone")


def _begin(env: Env, plan_id: int, owner: str, contact_ids: list[str]) -> None:
    """The task first: the waiting time runs from a delivered task; told twice is better than never."""
    days = env.policy.retention.review_days
    task = {
        "hs_task_subject": f"GDPR: {len(contact_ids)} kontakter att gå igenom / contacts to review",
        "hs_task_body": TASK.format(count=len(contact_ids), days=days),
        "hs_timestamp": env.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "hs_task_status": "NOT_STARTED",
        "hs_task_type": "TODO",
        **({"hubspot_owner_id": owner} if owner else {}),
    }
    env.hubspot.create("tasks", task)
    env.store.stages.reach(contact_ids, "review", env.today())
    env.store.plans.mark(plan_id, contact_ids, "done", "review begun")
    env.record_each("review.begun", actor=f"plan {plan_id}", people={id_: {} for id_ in contact_ids})


def _is_still_due(env: Env, contact_id: str) -> bool:
    known = env.store.index.known(contact_id)
    if known is None:
        return False
    verdict = judge(known, env.store.requests.is_open(contact_id), env.policy, env.today())
    return verdict.verdict == "review" and verdict.reached is None

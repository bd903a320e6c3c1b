"""Begin reviews: one task a week for each owner, and the waiting time runs from the day it was delivered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.dialogue.reconcile import judge
from crm_gdpr.addons.register.asking import Question, ask
from crm_gdpr.addons.register.links import record_link, view_link
from crm_gdpr.addons.register.owners import NOBODY, Owners
from crm_gdpr.addons.register.weekly import again_on, week
from crm_gdpr.addons.retention import digest
from crm_gdpr.policy import Text

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.errands import Errand
    from crm_gdpr.store.plans import PlanItem

SUBJECT = Text(sv="{count} kontakter att gå igenom", en="{count} contacts to review")


def begin_reviews(env: Env, plan_id: int, items: Sequence[PlanItem]) -> Exception | None:
    """Begin the review of those who are still due; who waits for the owner's next week is planned again.

    Returns what went wrong with an owner's task, if anything did: it keeps nobody else's back.
    """
    due = {item.contact_id: item for item in items if _is_still_due(env, item.contact_id)}
    by_owner: dict[str, list[PlanItem]] = defaultdict(list)
    try:
        owners = Owners(env).of(due) if due else {}
    except Exception as error:  # as below; nobody can be asked today
        return error
    for contact_id, owner in owners.items():
        by_owner[owner].append(due.pop(contact_id))
    env.store.notes.put("unowned", len(by_owner.get(NOBODY, ())))
    wrong = None
    for owner, theirs in sorted(by_owner.items()):
        try:
            _ask_owner(env, plan_id, owner, sorted(theirs, key=_silent_since))
        except Exception as error:  # whatever it is, the caller raises it when the rest is done
            wrong = wrong or error
    found = {item.contact_id for theirs in by_owner.values() for item in theirs}
    gone = [item.contact_id for item in items if item.contact_id not in found]
    env.store.plans.mark(plan_id, gone, "skipped", "no longer due, or gone")
    return wrong


def _ask_owner(env: Env, plan_id: int, owner: str, items: list[PlanItem]) -> None:
    """The first time everyone at once, then a digest's worth a week, the longest silent first."""
    again, today = again_on(env, "review", owner), env.today()
    now = items if again is None else items[: env.policy.review.digest_people] if today >= again else []
    if now:
        _begin(env, plan_id, owner, now)
    waits = [item.contact_id for item in items[len(now) :]]
    later = today + week(env) if now else again
    env.store.plans.mark(plan_id, waits, "skipped", f"waits for the owner's next digest, on {later}")


def _begin(env: Env, plan_id: int, owner: str, items: list[PlanItem]) -> None:
    """The task first: the waiting time runs from a delivered task."""
    contact_ids = [item.contact_id for item in items]
    lines = [digest_line(env, item.contact_id, item.verdict) for item in items]
    errand = deliver(env, "review", owner, digest.REVIEW, SUBJECT, lines)
    env.store.stages.reach(contact_ids, "review", env.today())
    env.store.plans.mark(plan_id, contact_ids, "done", "review begun")
    env.record_each("review.begun", actor=f"plan {plan_id}", people={id_: {} for id_ in contact_ids})
    env.store.errands.done(errand.id, env.today())  # last: a run broken off before it goes on where it was


def deliver(env: Env, kind: str, owner: str, opening: Text, subject: Text, lines: list[digest.Line]) -> Errand:
    """Deliver a digest to an owner; one of the same people and day is delivered once."""
    count, shown = len(lines), lines[: env.policy.review.digest_people]
    filters = {"gdpr_stage": "review", **({"hubspot_owner_id": owner} if owner else {})}
    question = Question(
        kind=kind,
        key=f"{kind}-{owner}-{env.today()}-{lines[0].contact_id}",
        owner=owner,
        subject=Text(sv=subject.sv.format(count=count), en=subject.en.format(count=count)),
        body=digest.body(opening, shown, total=count, view=view_link(env, **filters)),
    )
    return ask(env, question)


def digest_line(env: Env, contact_id: str, verdict: Mapping[str, Any]) -> digest.Line:
    """Return a person of a digest: a link, why, and until when."""
    why = [Text(**reason["text"]) for reason in verdict["because"]]
    until = str((verdict.get("next") or {}).get("on") or "")
    return digest.Line(contact_id, record_link(env, "contacts", contact_id), why, until)


def _is_still_due(env: Env, contact_id: str) -> bool:
    known = env.store.index.known(contact_id)
    if known is None:
        return False
    verdict = judge(known, env.store.requests.is_open(contact_id), env.policy, env.today())
    return verdict.verdict == "review" and verdict.reached is None


def _silent_since(item: PlanItem) -> tuple[str, str]:
    last = item.verdict.get("last_dialogue") or {}
    created = item.facts.get("contact", {}).get("created_on") or ""
    return str(last.get("on") or created or date.min), item.contact_id

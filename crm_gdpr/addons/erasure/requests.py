"""Requests for erasure (Art. 17): carried out or refused when the identity is confirmed, and answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crm_gdpr.addons.access.letters import lay
from crm_gdpr.addons.access.rights import NO_GROUND, NO_REASON, done, refuse
from crm_gdpr.addons.access.steps import CLOSED, UNCHECKED, StepRefused
from crm_gdpr.addons.erasure.handlers import GROUNDS, refuse_erasure, request_erasure
from crm_gdpr.addons.retention.approving import approve_plan, start_plan
from crm_gdpr.policy import Right, Text, facts_to_json

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.cases import Case
    from crm_gdpr.store.plans import Plan
    from crm_gdpr.store.requests import Request

ANSWERED = ("gone", "verified", "closed")
NOT_INDEXED = Text(
    sv="Personen finns inte i registret; `crm-gdpr reconcile` läser HubSpot.",
    en="The person is not indexed; `crm-gdpr reconcile` reads the portal.",
)
KEPT = Text(
    sv="Kvar är {n} e-postmeddelanden och filer, som tas bort senast efter den {until} (artikel {grounds}).",
    en="What stays is {n} e-mails and files, which go after {until} at the latest (Art. {grounds}).",
)
NOTHING_KEPT = Text(sv="Inget sparas.", en="Nothing is kept.")


def plan_erasure(env: Env, contact_id: str, *, by: str) -> Plan:
    """Record that the person asked, and approve a plan of this one person; what keeps them is said."""
    verdict = request_erasure(env, contact_id, by=by)
    if verdict is None:
        raise StepRefused(NOT_INDEXED)
    if verdict.verdict != "erase":
        raise StepRefused(verdict.because[0].text)
    known = env.store.index.known(contact_id)
    plan = env.store.plans.make(env.today(), [("erase", verdict, facts_to_json(known.facts) if known else {})])
    env.store.plans.begun(plan.id, env.clock.now())  # with its approval it is started, whatever breaks off between
    approve_plan(env, plan.id, plan.hash, by=by)
    return plan


def carry_out(env: Env, request: Request, *, by: str) -> None:
    """Have the person of a request erased by the workers, at once."""
    start_plan(env, plan_erasure(env, _confirmed(request), by=by).id)


def refuse_request(env: Env, request: Request, *, ground: str, why: str, by: str) -> None:
    """Say no on a ground of Art. 17(3): on the person's record, in the ledger, and in a letter."""
    contact_id = _confirmed(request)
    if ground not in GROUNDS:
        raise StepRefused(NO_GROUND)
    if not why.strip():
        raise StepRefused(NO_REASON)
    refuse_erasure(env, contact_id, ground=ground, why=why, by=by)  # first: a wish left standing would be carried out
    named = f"17(3)({ground}), {GROUNDS[ground].sv} / {GROUNDS[ground].en}"
    refuse(env, request, f"{named}: {why.strip()}", by=by)


def answer_requests(env: Env) -> None:
    """Close the requests of people who are gone, with a letter on the ticket that says what is kept and why."""
    for request in env.store.requests.all(open_only=True):
        case = env.store.cases.of(request.contact_id) if request.contact_id else None
        if request.right == Right.ERASURE.value and case is not None and case.state in ANSWERED:
            kept = _kept(case)
            recipients = ", ".join(each.name for each in env.policy.recipients)
            lay(env, request, "erased", kept=f"{kept.sv} / {kept.en}", recipients=recipients)
            done(env, request, "erased")


def _confirmed(request: Request) -> str:
    if not request.is_open or request.right != Right.ERASURE.value:
        raise StepRefused(CLOSED)
    if request.status != "accepted" or request.contact_id is None:
        raise StepRefused(UNCHECKED)
    return request.contact_id


def _kept(case: Case) -> Text:
    lines = [line.split() for line in case.frozen.get("kept", ())]
    if not lines:
        return NOTHING_KEPT
    told = {"n": len(lines), "until": max(until for *_, until in lines), "grounds": ", ".join(_grounds(lines))}
    return Text(sv=KEPT.sv.format(**told), en=KEPT.en.format(**told))


def _grounds(lines: list[list[str]]) -> Iterator[str]:
    yield from dict.fromkeys(ground for _, ground, _ in lines)

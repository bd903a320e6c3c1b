"""Forget completely: on request, and to the end of the recycle bin (Art. 17)."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from crm_gdpr.addons.erasure.aftermath import ask_people, verify
from crm_gdpr.addons.erasure.watching import REQUESTED, note_deletion
from crm_gdpr.policy import Right, Text, add_months, decide

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event
    from crm_gdpr.policy import Verdict
    from crm_gdpr.store.cases import Case

GROUNDS = {  # Art. 17(3)
    "a": Text(sv="yttrande- och informationsfriheten", en="freedom of expression and information"),
    "b": Text(sv="en rättslig förpliktelse, såsom bokföring", en="a legal obligation, such as bookkeeping"),
    "c": Text(sv="allmänt intresse på folkhälsans område", en="public health"),
    "d": Text(
        sv="arkiv, forskning eller statistik av allmänt intresse",
        en="archiving, research or statistics in the public interest",
    ),
    "e": Text(sv="rättsliga anspråk", en="legal claims"),
}
KEPT_MONTHS = 36


def request_erasure(env: Env, contact_id: str, *, by: str) -> Verdict | None:
    """Record that the person asked for erasure; returns what policy says, or None for somebody not indexed."""
    known = env.store.index.known(contact_id)
    if known is None:
        return None
    today = env.today()
    if env.hubspot.read("contacts", contact_id, ()) is not None:
        env.hubspot.update("contacts", contact_id, {REQUESTED: today.isoformat()})
    env.store.index.asked_to_erase(contact_id, today)
    env.record("erasure.requested", actor=by, contact_id=contact_id)
    facts = known.facts
    return decide(replace(facts, contact=replace(facts.contact, erasure_requested_on=today)), env.policy, today)


def follow_up(env: Env) -> None:
    """Close the cases of people whose bin has emptied, read again those who should be gone, and ask for the rest."""
    _finish_forgotten(env)
    for case in env.store.cases.in_state("awaiting_bin"):
        env.gate.finish(case.contact_id, "follow-up")
    refused = verify(env)
    ask_people(env)
    env.store.cases.forget_before(add_months(env.today(), -KEPT_MONTHS))
    if refused:
        raise refused


def refuse_erasure(env: Env, contact_id: str, *, ground: str, why: str, by: str) -> None:
    """Say no to a request for erasure, on a ground of Art. 17(3); the person is told which, and may complain.

    Why stands in a note on the person and goes with it; the ledger, which outlives the person, has the ground.
    Somebody in the recycle bin can have no note: there the index alone forgets that they asked.
    """
    said = f"<p>Radering avslagen / Erasure refused, 17(3)({ground}), {escape(by)}</p><p>{escape(why)}</p>"
    written = {"hs_timestamp": env.clock.now().isoformat(timespec="seconds"), "hs_note_body": said}
    if env.hubspot.read("contacts", contact_id, ()) is not None:
        env.hubspot.update("contacts", contact_id, {REQUESTED: ""})
        env.hubspot.create("notes", written, associations=[("contacts", contact_id)])
    env.store.index.asked_to_erase(contact_id, None)
    env.record("erasure.refused", actor=by, contact_id=contact_id, ground=f"17(3)({ground})")


def deleted_in_hubspot(env: Env, event: Event) -> None:
    """Someone deleted the person for good in HubSpot, or so it is said: once reading shows it, finish our side."""
    if not _is_gone(env, event.object_id):
        return
    case = env.store.cases.of(event.object_id)
    if case is not None and case.way != "foreign" and case.state != "gone":
        _finish_or_plan(env, case)
        return
    if env.store.index.known(event.object_id) is not None:
        note_deletion(env, event.object_id, "erasure.seen")  # the index remembers a hold until the plan has run


def _finish_forgotten(env: Env) -> None:
    """Finish our side for who asked for erasure and is gone without our knowing: the store is an older copy, say."""
    for request in env.store.requests.all(open_only=True):
        contact_id = request.contact_id if request.right == Right.ERASURE.value else None
        if contact_id and env.store.cases.of(contact_id) is None and _is_gone(env, contact_id):
            note_deletion(env, contact_id, "erasure.seen")


def _is_gone(env: Env, contact_id: str) -> bool:
    """Tell whether HubSpot answers for nobody under an id, live or in the bin; one that was merged is its survivor."""
    return not any(env.hubspot.read("contacts", contact_id, (), archived=archived) for archived in (False, True))


def _finish_or_plan(env: Env, case: Case) -> None:
    """Close the case of somebody whose engagements have gone; else they are left for a plan, as others' deletions."""
    if case.is_cleared:
        env.gate.finish(case.contact_id, "somebody in HubSpot")
        return
    env.record("erasure.seen", actor="somebody in HubSpot", contact_id=case.contact_id, customer=False)
    env.store.cases.open(contact_id=case.contact_id, subject=case.subject, way="foreign", frozen={}, on=env.today())
    env.store.cases.move(case.contact_id, "in_bin")

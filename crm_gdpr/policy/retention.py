"""Who is kept, reviewed, archived or erased: the rules of the verdict.  Facts and a day in, verdict and reasons out.

`decide` first tries the verdict with what is known.  Only where that would archive or erase does it ask whether
anything not known could be gentler; if so, the verdict is unknown and a person looks at it (rule 6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crm_gdpr.policy import reasons
from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.clock import Case, Haste, Start, Steps, haste_of, ladder_of, not_relevant_since, start_of
from crm_gdpr.policy.dialogue import PLANNED, UNCLEAR, YES, Considered, trace
from crm_gdpr.policy.facts import UNKNOWN, Attested, Contact, Event, Facts, Organisation, Unknown
from crm_gdpr.policy.text import Text
from crm_gdpr.policy.verdict import ARCHIVE, ERASE, HARDNESS, KEEP, REVIEW, UNSURE, Next, Reason, Verdict


def decide(facts: Facts, policy: Policy, on: date) -> Verdict:
    """Return what is to become of a person on a day, and why."""
    organisation = None if isinstance(facts.organisation, Unknown) else facts.organisation
    case = Case(facts.contact, organisation, trace(facts, policy, on))
    verdict = judge(case, policy, on)
    if verdict.verdict in (ARCHIVE, ERASE):
        verdict = _unless_in_doubt(verdict, facts, case, policy, on)
    if not facts.strange:
        return verdict
    return replace(verdict, because=(*verdict.because, *(reasons.strange(value) for value in facts.strange)))


def judge(case: Case, policy: Policy, on: date) -> Verdict:
    """Apply the rules to what is taken for known; what is not known protects nobody here."""
    if not_relevant_since(case.contact, on):
        case = Case(case.contact, None, tuple(c for c in case.considered if c.whose == "person"))
    start, haste = start_of(case, policy, on), haste_of(case, policy, on)
    last = start.last if start else None
    requested = case.contact.erasure_requested_on
    if isinstance(requested, date) and requested <= on:
        return replace(_on_request(case, requested, on), last_dialogue=last)
    kept = tuple(_protections(case, on))
    if kept:
        return Verdict(case.contact.id, KEEP, kept, last)
    if start is None and haste is None:
        return Verdict(case.contact.id, UNSURE, (reasons.no_clock(),))
    ladder = ladder_of(case, policy, on)
    clock = (
        *_clock_reasons(start, haste),
        *([reasons.unanswered(ladder)] if ladder is policy.retention.unanswered else []),
    )
    climbed = _climb(case.contact, Steps(start, ladder, policy, haste), on)
    because = (*clock, *climbed.because)
    verdict = replace(climbed, because=because, last_dialogue=last)
    return _capped(verdict, case.of(PLANNED))


def _on_request(case: Case, requested: date, on: date) -> Verdict:
    """Rule 11: erased without a ladder; only a hold keeps, and for a customer's contact a person decides."""
    asked = reasons.erasure_requested(requested)
    if _is_held(case.contact):
        return Verdict(case.contact.id, KEEP, (reasons.kept_by("hold"), asked))
    if _is_customer(case.organisation, on):
        return Verdict(case.contact.id, UNSURE, (reasons.person_decides(), asked))
    return Verdict(case.contact.id, ERASE, (asked,))


def _protections(case: Case, on: date) -> Iterator[Reason]:
    """Rule 4: what keeps, whatever the dates."""
    contact, organisation = case.contact, case.organisation
    if _is_held(contact):
        yield reasons.kept_by("hold")
    if contact.restricted is True:
        yield reasons.kept_by("restricted")
    if contact.request_open is True:
        yield reasons.kept_by("request_open")
    if organisation is not None:
        yield from _protections_of(organisation, on)


def _protections_of(organisation: Organisation, on: date) -> Iterator[Reason]:
    if organisation.customer is True:
        yield reasons.kept_by("customer", organisation.id)
    until = organisation.contract_until
    if isinstance(until, date) and on <= until:
        yield reasons.kept_by("contract_runs", organisation.id, until)
    for code, found in (("open_deal", organisation.open_deals), ("open_ticket", organisation.open_tickets)):
        if not isinstance(found, Unknown) and found:
            yield reasons.kept_by(code, found[0])


def _climb(contact: Contact, steps: Steps, on: date) -> Verdict:
    """Rules 2 and 3: the furthest step due and allowed, else the step reached, else keep; none is skipped."""
    reached = _reached(contact, steps, on)
    began = contact.stage_on or on
    if reached == ARCHIVE:
        then = Next(ERASE, steps.erase_on(began))
        return _step_or_stand(contact.id, reached, began, then, on)
    if reached == REVIEW:
        then = Next(ARCHIVE, steps.archive_on(began))
        verdict = _step_or_stand(contact.id, reached, began, then, on)
        after = Next(ERASE, steps.erase_on(on))
        return replace(verdict, next=after) if verdict.verdict == ARCHIVE else verdict
    if on >= steps.review_on:
        then = Next(ARCHIVE, steps.archive_on(on))
        return Verdict(contact.id, REVIEW, (reasons.due(REVIEW, steps.review_on),), next=then)
    then = Next(REVIEW, steps.review_on)
    return Verdict(contact.id, KEEP, (reasons.silent_until(then),), next=then)


def _step_or_stand(contact_id: str, reached: str, began: date, then: Next, on: date) -> Verdict:
    if on >= then.on:
        return Verdict(contact_id, then.step, (reasons.due(then.step, then.on),), reached=reached, since=then.on)
    return Verdict(contact_id, reached, (reasons.standing(reached, began, then),), next=then, reached=reached)


def _reached(contact: Contact, steps: Steps, on: date) -> str | None:
    """Rule 3: a step counts only if today's clock made it due on the day it began."""
    began = contact.stage_on
    if began is None or began > on:
        return None
    if contact.stage == REVIEW and began >= steps.review_on:
        return REVIEW
    if contact.stage == ARCHIVE and began >= steps.archive_borne_from:
        return ARCHIVE
    return None


def _capped(verdict: Verdict, planned: list[Considered]) -> Verdict:
    """Rule 5: a planned meeting, of the person or the organisation, caps the verdict at review."""
    if not planned:
        return verdict
    latest = max(planned, key=lambda c: (c.event.on or date.min, c.event.ref))
    after = (latest.event.on or date.max - timedelta(days=1)) + timedelta(days=1)
    because = (reasons.planned(latest), *verdict.because)
    if HARDNESS[verdict.verdict] <= HARDNESS[REVIEW]:
        later = verdict.next and replace(verdict.next, on=max(verdict.next.on, after))
        harsh = verdict.next is not None and verdict.next.step != REVIEW
        return replace(verdict, because=because, next=later) if harsh else verdict
    return replace(verdict, verdict=REVIEW, because=because, next=Next(verdict.verdict, after))


def _clock_reasons(start: Start | None, haste: Haste | None) -> Iterator[Reason]:
    if haste is not None:
        yield reasons.at_once(haste.code, haste.since)
    if start is None:
        return
    yield reasons.rests_on(start.last) if start.last else reasons.no_dialogue(start.on)
    if start.ended_on is not None:
        yield reasons.ended(start.ended_on)


def _is_held(contact: Contact) -> bool:
    return not isinstance(contact.hold, Unknown) and contact.hold is not None


def _is_customer(organisation: Organisation | None, on: date) -> bool:
    if organisation is None:
        return False
    until = organisation.contract_until
    return organisation.customer is True or (isinstance(until, date) and on <= until)


@dataclass(frozen=True)
class _Doubt:
    """Something not known, and the case as it would be if it were what protects most."""

    reason: Reason
    resolve: Callable[[Case], Case]


def _unless_in_doubt(verdict: Verdict, facts: Facts, case: Case, policy: Policy, on: date) -> Verdict:
    """Rule 6: unknown matters only where it could save the record."""
    doubts = list(_doubts(facts, case, on))
    best = case
    for doubt in doubts:
        best = doubt.resolve(best)
    if not _gentler(judge(best, policy, on), verdict):
        return verdict
    alone = [d for d in doubts if _gentler(judge(d.resolve(case), policy, on), verdict)]
    because = tuple(d.reason for d in alone or doubts)
    return replace(verdict, verdict=UNSURE, next=None, because=(*because, *verdict.because))


def _gentler(one: Verdict, other: Verdict) -> bool:
    return HARDNESS[one.verdict] < HARDNESS[other.verdict]


def _doubts(facts: Facts, case: Case, on: date) -> Iterator[_Doubt]:
    for name, best in (("hold", "?"), ("restricted", True), ("request_open", True), ("attested", (Attested(on),))):
        if getattr(facts.contact, name) is UNKNOWN:
            yield _Doubt(reasons.not_read(name), _with_contact(name, best))
    if facts.dialogue is UNKNOWN:
        yield _Doubt(reasons.not_read("dialogue"), _with_talk("person", on))
    if facts.organisation is UNKNOWN:
        yield _Doubt(reasons.not_read("organisation"), _with_customer)
    elif isinstance(facts.organisation, Organisation):
        yield from _doubts_of(facts.organisation, on)
    for considered in case.of(UNCLEAR):
        yield _Doubt(reasons.unclear(considered), _as_dialogue(considered, on))


def _doubts_of(organisation: Organisation, on: date) -> Iterator[_Doubt]:
    best = {
        "customer": True,
        "contract_until": on,
        "relationship_ended_on": on,
        "open_deals": ("?",),
        "open_tickets": ("?",),
    }
    for name, value in best.items():
        if getattr(organisation, name) is UNKNOWN:
            yield _Doubt(reasons.not_read(f"organisation.{name}"), _with_organisation(name, value))
    if organisation.dialogue is UNKNOWN:
        yield _Doubt(reasons.not_read("organisation.dialogue"), _with_talk("organisation", on))


def _with_contact(name: str, value: object) -> Callable[[Case], Case]:
    return lambda case: replace(case, contact=replace(case.contact, **{name: value}))  # type: ignore[arg-type]  # by name


def _with_organisation(name: str, value: object) -> Callable[[Case], Case]:
    def resolve(case: Case) -> Case:
        known = case.organisation or Organisation(id="?")
        return replace(case, organisation=replace(known, **{name: value}))  # type: ignore[arg-type]  # by name

    return resolve


def _with_customer(case: Case) -> Case:
    return replace(case, organisation=Organisation(id="?", customer=True))


def _with_talk(whose: str, on: date) -> Callable[[Case], Case]:
    talk = Considered(Event(ref="?", kind="?", on=on), whose, YES, Text("?", "?"))
    return lambda case: replace(case, considered=(*case.considered, talk, replace(talk, counts=PLANNED)))


def _as_dialogue(unclear: Considered, on: date) -> Callable[[Case], Case]:
    """Take an unclear event for a dialogue, or, where it lies ahead, for a planned meeting."""
    day = unclear.event.on or on
    event = replace(unclear.event, on=day)
    clear = [replace(unclear, counts=YES, event=event)] if day <= on else []
    if event.kind == "meeting" and event.outcome != "COMPLETED" and day >= on:
        clear.append(replace(unclear, counts=PLANNED, event=event))
    return lambda case: replace(case, considered=(*(c for c in case.considered if c != unclear), *clear))

"""The whole trace of one person, for people: every event that was weighed, counted or not, and why.  Pure.

Beside what `trace` says stand the talks that the owner vouched for, and what was said with an organisation does not
count where the person is judged alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.clock import not_relevant_since
from crm_gdpr.policy.dialogue import LATER, NO, YES, Considered, trace
from crm_gdpr.policy.facts import Event, Facts, Unknown
from crm_gdpr.policy.text import Text

ALONE = Text(
    sv="personen är inte längre relevant och bedöms utan organisationen",
    en="the person is not relevant any more and is judged without the organisation",
)
BY_PERSON = Text(sv="policyn räknar bara personens egen dialog", en="the policy counts the person's own dialogue only")


def explained(facts: Facts, policy: Policy, on: date) -> tuple[Considered, ...]:
    """Return all that was weighed on a day, oldest first."""
    weighed = [_as_counted(each, facts, policy, on) for each in trace(facts, policy, on)]
    return tuple(sorted([*weighed, *_vouched(facts, policy, on)], key=lambda c: (c.event.on or date.min, c.event.ref)))


def _as_counted(each: Considered, facts: Facts, policy: Policy, on: date) -> Considered:
    if each.whose == "person" or each.counts == NO:
        return each
    if not_relevant_since(facts.contact, on):
        return replace(each, counts=NO, why=ALONE)
    if policy.retention.clock == "person" and each.counts == YES:
        return replace(each, counts=NO, why=BY_PERSON)
    return each


def _vouched(facts: Facts, policy: Policy, on: date) -> Iterator[Considered]:
    """The talks that the owner attested (rule 8)."""
    months = policy.retention.attested_months
    capped = Text(
        sv=f"intygat av ägaren; räknas högst {months} månader längre än utan det",
        en=f"attested by the owner; counts for at most {months} months more than without it",
    )
    attested = facts.contact.attested
    for talk in () if isinstance(attested, Unknown) else attested:
        event = Event(ref=f"attested/{talk.on}", kind="attested", on=talk.on)
        counts, why = (YES, capped) if talk.on <= on else (NO, LATER)
        yield Considered(event, "attested", counts, why)

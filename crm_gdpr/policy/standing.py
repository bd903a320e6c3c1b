"""How long a verdict stands if nothing new is learnt, so that a night need not judge everyone again.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from crm_gdpr.policy.facts import Attested, Event, Facts, Organisation, Unknown
from crm_gdpr.policy.verdict import ARCHIVE, KEEP, REVIEW, Verdict


def stands_until(facts: Facts, verdict: Verdict, on: date) -> date:
    """Return the first day on which judging the same facts again could say something else."""
    tomorrow = on + timedelta(days=1)
    if not _is_settled(verdict) or facts.contact.request_open is True:
        return tomorrow
    ahead = min((day for day in _days(facts) if day >= on), default=date.max)
    return min(max(ahead, tomorrow), verdict.next.on if verdict.next else date.max)


def _is_settled(verdict: Verdict) -> bool:
    """Kept, or standing on a step; whatever is due, or in doubt, is looked at every night."""
    return verdict.verdict == KEEP or (verdict.verdict in (REVIEW, ARCHIVE) and verdict.verdict == verdict.reached)


def _days(facts: Facts) -> Iterator[date]:
    """Yield every date in the facts."""
    yield from _days_of(facts.contact)
    yield from _days_of_each(facts.contact.attested)
    yield from _days_of_each(facts.dialogue)
    if isinstance(facts.organisation, Organisation):
        yield from _days_of(facts.organisation)
        yield from _days_of_each(facts.organisation.dialogue)


def _days_of(value: Any) -> Iterator[date]:
    """Yield the dates in the fields of a value, and in those of the values in it."""
    for inner in vars(value).values():
        if isinstance(inner, date):
            yield inner
        elif inner and not isinstance(inner, str | bool | tuple | Unknown):
            yield from _days_of(inner)


def _days_of_each(found: Iterable[Event | Attested] | Unknown) -> Iterator[date]:
    return (each.on for each in (() if isinstance(found, Unknown) else found) if each.on)

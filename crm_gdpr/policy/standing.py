"""How long a verdict stands if nothing new is learnt, so that a night need not judge everyone again.  Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from crm_gdpr.policy.facts import Event, Facts, Unknown
from crm_gdpr.policy.verdict import ARCHIVE, KEEP, REVIEW, Verdict


def stands_until(facts: Facts, verdict: Verdict, on: date) -> date:
    """Return the first day on which judging the same facts again could say something else."""
    tomorrow = on + timedelta(days=1)
    if not _is_settled(verdict) or facts.contact.request_open is True:
        return tomorrow
    turns = [max(day, tomorrow) for day in _days(facts) if day >= on]
    return min([*turns, *([verdict.next.on] if verdict.next else [])], default=date.max)


def _is_settled(verdict: Verdict) -> bool:
    """Kept, or standing on a step; whatever is due, or in doubt, is looked at every night."""
    return verdict.verdict == KEEP or (verdict.verdict in (REVIEW, ARCHIVE) and verdict.verdict == verdict.reached)


def _days(value: Any) -> Iterator[date]:
    """Yield every date in the facts."""
    if isinstance(value, Event):
        if value.on:
            yield value.on
    elif isinstance(value, date):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _days(item)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, Unknown):
        for name in value.__dataclass_fields__:
            yield from _days(getattr(value, name))

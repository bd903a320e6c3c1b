"""Which of many events a verdict can rest on, so that a night need not carry all that was ever said.  Pure.

What never counts bears on nothing.  Of what counts, only the latest starts the clock: the latest of what was said, and
the latest deal, which is the organisation's.  What is unclear, planned, undated or ahead is kept, each of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.dialogue import NO, UNCLEAR, YES, row_of
from crm_gdpr.policy.facts import Event

Told = tuple[str, date | None, str]  # an event's reference, its day, and what its row says
DEALS = "deals/"


@dataclass(frozen=True)
class Gist:
    """What bears on a verdict of a day, by a policy; `decide` says the same of it as of everything."""

    policy: Policy
    on: date

    def says(self, event: Event) -> str:
        """Return what the policy's row says of such an event, whatever its day: yes, no, unknown or planned."""
        row = row_of(event, self.policy)
        return UNCLEAR if row is None else row.counts

    def of(self, told: Iterable[Told]) -> set[str]:
        """Return the references of those that bear on a verdict, of all that was told of one person or company."""
        kept: set[str] = set()
        said: tuple[date, str] | None = None
        deal: tuple[date, str] | None = None
        for ref, day, counts in told:
            if counts == NO:
                continue
            if counts != YES or day is None or day > self.on:
                kept.add(ref)
            elif ref.startswith(DEALS):
                deal = (day, ref) if deal is None else max(deal, (day, ref))
            else:
                said = (day, ref) if said is None else max(said, (day, ref))
        return kept.union(latest[1] for latest in (said, deal) if latest)

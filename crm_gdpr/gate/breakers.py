"""What stops all destruction before the first deletion, until a named person lets it go on.

Each breaker answers with a `Trip` or with None; nothing here destroys or changes anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from crm_gdpr.policy import Policy
from crm_gdpr.store import Store
from crm_gdpr.store.pause import MEMORY
from crm_gdpr.sync import HubSpot
from crm_gdpr.sync.commerce import COUNT, has_subscriptions
from crm_gdpr.sync.errors import Forbidden, NotFound, Refused
from crm_gdpr.sync.facts import company_properties, deal_properties
from crm_gdpr.sync.gather import ANYBODY, AROUND


@dataclass(frozen=True)
class Trip:
    """Which breaker, why in words for a person, and what it counted."""

    cause: str
    why: str
    measure: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Breakers:
    """Looks at a plan and at the account around it."""

    hubspot: HubSpot
    store: Store
    policy: Policy
    today: date

    def tripped(self, plan_id: int) -> Trip | None:
        """Return the first reason to stop before this plan destroys anything."""
        return next(self._trips(plan_id), None)

    def store_is_older(self) -> Trip | None:
        """The store was put back from an older copy: what it lost beside what the journal knows may forbid to go on."""
        try:
            self.store.journal.catch_up()
        except OSError as error:
            return Trip("journal", f"the journal cannot be read ({error.strerror}): the store may be an older copy")
        older = self.store.journal.older()
        if older is None or older.number <= self.store.pause.highest("older", self.today):
            return None
        why = (
            f"the store is an older copy: it knows nothing after {older.since or 'its beginning'} but what the journal"
        )
        return Trip("older", f"{why} put back; holds, stops and requests may be missing", {"older": older.number})

    def customers_vanished(self) -> Trip | None:
        """Fewer customers by more than the share that policy allows, within thirty days."""
        now, before = self.store.customers.count(self.today), self.store.pause.highest("customers", self.today)
        if now >= before * (1 - self.policy.breaker.customers_down):
            return None
        return Trip("customers", f"customers went down from {before} to {now} within 30 days", {"customers": now})

    def deleted_by_others(self) -> Trip | None:
        """More contacts deleted by others than us, on a day of the last few, than policy allows."""
        allowed = self.policy.breaker
        days = [self.today - timedelta(days=ago) for ago in range(allowed.clock_jump_days + 1)]
        count, day = max((self.store.foreign.count(day), day) for day in days)
        if count <= max(allowed.foreign_deletions, self.store.pause.highest("foreign", self.today)):
            return None
        hit = self.store.foreign.customers(day)
        named = f"; customers hit: companies {', '.join(hit)}" if hit else "; no customer's contact among them"
        why = f"{count} contacts were deleted in HubSpot on {day} by others than crm_gdpr{named}"
        return Trip("foreign", why, {"foreign": count})

    def _trips(self, plan_id: int) -> Iterator[Trip]:
        for found in (
            self.store_is_older(),
            self._spike(plan_id),
            self.customers_vanished(),
            self.deleted_by_others(),
            self._status_unreadable(),
        ):
            if found is not None:
                yield found

    def _spike(self, plan_id: int) -> Trip | None:
        """Far more people than on an ordinary day."""
        count, allowed = self.store.plans.destructive(plan_id), self.policy.breaker
        usual = max(self._usual(), self.store.pause.highest("spike", self.today))
        if count <= max(allowed.spike_above, allowed.spike_factor * usual):
            return None
        why = f"plan {plan_id} archives or erases {count} people; the median of 30 days is {usual:g}"
        return Trip("spike", why, {"spike": count})

    def _usual(self) -> float:
        """The median of thirty days, or of those since the first plan; a day without a plan is a day of none."""
        days = self.store.plans.destructive_by_day(self.today - MEMORY)
        before = [count for day, count in days.items() if day < self.today]
        quiet = (self.today - min(days)).days - len(before) if before else 1
        return median([*before, *[0] * quiet])

    def _status_unreadable(self) -> Trip | None:
        """What says who is a customer is not there, or may not be read: nobody can be told from a customer."""
        try:
            why = next(self._missing(), None)
            self._read_a_little()
        except Forbidden as error:
            why = str(error)
        return None if why is None else Trip("status", f"who is a customer cannot be read: {why}")

    def _missing(self) -> Iterator[str]:
        """Name the properties that the account lacks."""
        relationship = self.policy.relationship
        wanted = {"companies": company_properties(relationship), "deals": deal_properties(relationship)}
        for kind, names in wanted.items():
            there = {found["name"] for found in self.hubspot.properties(kind)}
            missing = [name for name in names if name not in there]
            if missing:
                yield f"{kind} have no property {', '.join(missing)}"

    def _read_a_little(self) -> None:
        """Ask for a little of each kind, so that `Forbidden` comes before the first deletion and not after it."""
        for kind in ("contacts", *AROUND):
            with suppress(NotFound, Refused):  # nobody is there by that id, which is no concern here
                self.hubspot.read_many(kind, [ANYBODY], ())
        for kind in AROUND:
            with suppress(NotFound, Refused):
                self.hubspot.associated("contacts", kind, [ANYBODY])
        for kind in ("deals", "tickets"):
            self.hubspot.pipelines(kind)
        if self.policy.relationship.subscriptions == COUNT:
            has_subscriptions(self.hubspot)

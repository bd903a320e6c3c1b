"""Somebody of several companies: they stand for one, and what any says to keep the person may keep them.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from crm_gdpr.policy.facts import UNKNOWN, Organisation, Unknown

ANY = "any"  # what `[relationship] companies` says where not the person's own company alone protects


def protected_by(own: Organisation, others: Iterable[Organisation]) -> Organisation:
    """Return the person's own organisation with the protection of all of them; dialogue stays its own."""
    every = (own, *others)
    until = [each.contract_until for each in every]
    known = [day for day in until if isinstance(day, date)]
    customer = _any([each.customer for each in every])
    contract_until = UNKNOWN if UNKNOWN in until else max(known, default=None)
    return replace(
        own,
        customer=customer,
        contract_until=contract_until,
        relationship_ended_on=None if customer is True else contract_until,
        open_deals=_all([each.open_deals for each in every]),
        open_tickets=_all([each.open_tickets for each in every]),
    )


def _any(flags: Sequence[bool | Unknown]) -> bool | Unknown:
    return True if True in flags else UNKNOWN if UNKNOWN in flags else False


def _all(lists: Sequence[tuple[str, ...] | Unknown]) -> tuple[str, ...] | Unknown:
    """Return all that is open; one known to be open keeps, whatever else could not be read."""
    found = tuple(sorted({ref for refs in lists if not isinstance(refs, Unknown) for ref in refs}))
    return found if found or UNKNOWN not in lists else UNKNOWN

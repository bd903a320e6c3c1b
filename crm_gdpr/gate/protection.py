"""What bookkeeping or a claim keeps although the person goes, on which ground of Art. 17(3) and until when.

An engagement tied to a won deal, an invoice or a payment belongs to the accounts; one tied to a quote may be needed
for a claim.  E-mails are kept as they are, other engagements without the person; so are the files of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm_gdpr.sync import HubSpot
from crm_gdpr.sync.errors import NotFound, Refused
from crm_gdpr.sync.gather import Kinds
from crm_gdpr.sync.presence import split
from crm_gdpr.sync.records import ACCOUNTS, GROUNDS

BOOKKEEPING, CLAIM = "17(3)(b)", "17(3)(e)"
YEARS = {BOOKKEEPING: 7, CLAIM: 10}  # Bokföringslagen 7:2; Preskriptionslagen 2 §; from the end of the year
WHOLE = "emails"  # what was said in writing is the voucher itself
WON = "hs_is_closed_won"


@dataclass(frozen=True)
class Kept:
    """One reference, why it stays, and the last day that it does."""

    ref: str
    ground: str
    until: date

    def __str__(self) -> str:
        return f"{self.ref} {self.ground} {self.until}"

    @classmethod
    def read(cls, line: str) -> Kept:
        ref, ground, until = line.split()
        return cls(ref, ground, date.fromisoformat(until))


def protected(hubspot: HubSpot, refs: Iterable[str], kinds: Kinds) -> dict[str, str]:
    """Return the ground for each engagement that has one."""
    found: dict[str, str] = {}
    there = [kind for kind in GROUNDS if kind in kinds.around]
    for kind, ids in split(refs).items():
        tied = {other: _tied(hubspot, kind, other, ids) for other in there}
        by_deal = hubspot.associated(kind, "deals", ids)
        deals = _deals(hubspot, {deal for several in by_deal.values() for deal in several}, there)
        for id_ in ids:
            grounds = [ground for deal in by_deal.get(id_, ()) if (ground := deals.get(deal))]
            grounds += [_ground(other) for other, several in tied.items() if several.get(id_)]
            if grounds:
                found[f"{kind}/{id_}"] = min(grounds)  # the accounts before a claim
    return found


def until(ground: str, happened: str | None, today: date) -> date:
    """Return the last day: the end of the year it happened in, and some years more."""
    year = (happened or "")[:4]
    return date((int(year) if year.isdigit() else today.year) + YEARS[ground], 12, 31)


def _deals(hubspot: HubSpot, ids: Iterable[str], there: Sequence[str]) -> dict[str, str]:
    """Return the ground that each deal gives to what is tied to it."""
    wanted = sorted(ids)
    grounds = {
        id_: _ground(other)
        for other in there
        for id_, several in _tied(hubspot, "deals", other, wanted).items()
        if several
    }
    won = hubspot.read_many("deals", wanted, (WON,))
    return grounds | {id_: BOOKKEEPING for id_, deal in won.items() if deal.properties.get(WON) == "true"}


def _ground(kind: str) -> str:
    return BOOKKEEPING if kind in ACCOUNTS else CLAIM


def _tied(hubspot: HubSpot, kind: str, other: str, ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return what is associated; two kinds that HubSpot never associates are not."""
    try:
        return hubspot.associated(kind, other, ids)
    except (Refused, NotFound):
        return {}

"""HubSpot's own subscriptions, where the account sells that way: one that has not ended makes its people customers.

The gate reads them; the dialogue index does not, so a plan may hold somebody whom the gate then keeps, never the other
way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_gdpr.policy.book import Relationship
from crm_gdpr.policy.facts import UNKNOWN, Unknown
from crm_gdpr.sync.errors import Forbidden, NotFound, Refused
from crm_gdpr.sync.gather import ANYBODY
from crm_gdpr.sync.records import Record

if TYPE_CHECKING:
    from crm_gdpr.sync.hubspot import HubSpot

KIND, STATUS = "subscriptions", "hs_subscription_status"
SCOPE = "crm.objects.subscriptions.read"
COUNT = "count"  # what `[relationship] subscriptions` says where they count

Ended = date | Unknown | None


def has_subscriptions(hubspot: HubSpot) -> bool:
    """Tell whether the account has subscriptions; `Forbidden` where the app may not know."""
    try:
        hubspot.associated("contacts", KIND, [ANYBODY])
    except (NotFound, Refused):
        return False
    return True


def subscribed(
    hubspot: HubSpot, around: Mapping[str, Iterable[str]], relationship: Relationship, zone: ZoneInfo
) -> tuple[Ended, ...]:
    """Return the day that each subscription of these records ended: None while it runs, UNKNOWN where not told."""
    if relationship.subscriptions != COUNT:
        return ()
    try:
        return tuple(_ended(hubspot, around, relationship, zone))
    except Forbidden:
        return (UNKNOWN,)
    except (NotFound, Refused):
        return (UNKNOWN,) if _is_there(hubspot) else ()


def _is_there(hubspot: HubSpot) -> bool:
    """Tell an account without subscriptions from one that would not answer about these."""
    try:
        return has_subscriptions(hubspot)
    except Forbidden:
        return True


def _ended(
    hubspot: HubSpot, around: Mapping[str, Iterable[str]], relationship: Relationship, zone: ZoneInfo
) -> Iterator[Ended]:
    found = {
        each
        for kind, ids in around.items()
        for several in hubspot.associated(kind, KIND, ids).values()
        for each in several
    }
    records = hubspot.read_many(KIND, sorted(found), (STATUS,), history=(STATUS,)) if found else {}
    for each in sorted(found):
        yield _end(records[each], relationship, zone) if each in records else UNKNOWN


def _end(subscription: Record, relationship: Relationship, zone: ZoneInfo) -> Ended:
    """A status that policy does not call ended runs; it ended on the day it came to say so."""
    status = (subscription.properties.get(STATUS) or "").casefold()
    if not status:
        return UNKNOWN
    if status not in relationship.subscription_ended:
        return None
    since = next((past.at for past in subscription.history.get(STATUS, ()) if past.at), None)
    return since.astimezone(zone).date() if since else UNKNOWN

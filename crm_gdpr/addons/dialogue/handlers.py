"""What HubSpot says between two readings: bring one record's place in the index up to date, from the record itself.

Engagements send no events; those are for the night.  A contact in the recycle bin is the erasure addon's to follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_gdpr.addon import Subscription
from crm_gdpr.addons.dialogue.conclude import conclude_for
from crm_gdpr.addons.dialogue.mirror import MIRROR

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event

KINDS = {"contact": "contacts", "company": "companies", "deal": "deals", "ticket": "tickets"}
TOLD_BY_PEOPLE = ("gdpr_attested_on", "gdpr_attested_reason", "gdpr_not_relevant_since")


def heard(env: Env, event: Event) -> None:
    """Something changed: read the record and keep what it says; who it concerns is judged in the night."""
    keep_up(env, KINDS[event.type.partition(".")[0]], event.object_id)


def told(env: Env, event: Event) -> None:
    """A person vouched for a talk, or said that somebody left: that takes effect at once."""
    heard(env, event)
    known = env.store.index.known(event.object_id)
    if known is not None:
        conclude_for(env, [known])


def keep_up(env: Env, kind: str, record_id: str) -> None:
    """Keep what HubSpot says of one record now; one that is gone is dropped with what it protected."""
    scan, index = env.scan(mirror=MIRROR), env.store.index
    known = index.known(record_id) if kind == "contacts" else None
    if known is not None and known.archived:
        return
    page = scan.read(kind, record_id)
    if page is not None:
        index.keep(kind, scan.rows(kind, page.items.values(), page.digests), env.store.scans.number())
    elif kind == "companies":
        index.forget_company(record_id)
    elif kind != "contacts":
        index.forget_events([f"{kind}/{record_id}"])


def _on(event_type: str, *names: str) -> tuple[Subscription, ...]:
    return tuple(Subscription(event_type=event_type, property_name=name, handler=heard) for name in names)


SUBSCRIPTIONS = (
    *(Subscription(event_type="contact.propertyChange", property_name=n, handler=told) for n in TOLD_BY_PEOPLE),
    *_on("contact.propertyChange", "associatedcompanyid", "lifecyclestage", "recent_conversion_date"),
    *(Subscription(event_type=f"contact.{what}", handler=heard) for what in ("merge", "associationChange")),
    *_on("company.propertyChange", "lifecyclestage", "contract_end_date", "gdpr_customer"),
    *_on("deal.propertyChange", "dealstage"),
    *_on("ticket.propertyChange", "hs_pipeline_stage"),
    *(Subscription(event_type=f"company.{what}", handler=heard) for what in ("creation", "deletion", "merge")),
    *(
        Subscription(event_type=f"{kind}.{what}", handler=heard)
        for kind in ("deal", "ticket")
        for what in ("creation", "deletion", "restore", "merge", "associationChange")
    ),
)

"""What HubSpot says between two readings: bring the place of records in the index up to date, from the records.

They are read in waves, a hundred a call, when nothing more urgent waits.  Engagements send no events; those are for
the night.  A contact in the recycle bin is the erasure addon's to follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from crm_gdpr.addon import Subscription
from crm_gdpr.addons.dialogue.conclude import conclude_for
from crm_gdpr.addons.dialogue.mirror import MIRROR

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event

KINDS = {"contact": "contacts", "company": "companies", "deal": "deals", "ticket": "tickets"}
TOLD_BY_PEOPLE = ("gdpr_attested_on", "gdpr_attested_reason", "gdpr_not_relevant_since")


TO_READ = {kind: f"dialogue.{kind}" for kind in KINDS.values()}
WAVE = 1_000  # as many as are asked in one call who is associated with them


def heard(env: Env, events: Sequence[Event]) -> None:
    """Something changed: the records are to be read; whom they concern is judged in the night."""
    for kind in dict.fromkeys(map(_kind, events)):
        env.store.lists.add(TO_READ[kind], [e.object_id for e in events if _kind(e) == kind], at=env.clock.now())
    env.queue.wake("dialogue.keep_up")


def told(env: Env, event: Event) -> None:
    """A person vouched for a talk, or said that somebody left: that takes effect at once."""
    keep_up(env, _kind(event), [event.object_id])
    known = env.store.index.known(event.object_id)
    if known is not None:
        conclude_for(env, [known])


def keep_up_waiting(env: Env) -> None:
    """Keep up with every record that waits, a wave at a time."""
    for kind, name in TO_READ.items():
        while wave := env.store.lists.waiting(name, WAVE):
            keep_up(env, kind, [item.id for item in wave])
            env.store.lists.done(name, wave)


def keep_up(env: Env, kind: str, record_ids: Iterable[str]) -> None:
    """Keep what HubSpot says of these records now; one that is gone is dropped with what it protected."""
    scan, index = env.scan(mirror=MIRROR), env.store.index
    wanted = set(record_ids)
    if kind == "contacts":
        wanted -= index.in_bin(wanted)
    page = scan.read(kind, sorted(wanted))
    index.keep(kind, scan.rows(kind, page, page.digests), env.store.scans.number())
    gone = wanted - page.digests.keys()
    if kind == "companies":
        for record_id in gone:
            index.forget_company(record_id)
    elif kind != "contacts":
        index.forget_events([f"{kind}/{record_id}" for record_id in gone])


def _kind(event: Event) -> str:
    return KINDS[event.type.partition(".")[0]]


def _heard(event_type: str, name: str | None = None) -> Subscription:
    return Subscription(event_type=event_type, property_name=name, handler=heard, many=True)


def _on(event_type: str, *names: str) -> tuple[Subscription, ...]:
    return tuple(_heard(event_type, name) for name in names)


SUBSCRIPTIONS = (
    *(Subscription(event_type="contact.propertyChange", property_name=n, handler=told) for n in TOLD_BY_PEOPLE),
    *_on("contact.propertyChange", "associatedcompanyid", "lifecyclestage", "recent_conversion_date"),
    *(_heard(f"contact.{what}") for what in ("merge", "associationChange")),
    *_on("company.propertyChange", "lifecyclestage", "contract_end_date", "gdpr_customer", "gdpr_hold_reason"),
    *_on("deal.propertyChange", "dealstage", "gdpr_hold_reason"),
    *_on("ticket.propertyChange", "hs_pipeline_stage"),
    *(_heard(f"company.{what}") for what in ("creation", "deletion", "merge")),
    *(
        _heard(f"{kind}.{what}")
        for kind in ("deal", "ticket")
        for what in ("creation", "deletion", "restore", "merge", "associationChange")
    ),
)

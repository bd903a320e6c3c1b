"""What HubSpot says that may be a no, or bring somebody back who said one: read the record, and meet it.

A no is met at once.  Contacts that come or change are met in waves: a whole import costs a call for every hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_gdpr.addons.objection.person import PROPERTIES
from crm_gdpr.addons.objection.returning import meet

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event

TO_MEET = "objection.contacts"
WAVE = 500


def heard(env: Env, event: Event) -> None:
    """Meet the contact as it is now; the event only says that it is worth a look, and who moved it."""
    record = env.hubspot.read("contacts", event.object_id, PROPERTIES)
    if record is None:
        env.record("contact.gone", actor="objection", contact_id=event.object_id, event=event.type)
        return
    meet(env, [record], by=_speaker(event), when=str(event.occurred_ms))


def arrived(env: Env, events: Sequence[Event]) -> None:
    """Put contacts on the list, and wake whoever meets them; while nobody has said no, nobody can come back."""
    nobody = env.store.suppression.count() == 0
    to_meet = [event for event in events if not (nobody and event.type == "contact.creation")]
    if to_meet:
        env.store.lists.add(TO_MEET, [event.object_id for event in to_meet], at=env.clock.now())
        env.queue.wake("objection.meet_waiting")


def meet_waiting(env: Env) -> None:
    """Meet everyone who waits, a wave at a time; one that was merged is its survivor."""
    while wave := env.store.lists.waiting(TO_MEET, WAVE):
        records = env.hubspot.read_many("contacts", [item.id for item in wave], PROPERTIES)
        for id_ in [item.id for item in wave if item.id not in records]:
            survivor = env.hubspot.read("contacts", id_, PROPERTIES)
            if survivor is None:
                env.record("contact.gone", actor="objection", contact_id=id_, event="arrival")
            else:
                records[survivor.id] = survivor
        meet(env, records.values(), by="HubSpot: seen on the contact", when=f"{env.clock.now():%Y%m%d%H%M%S%f}")
        env.store.lists.done(TO_MEET, wave)


def _speaker(event: Event) -> str:
    """Name who moved the record, as HubSpot does: a user's id, an import's, or the kind of source."""
    return f"HubSpot: {event.source_id or event.change_source or 'somebody'}"[:120]

"""What HubSpot says that may be a no, or bring somebody back who said one: read the record, and meet it.

A no is met while the inbox is drained.  Contacts that come or change are met in waves.  A hundred cost a call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from crm_gdpr.addons.objection.person import OWNER, PROPERTIES, TO_MEET
from crm_gdpr.addons.objection.returning import meet

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event
    from crm_gdpr.sync import Record

WAVE = 500


def heard(env: Env, events: Sequence[Event]) -> None:
    """Meet the contacts as they are now; an event only says that one is worth a look, and who moved it."""
    records, errors = _records(env, list(dict.fromkeys(event.object_id for event in events))), dict[str, Exception]()
    for event in events:
        if event.object_id in records:
            record = records[event.object_id]
            errors |= meet(env, [record], by=_speaker(event), when=str(event.occurred_ms))
    for error in errors.values():
        raise error


def deleted(env: Env, events: Sequence[Event]) -> None:
    """Somebody may have written a no down and deleted the contact at once: it is read in the recycle bin."""
    ids = dict.fromkeys(event.object_id for event in events)
    binned = env.hubspot.read_many("contacts", ids, PROPERTIES, archived=True)
    errors = meet(env, binned.values(), by=_speaker(events[0]), when=str(events[0].occurred_ms))
    for error in errors.values():
        raise error


def arrived(env: Env, events: Sequence[Event]) -> None:
    """Put contacts on the list, and wake whoever meets them; while nobody has said no, nobody can come back."""
    nobody = env.store.suppression.count() == 0
    to_meet = [event for event in events if not (nobody and _may_only_bring_back(event))]
    if to_meet:
        env.store.lists.add(TO_MEET, [event.object_id for event in to_meet], at=env.clock.now())
        env.queue.wake("objection.meet_waiting")


def meet_waiting(env: Env) -> None:
    """Meet everyone who waits, a wave at a time; one that was merged is its survivor."""
    unmet: dict[str, Exception] = {}
    while wave := [i for i in env.store.lists.waiting(TO_MEET, WAVE + len(unmet)) if i.id not in unmet]:
        records = _records(env, [item.id for item in wave])
        when = f"{env.clock.now():%Y%m%d%H%M%S%f}"
        errors = meet(env, records.values(), by="HubSpot: seen on the contact", when=when)
        unmet |= {id_: errors[record.id] for id_, record in records.items() if record.id in errors}
        env.store.lists.done(TO_MEET, [item for item in wave if item.id not in unmet])
    for error in unmet.values():  # they stay on the list, and hold up nobody else
        raise error


def _records(env: Env, ids: Sequence[str]) -> dict[str, Record]:
    """Return the contact behind each id: if merged its survivor, if deleted as it lies in the bin; none is recorded."""
    records = env.hubspot.read_many("contacts", ids, PROPERTIES)
    for id_ in [id_ for id_ in ids if id_ not in records]:
        survivor = env.hubspot.read("contacts", id_, PROPERTIES)
        found = survivor or env.hubspot.read("contacts", id_, PROPERTIES, archived=True)
        if found is None:
            env.record("contact.gone", actor="objection", contact_id=id_, event="arrival")
        else:
            records[id_] = found
    return records


def _may_only_bring_back(event: Event) -> bool:
    """Tell whether an event matters only once somebody has said no: somebody came, or was given an owner."""
    return event.type == "contact.creation" or event.property_name == OWNER


def _speaker(event: Event) -> str:
    """Name who moved the record, as HubSpot does: a user's id, an import's, or the kind of source."""
    return f"HubSpot: {event.source_id or event.change_source or 'somebody'}"[:120]

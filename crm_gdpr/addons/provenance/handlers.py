"""What HubSpot says between two nights: put the contacts on a list, and wake whoever tags; many come as one piece."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from crm_gdpr.addons.provenance.overruling import OPEN_TO_PEOPLE
from crm_gdpr.addons.provenance.surroundings import Surroundings
from crm_gdpr.addons.provenance.tagging import READ, UNKNOWN_LIST, tag

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event

TO_TAG, EDITED = "provenance.contacts", "provenance.edited"
AROUND = {kind: f"provenance.{kind}" for kind in ("companies", "deals", "tickets")}
WAVE = 5_000  # contacts read together: related records are read once however many contacts share them


def contact_changed(env: Env, events: Sequence[Event]) -> None:
    """Something that the tags of contacts depend on may have changed, or a tag itself."""
    if edited := [each.object_id for each in events if each.property_name in OPEN_TO_PEOPLE]:
        env.store.lists.add(EDITED, edited, at=env.clock.now())
    _wait(env, TO_TAG, events)


def company_changed(env: Env, events: Sequence[Event]) -> None:
    """A company became a customer, or ceased to be one: its contacts are judged anew."""
    _wait(env, AROUND["companies"], events)


def deal_changed(env: Env, events: Sequence[Event]) -> None:
    """A deal was made or moved."""
    _wait(env, AROUND["deals"], events)


def ticket_opened(env: Env, events: Sequence[Event]) -> None:
    """A ticket may be a request about rights, which makes its sender no prospect."""
    _wait(env, AROUND["tickets"], events)


def tag_waiting(env: Env) -> None:
    """Tag everyone who waits, a wave at a time; what arrives meanwhile is the next wave."""
    for kind, name in AROUND.items():
        while around := env.store.lists.waiting(name, WAVE):
            people = env.hubspot.associated(kind, "contacts", [item.id for item in around])
            env.store.lists.add(TO_TAG, {id_ for ids in people.values() for id_ in ids}, at=env.clock.now())
            env.store.lists.done(name, around)
    while wave := env.store.lists.waiting(TO_TAG, WAVE):
        ids = dict.fromkeys(item.id for item in wave)
        edited = [item for item in env.store.lists.waiting(EDITED, WAVE) if item.id in ids]
        tag_ids(env, ids, edited=[item.id for item in edited])
        env.store.lists.done(EDITED, edited)
        env.store.lists.done(TO_TAG, wave)


def tag_ids(env: Env, contact_ids: Iterable[str], *, edited: Collection[str] = ()) -> int:
    """Tag contacts by id; one that is gone is recorded, one that was merged is its survivor."""
    wanted = list(contact_ids)
    records = env.hubspot.read_many("contacts", wanted, READ)
    for id_ in [id_ for id_ in wanted if id_ not in records]:
        survivor = env.hubspot.read("contacts", id_, READ)
        if survivor is None:
            env.record("contact.gone", actor="provenance", contact_id=id_)
        else:
            records[survivor.id] = survivor
        env.store.lists.remove(UNKNOWN_LIST, [id_])
    return tag(env, list(records.values()), Surroundings(env, frozenset(edited)))


def _wait(env: Env, name: str, events: Sequence[Event]) -> None:
    env.store.lists.add(name, [each.object_id for each in events], at=env.clock.now())
    env.queue.wake("provenance.tag_waiting")

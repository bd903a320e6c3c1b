"""What hangs on a person: read the ids of all engagements while the associations are still there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from crm_gdpr.sync.hubspot import ENGAGEMENTS, HubSpot
from crm_gdpr.sync.records import Record

ADDRESSES = ("email", "hs_additional_emails")


@dataclass(frozen=True)
class Gathered:
    """References such as `emails/48213`: those about this person only, and those others have a part in."""

    own: tuple[str, ...]
    shared: tuple[str, ...]
    addresses: tuple[str, ...] = ()


def gather(hubspot: HubSpot, contact_id: str) -> Gathered:
    """Read every engagement of a contact, and who else it concerns."""
    own: list[str] = []
    shared: list[str] = []
    for kind in ENGAGEMENTS:
        ids = hubspot.associated("contacts", kind, [contact_id]).get(contact_id, ())
        alone = set(_alone(hubspot, kind, ids, contact_id))
        for id_ in ids:
            (own if id_ in alone else shared).append(f"{kind}/{id_}")
    return Gathered(tuple(own), tuple(shared), addresses_of(hubspot.read("contacts", contact_id, ADDRESSES)))


def addresses_of(contact: Record | None) -> tuple[str, ...]:
    """Return every e-mail address of a contact, the secondary ones too."""
    values = [contact.properties.get(name) or "" for name in ADDRESSES] if contact else []
    return tuple(dict.fromkeys(part.strip().lower() for value in values for part in value.split(";") if part.strip()))


def still_own(hubspot: HubSpot, refs: Iterable[str], contact_id: str) -> list[str]:
    """Return those of the references that still concern nobody else; a colleague may have joined since."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for ref in refs:
        kind, _, id_ = ref.partition("/")
        by_kind[kind].append(id_)
    return [f"{kind}/{id_}" for kind, ids in by_kind.items() for id_ in _alone(hubspot, kind, ids, contact_id)]


def _alone(hubspot: HubSpot, kind: str, ids: Iterable[str], contact_id: str) -> list[str]:
    wanted = list(ids)
    if not wanted:
        return []
    concerned = hubspot.associated(kind, "contacts", wanted)
    return [id_ for id_ in wanted if set(concerned.get(id_, ())) <= {contact_id}]

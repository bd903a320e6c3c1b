"""What hangs on a person: the ids of all that is to go with them, read while the associations are still there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from crm_gdpr.policy.addresses import email_of
from crm_gdpr.sync.hubspot import ENGAGEMENTS, HubSpot
from crm_gdpr.sync.records import Record

ADDRESSES = ("email", "hs_additional_emails")
MERGED = "hs_merged_object_ids"
AROUND = ("companies", "deals", "tickets")


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """References such as `emails/48213`: `own` are about this person only, others have a part in `shared`.

    `around` are the companies, deals and tickets; `merged` the contacts that have become this one.
    """

    own: tuple[str, ...]
    shared: tuple[str, ...]
    around: tuple[str, ...]
    merged: tuple[str, ...]
    addresses: tuple[str, ...]


def gather(hubspot: HubSpot, contact_id: str) -> Gathered:
    """Read every engagement of a contact and who else it concerns, the records around, and its other names."""
    own: list[str] = []
    shared: list[str] = []
    for kind in ENGAGEMENTS:
        ids = hubspot.associated("contacts", kind, [contact_id]).get(contact_id, ())
        alone = set(_alone(hubspot, kind, ids, contact_id))
        for id_ in ids:
            (own if id_ in alone else shared).append(f"{kind}/{id_}")
    contact = hubspot.read("contacts", contact_id, (*ADDRESSES, MERGED))
    around = [
        f"{kind}/{id_}" for kind in AROUND for id_ in hubspot.associated("contacts", kind, [contact_id])[contact_id]
    ]
    return Gathered(
        own=tuple(own),
        shared=tuple(shared),
        around=tuple(around),
        merged=_parts(contact, MERGED),
        addresses=tuple(dict.fromkeys(email_of(a) or a.lower() for name in ADDRESSES for a in _parts(contact, name))),
    )


def merged_into(hubspot: HubSpot, contact_id: str) -> tuple[str, ...]:
    """Return the contacts that have become part of this one."""
    return _parts(hubspot.read("contacts", contact_id, (MERGED,)), MERGED)


def still_own(hubspot: HubSpot, refs: Iterable[str], contact_id: str) -> list[str]:
    """Return those of the references that still concern nobody else; a colleague may have joined since."""
    by_kind = split(refs)
    return [f"{kind}/{id_}" for kind, ids in by_kind.items() for id_ in _alone(hubspot, kind, ids, contact_id)]


def split(refs: Iterable[str]) -> dict[str, list[str]]:
    """Sort references by kind."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for ref in refs:
        kind, _, id_ = ref.partition("/")
        by_kind[kind].append(id_)
    return by_kind


def _alone(hubspot: HubSpot, kind: str, ids: Iterable[str], contact_id: str) -> list[str]:
    wanted = list(ids)
    if not wanted:
        return []
    concerned = hubspot.associated(kind, "contacts", wanted)
    return [id_ for id_ in wanted if set(concerned.get(id_, ())) <= {contact_id}]


def _parts(contact: Record | None, name: str) -> tuple[str, ...]:
    value = (contact.properties.get(name) if contact else None) or ""
    return tuple(part.strip() for part in value.split(";") if part.strip())

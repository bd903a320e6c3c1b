"""What hangs on a person: the ids of all that is to go with them, read while the associations are still there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_gdpr.policy.addresses import email_of
from crm_gdpr.sync.errors import Forbidden, NotFound, Refused
from crm_gdpr.sync.presence import THREADS, split
from crm_gdpr.sync.records import ENGAGEMENTS, LETTERS, OPTIONAL, Record

if TYPE_CHECKING:
    from crm_gdpr.sync.hubspot import HubSpot

ADDRESSES = ("email", "hs_additional_emails")
MERGED = "hs_merged_object_ids"
AROUND = ("companies", "deals", "tickets")
ANYBODY = "1"  # the kind is asked about, not a person
SCHEMAS = "object_types"


@dataclass(frozen=True)
class Kinds:
    """The kinds of record that may hang on a contact in one account; `unread` are those we lack the scope for."""

    engagements: tuple[str, ...]
    around: tuple[str, ...]
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """References such as `emails/48213`: `own` are about this person only, others have a part in `shared`.

    `around` are companies, deals, tickets and whatever else is associated; `threads` the conversations, `uploads` the
    files sent in them or standing in the contact's own fields; `twins` the archived contacts with the same address, and
    `merged` those that have become this one.
    """

    own: tuple[str, ...]
    shared: tuple[str, ...]
    around: tuple[str, ...]
    threads: tuple[str, ...]
    uploads: tuple[str, ...]
    twins: tuple[str, ...]
    merged: tuple[str, ...]
    addresses: tuple[str, ...]

    def refs(self) -> dict[str, list[str]]:
        """Return the references by kind, as a case keeps them; the addresses are not kept."""
        names = ("own", "shared", "around", "threads", "uploads", "twins", "merged")
        return {name: list(getattr(self, name)) for name in names}


def kinds_of(hubspot: HubSpot) -> Kinds:
    """Look which kinds the account has; every optional one costs a call, so the answer serves a whole run."""
    own, unread = _own_types(hubspot)
    there = []
    for kind in (*OPTIONAL, *own):
        try:
            hubspot.associated("contacts", kind, [ANYBODY])
        except Forbidden:
            unread.append(kind)
        except (Refused, NotFound):
            continue
        else:
            there.append(kind)
    letters = tuple(kind for kind in there if kind == LETTERS)
    try:
        _threads(hubspot, ANYBODY)
    except Forbidden:
        unread.append(THREADS)
    return Kinds((*ENGAGEMENTS, *letters), (*AROUND, *(k for k in there if k != LETTERS)), tuple(unread))


def gather(hubspot: HubSpot, contact_id: str, kinds: Kinds) -> Gathered:
    """Read every engagement of a contact and who else it concerns, the records around, and its other names."""
    own: list[str] = []
    shared: list[str] = []
    for kind in kinds.engagements:
        ids = hubspot.associated("contacts", kind, [contact_id])[contact_id]
        alone = set(_alone(hubspot, kind, ids, contact_id))
        for id_ in ids:
            (own if id_ in alone else shared).append(f"{kind}/{id_}")
    around = [
        f"{kind}/{id_}"
        for kind in kinds.around
        for id_ in hubspot.associated("contacts", kind, [contact_id])[contact_id]
    ]
    fields = [str(each["name"]) for each in hubspot.properties("contacts") if each.get("fieldType") == "file"]
    contact = hubspot.read("contacts", contact_id, (*ADDRESSES, MERGED, *fields))
    addresses = [address for name in ADDRESSES for address in _parts(contact, name)]
    threads = () if THREADS in kinds.unread else _threads(hubspot, contact_id)
    files = [part for name in fields for part in _parts(contact, name) if part.isdigit()]
    return Gathered(
        own=tuple(own),
        shared=tuple(shared),
        around=tuple(around),
        threads=tuple(f"threads/{id_}" for id_ in threads),
        uploads=tuple(f"files/{id_}" for id_ in dict.fromkeys([*files, *_sent_in(hubspot, threads)])),
        twins=tuple(f"contacts/{each.id}" for each in _twins(hubspot, addresses)),
        merged=_parts(contact, MERGED),
        addresses=tuple(dict.fromkeys(email_of(address) or address.lower() for address in addresses)),
    )


def merged_into(hubspot: HubSpot, contact_id: str) -> tuple[str, ...]:
    """Return the contacts that have become part of this one."""
    return _parts(hubspot.read("contacts", contact_id, (MERGED,)), MERGED)


def still_own(hubspot: HubSpot, refs: Iterable[str], contact_id: str) -> list[str]:
    """Return those of the references that still concern nobody else; a colleague may have joined since."""
    by_kind = split(refs)
    return [f"{kind}/{id_}" for kind, ids in by_kind.items() for id_ in _alone(hubspot, kind, ids, contact_id)]


def _own_types(hubspot: HubSpot) -> tuple[list[str], list[str]]:
    """Return the kinds that the account has made itself; where they may not be read, that is unread."""
    try:
        return [each.name for each in hubspot.object_types()], []
    except (Forbidden, NotFound):
        return [], [SCHEMAS]


def _alone(hubspot: HubSpot, kind: str, ids: Iterable[str], contact_id: str) -> list[str]:
    wanted = list(ids)
    if not wanted:
        return []
    concerned = hubspot.associated(kind, "contacts", wanted)
    return [id_ for id_ in wanted if set(concerned.get(id_, ())) <= {contact_id}]


def _twins(hubspot: HubSpot, addresses: Sequence[str]) -> list[Record]:
    """Return the archived contacts with the same address; HubSpot does not say that it can be asked for them."""
    try:
        return hubspot.by_address(addresses, (), archived=True)
    except Refused:
        return []


def _threads(hubspot: HubSpot, contact_id: str) -> Sequence[str]:
    """Return the conversations, those in the trash too; somebody unknown there has none."""
    try:
        return [each.id for gone in (False, True) for each in hubspot.threads(contact_id, archived=gone)]
    except NotFound:
        return []


def _sent_in(hubspot: HubSpot, threads: Iterable[str]) -> Iterator[str]:
    for thread in threads:
        if hubspot.thread(thread) is not None:
            yield from (file for message in hubspot.messages(thread) for file in message.attachments)


def _parts(contact: Record | None, name: str) -> tuple[str, ...]:
    value = (contact.properties.get(name) if contact else None) or ""
    return tuple(part.strip() for part in value.split(";") if part.strip())

"""By what words one person is found: all they are and were called, less what others around them are called too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crm_gdpr.gate.redaction import IDENTIFYING, NAMES, Values, Words, words_of
from crm_gdpr.sync import HubSpot
from crm_gdpr.sync.records import Record

COLLEAGUES = 2_000  # of the person's organisations, whose names are compared


def words_for(hubspot: HubSpot, contact_id: str) -> Words:
    """Return what identifies a contact, live or in the bin; no words at all when HubSpot has let go of it.

    What they were called before counts too, unless somebody else has that address now.
    """
    for archived in (False, True):
        found = hubspot.read_many("contacts", [contact_id], IDENTIFYING, archived=archived, history=IDENTIFYING)
        if contact_id in found:
            break
    else:
        return Words()
    record = found[contact_id]
    now, past = words_of([record.properties]), words_of(_past(record)).telling()
    holders = hubspot.by_address(sorted(past.addresses - now.addresses), IDENTIFYING, archived=False)
    return now | past.beside(each.properties for each in holders if each.id != contact_id)


def colleagues_of(hubspot: HubSpot, companies: Sequence[str], contact_id: str) -> dict[str, Record]:
    """Return the others of the same organisations, for their names."""
    if not companies:
        return {}
    found = hubspot.associated("companies", "contacts", companies)
    ids = dict.fromkeys(id_ for several in found.values() for id_ in several if id_ != contact_id)
    return hubspot.read_many("contacts", list(ids)[:COLLEAGUES], IDENTIFYING)


def organisations(hubspot: HubSpot, companies: Sequence[str]) -> list[Values]:
    """Return what the organisations themselves are called and reached by, as if they were somebody."""
    records = hubspot.read_many("companies", companies, ("name", "phone")).values()
    return [
        {"lastname": word, "phone": each.properties.get("phone")}
        for each in records
        for word in ((each.properties.get("name") or "").split() or [""])
    ]


def _past(record: Record) -> Iterator[Values]:
    """Yield every earlier value beside the names of today."""
    today = {name: record.properties.get(name) for name in NAMES}
    for name in IDENTIFYING:
        for past in record.history.get(name, ()):
            yield {**(today if name in NAMES else {}), name: past.value}

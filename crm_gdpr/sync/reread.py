"""Everything a verdict on one person rests on, read afresh by id: what the gate asks before it destroys anything.

No search, whose index lags.  The organisation's dialogue is that of the company itself and of all contacts who stand
for it.  Batches throughout: some 35 calls, hardly more for a large organisation than for a small one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.facts import UNKNOWN, Event, Facts, Organisation, Unknown
from crm_gdpr.sync.events import PROPERTIES, event_from, form_from
from crm_gdpr.sync.facts import (
    CONTACT_PROPERTIES,
    closed_stages,
    company_properties,
    contact_facts,
    is_open,
    organisation_facts,
    organisation_of,
    protected_by,
    zone_of,
)
from crm_gdpr.sync.hubspot import HubSpot
from crm_gdpr.sync.records import ENGAGEMENTS, Record

BUSINESS = ("tickets", "deals")
RELATED = (*ENGAGEMENTS, *BUSINESS)

Refs = frozenset[tuple[str, str]]  # kind and id
Records = Mapping[tuple[str, str], Record]


def read_facts(hubspot: HubSpot, contact_id: str, policy: Policy) -> Facts | None:
    """The facts about one person as they are now; None when the contact is gone, or has become part of another."""
    contact = hubspot.read("contacts", contact_id, CONTACT_PROPERTIES, associations=("companies",))
    if contact is None or contact.id != contact_id:
        return None
    own = _related(hubspot, "contacts", [contact_id])
    company_id = organisation_of(contact, policy.relationship)
    theirs = _of_organisation(hubspot, company_id, contact_id) if isinstance(company_id, str) else frozenset()
    others = [each for each in contact.associations.get("companies", ()) if each != company_id]
    beside = _related(hubspot, "companies", others, BUSINESS) if others else frozenset()
    records = _read(hubspot, own | theirs | beside)
    return _Person(hubspot, policy, contact, company_id, own, theirs, others, beside, records).facts()


@dataclass(frozen=True)
class _Person:
    """One person and what was read around them; a reference without a record could not be read.

    `others` are companies that they belong to beside their own, and `beside` the business done there.
    """

    hubspot: HubSpot
    policy: Policy
    contact: Record
    company_id: str | Unknown | None
    own: Refs
    theirs: Refs
    others: Sequence[str]
    beside: Refs
    records: Records

    def facts(self) -> Facts:
        zone = zone_of(self.policy)
        dialogue = self._dialogue(ref for ref in self.own if ref[0] != "deals")
        form = form_from(self.contact, zone)
        if form and not isinstance(dialogue, Unknown):
            dialogue = (*dialogue, form)
        return Facts(contact=contact_facts(self.contact, zone), dialogue=dialogue, organisation=self._organisation())

    def _organisation(self) -> Organisation | Unknown | None:
        """The organisation; a person without one who has deals or tickets stands for themselves."""
        if isinstance(self.company_id, Unknown):
            return UNKNOWN
        relationship = self.policy.relationship
        if self.company_id:
            company = self.hubspot.read("companies", self.company_id, company_properties(relationship))
        elif any(kind in ("deals", "tickets") for kind, _ in self.own):
            company = Record("contacts", self.contact.id, dict.fromkeys(company_properties(relationship)))
        else:
            return None
        return protected_by(self._with_business(company), self._others()) if company else UNKNOWN

    def _others(self) -> list[Organisation]:
        """What the other companies say of themselves; one that could not be read might be a customer."""
        relationship = self.policy.relationship
        found = self.hubspot.read_many("companies", self.others, company_properties(relationship))
        unread = [Organisation(id=each) for each in self.others if each not in found]
        return [*(organisation_facts(each, (), (), relationship) for each in found.values()), *unread]

    def _with_business(self, company: Record) -> Organisation:
        """An organisation with what is open there; what could not be read might be open."""
        deals, tickets = self._open("deals"), self._open("tickets")
        facts = organisation_facts(company, deals or (), tickets or (), self.policy.relationship)
        others = (self.theirs - self.own) | {ref for ref in self.own if ref[0] == "deals"}
        return replace(
            facts,
            open_deals=UNKNOWN if deals is None else facts.open_deals,
            open_tickets=UNKNOWN if tickets is None else facts.open_tickets,
            dialogue=self._dialogue(others),
        )

    def _open(self, kind: str) -> list[Record] | None:
        refs = sorted(ref for ref in self.own | self.theirs | self.beside if ref[0] == kind)
        if any(ref not in self.records for ref in refs):
            return None
        records = [self.records[ref] for ref in refs]
        silent = any(each.properties.get("hs_is_closed") not in ("true", "false") for each in records)
        closed = closed_stages(self.hubspot.pipelines(kind)) if silent else frozenset()
        return [each for each in records if is_open(each, closed)]

    def _dialogue(self, refs: Iterable[tuple[str, str]]) -> tuple[Event, ...] | Unknown:
        """The events, in a fixed order; a list with a hole in it is not known at all."""
        wanted = sorted(refs)
        if any(ref not in self.records for ref in wanted):
            return UNKNOWN
        zone = zone_of(self.policy)
        return tuple(event_from(self.records[ref], zone) for ref in wanted)


def _of_organisation(hubspot: HubSpot, company_id: str, contact_id: str) -> Refs:
    """What hangs on the company itself and on the colleagues who stand for it."""
    associated = hubspot.associated("companies", "contacts", [company_id])[company_id]
    people = hubspot.read_many(
        "contacts", (each for each in associated if each != contact_id), ("associatedcompanyid",)
    )
    colleagues = [
        each.id for each in people.values() if each.properties.get("associatedcompanyid") in (company_id, None, "")
    ]
    return _related(hubspot, "companies", [company_id]) | _related(hubspot, "contacts", colleagues)


def _related(hubspot: HubSpot, kind: str, ids: Iterable[str], to_kinds: Iterable[str] = RELATED) -> Refs:
    wanted = list(ids)
    return frozenset(
        (to_kind, found)
        for to_kind in to_kinds
        for several in hubspot.associated(kind, to_kind, wanted).values()
        for found in several
    )


def _read(hubspot: HubSpot, refs: Refs) -> Records:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, record_id in sorted(refs):
        by_kind[kind].append(record_id)
    found = {kind: hubspot.read_many(kind, ids, PROPERTIES[kind]) for kind, ids in by_kind.items()}
    return {(kind, record_id): each for kind, records in found.items() for record_id, each in records.items()}

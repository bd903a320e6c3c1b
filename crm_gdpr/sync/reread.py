"""Everything a verdict on one person rests on, read afresh by id: what the gate asks before it destroys anything.

No search, whose index lags.  The organisation's dialogue is that of the company itself and of all contacts who stand
for it.  Batches throughout: some 35 calls, hardly more for a large organisation than for a small one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from crm_gdpr.policy.bonds import with_hold, with_relations, with_subscriptions
from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.facts import UNKNOWN, Event, Facts, Organisation, Unknown
from crm_gdpr.policy.several import ANY, protected_by
from crm_gdpr.sync.commerce import Ended, subscribed
from crm_gdpr.sync.events import event_from, form_from
from crm_gdpr.sync.facts import (
    CONTACT_PROPERTIES,
    bound_by,
    closed_stages,
    company_properties,
    contact_facts,
    event_properties,
    is_customer_by_stage,
    is_held,
    is_open,
    organisation_facts,
    organisation_of,
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
    colleagues = _colleagues(hubspot, company_id, contact_id) if isinstance(company_id, str) else ()
    theirs = _of_organisation(hubspot, company_id, colleagues) if isinstance(company_id, str) else frozenset()
    several = contact.associations.get("companies", ()) if policy.relationship.companies == ANY else ()
    others = [each for each in several if each != company_id]
    beside = {each: _related(hubspot, "companies", [each], BUSINESS) for each in others}
    records = _read(hubspot, own.union(theirs, *beside.values()), policy)
    return _Person(hubspot, policy, contact, company_id, colleagues, own, theirs, beside, records).facts()


@dataclass(frozen=True)
class _Person:
    """One person and what was read around them; a reference without a record could not be read.

    `beside` are the companies that they belong to beside their own, with the business done there.
    """

    hubspot: HubSpot
    policy: Policy
    contact: Record
    company_id: str | Unknown | None
    colleagues: Sequence[str]
    own: Refs
    theirs: Refs
    beside: Mapping[str, Refs]
    records: Records

    def facts(self) -> Facts:
        zone = zone_of(self.policy)
        dialogue = self._dialogue(ref for ref in self.own if ref[0] != "deals")
        form = form_from(self.contact, zone)
        if form and not isinstance(dialogue, Unknown):
            dialogue = (*dialogue, form)
        contact = with_hold(contact_facts(self.contact, zone), self._holds())
        return Facts(contact=contact, dialogue=dialogue, organisation=self._organisation())

    def _organisation(self) -> Organisation | Unknown | None:
        """The organisation; a person without one who has business of their own stands for themselves."""
        if isinstance(self.company_id, Unknown):
            return UNKNOWN
        relationship = self.policy.relationship
        if self.company_id:
            company = self._own_company
        elif self._subscribed or any(kind in BUSINESS for kind, _ in self.own):
            company = Record("contacts", self.contact.id, dict.fromkeys(company_properties(relationship)))
        else:
            return None
        if company is None:
            return UNKNOWN
        return with_subscriptions(protected_by(self._with_business(company), self._others()), self._subscribed)

    @cached_property
    def _subscribed(self) -> tuple[Ended, ...]:
        """The subscriptions of the person and colleagues, of each company, and of the deals there."""
        own = [self.company_id] if isinstance(self.company_id, str) else []
        deals = {id_ for kind, id_ in self.own.union(self.theirs, *self.beside.values()) if kind == "deals"}
        around = {
            "contacts": [self.contact.id, *self.colleagues],
            "companies": [*own, *self.beside],
            "deals": sorted(deals),
        }
        return subscribed(self.hubspot, around, self.policy.relationship, zone_of(self.policy))

    def _others(self) -> list[Organisation]:
        """What the other companies say of themselves; one that could not be read might be a customer."""
        return [self._other(each, refs) for each, refs in self.beside.items()]

    def _other(self, company_id: str, refs: Refs) -> Organisation:
        company = self._companies.get(company_id)
        if company is None:
            return Organisation(id=company_id)
        known = organisation_facts(company, (), (), self.policy.relationship)
        return with_relations(known, bound_by(self._deals(refs), self.policy.relationship))

    @cached_property
    def _own_company(self) -> Record | None:
        if not isinstance(self.company_id, str):
            return None
        return self.hubspot.read("companies", self.company_id, company_properties(self.policy.relationship))

    @cached_property
    def _companies(self) -> Mapping[str, Record]:
        """The companies beside their own, as far as they could be read."""
        return self.hubspot.read_many("companies", self.beside, company_properties(self.policy.relationship))

    def _holds(self) -> list[bool | None]:
        """Whether each company and deal around the person is on hold; what could not be read may be."""
        own = [self._own_company] if isinstance(self.company_id, str) else []
        deals = self._deals(self.own.union(self.theirs, *self.beside.values()))
        around = (*own, *(self._companies.get(each) for each in self.beside), *deals)
        return [None if each is None else is_held(each) for each in around]

    def _with_business(self, company: Record) -> Organisation:
        """An organisation with what is open there and what it bought; what could not be read might be open."""
        deals, tickets = self._open("deals"), self._open("tickets")
        facts = organisation_facts(company, deals or (), tickets or (), self.policy.relationship)
        others = (self.theirs - self.own) | {ref for ref in self.own if ref[0] == "deals"}
        facts = replace(
            facts,
            open_deals=UNKNOWN if deals is None else facts.open_deals,
            open_tickets=UNKNOWN if tickets is None else facts.open_tickets,
            dialogue=self._dialogue(others),
        )
        stage = [None] if is_customer_by_stage(self.contact, self.policy.relationship) else []
        return with_relations(facts, [*bound_by(self._deals(self.own | self.theirs), self.policy.relationship), *stage])

    def _deals(self, refs: Refs) -> list[Record]:
        return [self.records[ref] for ref in sorted(refs) if ref[0] == "deals" and ref in self.records]

    def _open(self, kind: str) -> list[Record] | None:
        refs = sorted(ref for ref in self.own.union(self.theirs, *self.beside.values()) if ref[0] == kind)
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


def _colleagues(hubspot: HubSpot, company_id: str, contact_id: str) -> list[str]:
    """The others who stand for the company."""
    associated = hubspot.associated("companies", "contacts", [company_id])[company_id]
    people = hubspot.read_many(
        "contacts", (each for each in associated if each != contact_id), ("associatedcompanyid",)
    )
    return [each.id for each in people.values() if each.properties.get("associatedcompanyid") in (company_id, None, "")]


def _of_organisation(hubspot: HubSpot, company_id: str, colleagues: Iterable[str]) -> Refs:
    """What hangs on the company itself and on the colleagues who stand for it."""
    return _related(hubspot, "companies", [company_id]) | _related(hubspot, "contacts", colleagues)


def _related(hubspot: HubSpot, kind: str, ids: Iterable[str], to_kinds: Iterable[str] = RELATED) -> Refs:
    wanted = list(ids)
    return frozenset(
        (to_kind, found)
        for to_kind in to_kinds
        for several in hubspot.associated(kind, to_kind, wanted).values()
        for found in several
    )


def _read(hubspot: HubSpot, refs: Refs, policy: Policy) -> Records:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, record_id in sorted(refs):
        by_kind[kind].append(record_id)
    asked = {kind: event_properties(kind, policy.relationship) for kind in by_kind}
    found = {kind: hubspot.read_many(kind, ids, asked[kind]) for kind, ids in by_kind.items()}
    return {(kind, record_id): each for kind, records in found.items() for record_id, each in records.items()}

"""Read a portal for the dialogue index: everyone, every organisation and every event, whole or what changed since.

List pages of a hundred carry their associations; search pages of two hundred do not, so those are read in batches.
What comes out holds ids, kinds and days; reasons that people wrote stay in HubSpot.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from crm_gdpr.policy import UNKNOWN, Contact, Event, Policy
from crm_gdpr.policy.facts_json import contact_to_json, event_to_json, organisation_to_json
from crm_gdpr.sync.events import PROPERTIES, event_from, form_from
from crm_gdpr.sync.facts import (
    CONTACT_PROPERTIES,
    closed_stages,
    company_properties,
    contact_facts,
    is_open,
    organisation_facts,
    organisation_of,
    zone_of,
)
from crm_gdpr.sync.hubspot import HubSpot
from crm_gdpr.sync.records import ENGAGEMENTS, Record

EVENT_KINDS = (*ENGAGEMENTS, "tickets", "deals")
SEVERAL = "several"  # stands for an organisation that cannot be told: several companies and none of them primary
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    """A contact's own facts, its organisation, and what HubSpot shows of our conclusions."""

    contact_id: str
    organisation_id: str | None
    facts: Json
    mirror: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """One event and whom it concerns; `open` for a deal or ticket that still is; no facts when nobody moved it."""

    ref: str
    facts: Json | None
    contacts: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    open: bool = False


@dataclass
class Scan:
    """One reading of a portal; `kinds` are those of events."""

    kinds: ClassVar[tuple[str, ...]] = EVENT_KINDS

    hubspot: HubSpot
    policy: Policy
    since: datetime | None = None
    _closed: dict[str, Container[str]] = field(default_factory=dict)

    def people(self, mirror: Sequence[str]) -> Iterator[tuple[list[Person], list[Found]]]:
        """Yield people, with the forms they sent; `mirror` names the properties that show our conclusions."""
        for page in self._pages("contacts", (*CONTACT_PROPERTIES, *mirror), ("companies",)):
            yield [self._person(record, mirror) for record in page], list(self._forms(page))

    def organisations(self) -> Iterator[dict[str, Json]]:
        """Yield the facts of organisations; their dialogue, open deals and tickets are events."""
        relationship = self.policy.relationship
        for page in self._pages("companies", company_properties(relationship), ()):
            facts = {
                record.id: organisation_to_json(organisation_facts(record, (), (), relationship)) for record in page
            }
            yield {id_: _without(known, "open_deals", "open_tickets") for id_, known in facts.items()}

    def events(self, kind: str) -> Iterator[list[Found]]:
        """Yield the events of one kind."""
        for page in self._pages(kind, PROPERTIES[kind], ("contacts", "companies")):
            yield [self._event(record) for record in page]

    def _pages(self, kind: str, properties: Sequence[str], associations: tuple[str, ...]) -> Iterator[list[Record]]:
        if self.since is None:
            yield from self.hubspot.pages(kind, properties, associations=associations)
            return
        for page in self.hubspot.changed(kind, self.since, properties):
            yield self._associated(kind, page, associations)

    def _associated(self, kind: str, page: list[Record], associations: tuple[str, ...]) -> list[Record]:
        ids = [record.id for record in page]
        found = {to: self.hubspot.associated(kind, to, ids) for to in associations}
        return [replace(r, associations={to: found[to].get(r.id, ()) for to in associations}) for r in page]

    def _person(self, record: Record, mirror: Sequence[str]) -> Person:
        company = organisation_of(record, self.policy.relationship)
        return Person(
            contact_id=record.id,
            organisation_id=SEVERAL if company is UNKNOWN else company,
            facts=contact_to_json(_without_words(contact_facts(record, zone_of(self.policy)))),
            mirror={name: record.properties.get(name) or "" for name in mirror},
        )

    def _forms(self, page: list[Record]) -> Iterator[Found]:
        for record in page:
            form = form_from(record, zone_of(self.policy))
            if form is not None:
                yield Found(form.ref, event_to_json(form), contacts=(record.id,))

    def _event(self, record: Record) -> Found:
        event: Event | None = event_from(record, zone_of(self.policy))
        return Found(
            ref=f"{record.kind}/{record.id}",
            facts=None if event is None else event_to_json(event),
            contacts=record.associations.get("contacts", ()),
            companies=record.associations.get("companies", ()),
            open=self._is_open(record, event),
        )

    def _is_open(self, record: Record, event: Event | None) -> bool:
        """An open deal or ticket keeps; a ticket that is itself a request under the GDPR does not."""
        if record.kind not in ("deals", "tickets") or (event is not None and event.request):
            return False
        if record.kind not in self._closed:
            self._closed[record.kind] = closed_stages(self.hubspot.pipelines(record.kind))
        return is_open(record, self._closed[record.kind])


def _without_words(contact: Contact) -> Contact:
    """Leave out what people wrote: the index holds no content."""
    known: dict[str, Any] = {}
    if isinstance(contact.hold, str):
        known["hold"] = "hold"
    if isinstance(contact.attested, tuple):
        known["attested"] = tuple(replace(each, reason="") for each in contact.attested)
    if contact.not_relevant is not UNKNOWN and contact.not_relevant is not None:
        known["not_relevant"] = replace(contact.not_relevant, why="")
    return replace(contact, **known)


def _without(facts: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in names}

"""Read a portal for the dialogue index: everyone, every organisation and every event, whole or what changed since.

List pages of a hundred carry their associations; search pages of two hundred do not, so those are read in batches of
a thousand.  What comes out holds ids, kinds and days; reasons that people wrote stay in HubSpot.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, ClassVar

from crm_gdpr import quick_json
from crm_gdpr.policy import UNKNOWN, Contact, Event, Organisation, Policy
from crm_gdpr.policy.facts import Unknown
from crm_gdpr.policy.several import ANY
from crm_gdpr.sync.digest import Digest, seal
from crm_gdpr.sync.errors import Malformed
from crm_gdpr.sync.events import event_from, form_from
from crm_gdpr.sync.facts import (
    CONTACT_PROPERTIES,
    closed_stages,
    company_properties,
    contact_facts,
    contract_end,
    event_properties,
    is_customer_by_stage,
    is_held,
    is_open,
    is_won,
    organisation_facts,
    organisation_of,
    zone_of,
)
from crm_gdpr.sync.hubspot import HubSpot
from crm_gdpr.sync.reading import changed_since
from crm_gdpr.sync.records import ENGAGEMENTS, Record

EVENT_KINDS = (*ENGAGEMENTS, "tickets", "deals")
SEVERAL = "several"  # stands for an organisation that cannot be told: several companies and none of them primary
AT_ONCE, BATCH_S = 10, 1.0  # so many pages are kept together, or what came in so many seconds


@dataclass(frozen=True)
class Person:
    """A contact's own facts, its organisation, what HubSpot shows of our conclusions, and its other companies."""

    facts: Contact
    organisation_id: str | None
    mirror: Mapping[str, str]
    digest: int | None = None
    customer: bool = False  # by their own stage
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Company:
    """An organisation's own facts; its dialogue, open deals and tickets are events.  `held`: None is not known."""

    facts: Organisation
    digest: int | None = None
    held: bool | None = None


@dataclass(frozen=True)
class Found:
    """One event and whom it concerns; `open` for a deal or ticket that still is, the last three for a deal."""

    event: Event
    contacts: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    open: bool = False
    digest: int | None = None
    won: bool = False
    until: date | None = None
    held: bool | None = False


@dataclass(frozen=True)
class Rows:
    """What some records say, in the index's shape."""

    people: Sequence[Person] = ()
    companies: Sequence[Company] = ()
    events: Sequence[Found] = ()


@dataclass(frozen=True)
class Page:
    """The ids of some records, with digests where they have one, and the cursor behind them, None at the end.

    `orderly`: ids rise, none lies before the cursor, and the next cursor lies past them all.  Those from lists are
    packed again: few are looked at closely.
    """

    digests: Mapping[str, int | None]
    after: str | None
    orderly: bool = True
    records: Sequence[Record] = ()
    packed: Sequence[bytes] = ()

    def listed(self, ids: Collection[str]) -> list[Mapping[str, Any]]:
        """Those of the records from lists that have these ids, as they came."""
        sheets = map(quick_json.loads, self.packed if ids else ())
        return [item for sheet in sheets for item in sheet if str(item.get("id")) in ids]


@dataclass
class Scan:
    """One reading of a portal; `mirror` names the properties that show our conclusions."""

    kinds: ClassVar[tuple[str, ...]] = ("contacts", "companies", *EVENT_KINDS)

    hubspot: HubSpot
    policy: Policy
    since: datetime | None = None
    mirror: Sequence[str] = ()
    _closed: dict[str, Container[str]] = field(default_factory=dict)
    _newest: dict[str, int] = field(default_factory=dict)

    def page(self, kind: str, after: str | None, before: int | None = None) -> Page:
        """The next records of a kind from a cursor on, up to the record `before`."""
        return self._listed(kind, after, before) if self.since is None else self._changed(kind, after, self.since)

    def newest(self, kind: str) -> int:
        """The highest id of a kind, as it was when this scan first asked; 0 where there is none."""
        if kind not in self._newest:
            self._newest[kind] = self.hubspot.newest(kind) or 0
        return self._newest[kind]

    def rows(self, kind: str, page: Page, ids: Collection[str]) -> Rows:
        """What the records of a page with these ids say."""
        records = [each for each in page.records if each.id in ids] + self.hubspot.whole(kind, page.listed(ids))
        digests = page.digests
        if kind == "contacts":
            people = [self._person(each, digests.get(each.id)) for each in records]
            return Rows(people=people, events=list(self._forms(records)))
        if kind == "companies":
            return Rows(companies=[self._company(each, digests.get(each.id)) for each in records])
        return Rows(events=[self._event(each, digests.get(each.id)) for each in records])

    def read(self, kind: str, record_ids: Sequence[str]) -> Page:
        """Records by their ids, as a page; one that is gone, or has become part of another, is not on it."""
        return self._whole(kind, list(self.hubspot.read_many(kind, record_ids, self._properties(kind)).values()), None)

    def _listed(self, kind: str, after: str | None, before: int | None) -> Page:
        packed: list[bytes] = []
        digests: dict[str, int | None] = {}
        digest = self._digest(kind)
        orderly, last, until = True, int(after or 0), time.monotonic() + BATCH_S
        for _ in range(AT_ONCE):
            sheet = self.hubspot.sheet(kind, after, self._properties(kind), _associations(kind))
            ids = [str(item.get("id")) for item in sheet.results]
            numbers = [int(id_) for id_ in ids if id_.isdigit()]
            orderly = orderly and len(numbers) == len(ids) and _is_orderly(numbers, last, sheet.after)
            last = max([last - 1, *numbers]) + 1
            packed.append(quick_json.dumps(sheet.results))
            digests.update(zip(ids, map(digest.of_listed, sheet.results), strict=True))
            if sheet.after is not None and sheet.after == after:
                raise Malformed.because("a cursor that leads to the page it came from")
            after = sheet.after
            if after is None or time.monotonic() > until or (before is not None and orderly and last >= before):
                break
        if before is not None:
            digests = {id_: digested for id_, digested in digests.items() if id_.isdigit() and int(id_) < before}
        return Page(digests, after, orderly, packed=packed)

    def _changed(self, kind: str, after: str | None, since: datetime) -> Page:
        records: list[Record] = []
        wanted, properties = [changed_since(kind, since)], self._properties(kind)
        for _ in range(AT_ONCE):
            found, after = self.hubspot.search_page(kind, wanted, properties, after=after)
            records += found
            if after is None:
                break
        return self._whole(kind, records, after)

    def _whole(self, kind: str, records: Sequence[Record], after: str | None) -> Page:
        """Neither a search page nor a batch says who is associated: that is read a thousand at a time."""
        ids = [record.id for record in records]
        associated = {to: self.hubspot.associated(kind, to, ids) for to in _associations(kind)} if ids else {}
        whole = [
            replace(each, associations={to: found.get(each.id, ()) for to, found in associated.items()})
            for each in records
        ]
        return Page(self._digests_of(kind, whole), after, records=whole)

    def _properties(self, kind: str) -> tuple[str, ...]:
        if kind == "contacts":
            return (*CONTACT_PROPERTIES, *self.mirror)
        if kind == "companies":
            return company_properties(self.policy.relationship)
        return event_properties(kind, self.policy.relationship)

    def _digest(self, kind: str) -> Digest:
        policy = self.policy
        sealed = seal(f"{policy.relationship!r} {policy.controller.timezone} {self.mirror!r}")
        return Digest(sealed, self._properties(kind), _associations(kind))

    def _digests_of(self, kind: str, records: Iterable[Record]) -> dict[str, int | None]:
        digest = self._digest(kind)
        associated = {each.id: [each.associations.get(to, ()) for to in digest.associations] for each in records}
        return {each.id: digest.of(each.properties, associated[each.id]) for each in records}

    def _person(self, record: Record, digested: int | None) -> Person:
        company = organisation_of(record, self.policy.relationship)
        return Person(
            facts=_without_words(contact_facts(record, zone_of(self.policy))),
            organisation_id=SEVERAL if isinstance(company, Unknown) else str(company) if company else None,
            mirror={name: record.properties.get(name) or "" for name in self.mirror},
            digest=digested,
            customer=is_customer_by_stage(record, self.policy.relationship),
            others=self._others(record, company),
        )

    def _others(self, record: Record, company: str | Unknown | None) -> tuple[str, ...]:
        """The companies that protect a person beside their own; where their own is not known, nothing need."""
        if isinstance(company, Unknown) or self.policy.relationship.companies != ANY:
            return ()
        return tuple(each for each in record.associations.get("companies", ()) if each != company)

    def _forms(self, page: Iterable[Record]) -> Iterator[Found]:
        for record in page:
            form = form_from(record, zone_of(self.policy))
            if form is not None:
                yield Found(form, contacts=(record.id,))

    def _company(self, record: Record, digested: int | None) -> Company:
        known = organisation_facts(record, (), (), self.policy.relationship)
        return Company(replace(known, open_deals=UNKNOWN, open_tickets=UNKNOWN), digested, is_held(record))

    def _event(self, record: Record, digested: int | None) -> Found:
        event = event_from(record, zone_of(self.policy))
        found = Found(
            event=event,
            contacts=record.associations.get("contacts", ()),
            companies=record.associations.get("companies", ()),
            open=self._is_open(record, event),
            digest=digested,
        )
        if record.kind != "deals":
            return found
        until = contract_end(record, self.policy.relationship) if is_won(record) else None
        return replace(found, won=is_won(record), until=until, held=is_held(record))

    def _is_open(self, record: Record, event: Event) -> bool:
        """An open deal or ticket keeps; a ticket that is itself a request under the GDPR does not."""
        if record.kind not in ("deals", "tickets") or event.request:
            return False
        if record.properties.get("hs_is_closed") in ("true", "false"):
            return is_open(record, ())
        if record.kind not in self._closed:
            self._closed[record.kind] = closed_stages(self.hubspot.pipelines(record.kind))
        return is_open(record, self._closed[record.kind])


def _associations(kind: str) -> tuple[str, ...]:
    return {"contacts": ("companies",), "companies": ()}.get(kind, ("contacts", "companies"))


def _is_orderly(numbers: Sequence[int], last: int, after: str | None) -> bool:
    """Whether this account lists by id, so that a cursor may be an id of our own choice."""
    rising = numbers == sorted(set(numbers)) and (not numbers or numbers[0] >= last)
    return rising and (after is None or (after.isdigit() and int(after) > max(numbers, default=0)))


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

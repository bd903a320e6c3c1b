"""What lies around people in the dialogue index: their organisation, colleagues, events and stage, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from crm_gdpr.policy import UNKNOWN, Contact, Event, Facts, Organisation, protected_by
from crm_gdpr.policy.bonds import with_hold, with_relations
from crm_gdpr.policy.facts import Unknown
from crm_gdpr.store.database import among
from crm_gdpr.store.shapes import reader
from crm_gdpr.store.tables import events, links, organisations, people, stages
from crm_gdpr.store.touched import belonging, who_belongs
from crm_gdpr.store.ways import Ways

CONTACT, ORGANISATION = reader(Contact), reader(Organisation)
BUSINESS = ("deals/", "tickets/")
Refs = frozenset[str]
NONE: Refs = frozenset()
TOLD = select(links.c.id, *(events.c[name] for name in ("ref", "on", "way", "open", "won", "until", "held"))).join(
    events, events.c.ref == links.c.ref
)


class Around:
    """The organisations, colleagues, events and stages around some people, read in a few queries.

    With a gist, no more events than bear on the verdict of that day; then what the person told may stand among the
    organisation's too, since a verdict counts it once.
    """

    def __init__(self, connection: Connection, companies: set[str], ids: Sequence[str], ways: Ways) -> None:
        self._ways, self._gist = ways, ways.gist
        self._beside = _beside(connection, ids)
        every = companies.union(*self._beside.values())
        of = select(organisations.c.company_id, organisations.c.facts, organisations.c.held)
        rows = connection.execute(of.where(among(organisations.c.company_id, every))).all()
        self._organisations = {row.company_id: ORGANISATION(row.facts) for row in rows}
        self._held_companies: dict[str, bool | None] = {row.company_id: row.held for row in rows}
        self._stages = {
            r.contact_id: {"stage": r.stage, "stage_on": r.stage_on.isoformat()}
            for r in connection.execute(select(stages).where(among(stages.c.contact_id, ids)))
        }
        colleagues: dict[str, set[str]] = defaultdict(set)
        at = select(people.c.contact_id, people.c.organisation_id).where(among(people.c.organisation_id, every))
        for contact_id, company_id in connection.execute(at).all():
            colleagues[company_id].add(contact_id)
        self._events: dict[str, Event] = {}
        self._open: set[str] = set()
        self._won: dict[str, date | None] = {}
        self._held: dict[str, bool | None] = {}  # deals on hold, or that may be
        self._business: set[str] = set()  # people with a deal or ticket, whether or not it bears on a verdict
        self._own = self._read(connection, "contact", set(ids).union(*colleagues.values()))
        theirs = self._read(connection, "company", every)
        self._around = {
            id_: theirs.get(id_, NONE).union(*(self._own.get(each, NONE) for each in colleagues[id_])) for id_ in every
        }
        self._whole = {id_: self._with_business(o, self._around[id_]) for id_, o in self._organisations.items()}

    def facts(self, row: Any) -> Facts:
        """Return the facts about one person, as `decide` takes them."""
        own = self._own.get(row.contact_id, NONE)
        told = frozenset(ref for ref in own if not ref.startswith("deals/"))
        return Facts(
            contact=with_hold(CONTACT({**row.facts, **self._stages.get(row.contact_id, {})}), self._holds(row, own)),
            dialogue=self._in_order(told),
            organisation=self._organisation(row, own, told),
        )

    def _holds(self, row: Any, own: Refs) -> list[bool | None]:
        """Return what is known of holds on the companies and on the deals around a person, where there may be one."""
        beside = self._beside.get(row.contact_id, NONE)
        companies = [row.organisation_id] if row.organisation_id in self._held_companies else []
        around = own.union(*(self._around.get(each, NONE) for each in (row.organisation_id, *beside)))
        deals = [self._held[ref] for ref in self._held.keys() & around]
        return [*(self._held_companies.get(each) for each in (*companies, *beside)), *deals]

    def _organisation(self, row: Any, own: Refs, told: Refs) -> Organisation | Unknown | None:
        if row.organisation_id is None:
            return self._alone(row, own, told)
        known = self._organisations.get(row.organisation_id)
        if known is None:  # several companies, or one that could not be read: not known
            return UNKNOWN
        around = self._around[row.organisation_id]
        whole = self._whole[row.organisation_id]
        if row.customer or not (self._gist or told.isdisjoint(around)):
            whole = self._with_business(known, around, told, by_stage=row.customer)
        others = self._beside.get(row.contact_id)
        return protected_by(whole, map(self._other, sorted(others))) if others else whole

    def _other(self, company_id: str) -> Organisation:
        """A company beside the person's own; one that could not be read might be a customer."""
        return self._whole.get(company_id) or Organisation(id=company_id)

    def _alone(self, row: Any, own: Refs, told: Refs) -> Organisation | None:
        """Someone without an organisation who has deals or tickets stands for themselves."""
        if row.contact_id not in self._business:
            return None
        nobody = Organisation(id=row.contact_id, customer=False, contract_until=None, relationship_ended_on=None)
        return self._with_business(nobody, own, told, by_stage=row.customer)

    def _with_business(
        self, known: Organisation, refs: Refs, told: Refs = NONE, *, by_stage: bool = False
    ) -> Organisation:
        """The organisation with what is open and bought there, and what was said, but for what the person told."""
        is_open = sorted(refs & self._open)
        deals, tickets = (tuple(ref for ref in is_open if ref.startswith(kind)) for kind in BUSINESS)
        whole = replace(known, open_deals=deals, open_tickets=tickets, dialogue=self._in_order(refs - told))
        return with_relations(
            whole, [*(self._won[ref] for ref in self._won.keys() & refs), *([None] if by_stage else [])]
        )

    def _in_order(self, refs: Iterable[str]) -> tuple[Event, ...]:
        return tuple(self._events[ref] for ref in sorted(refs))

    def _read(self, connection: Connection, kind: str, ids: set[str]) -> dict[str, Refs]:
        """Return the references of each, and remember the events behind them."""
        found: defaultdict[str, list[Any]] = defaultdict(list)
        query = TOLD.where(links.c.kind == kind, among(links.c.id, ids), ~among(events.c.way, self._ways.silent))
        for row in connection.execute(query).all():
            found[row[0]].append(row)
            if kind == "contact" and row[1].startswith(BUSINESS):
                self._business.add(row[0])
        return {id_: self._remember(rows) for id_, rows in found.items()}

    def _remember(self, rows: Sequence[Any]) -> Refs:
        """Make events of what was told of one person or company; what binds is never left out."""
        told, binding = [], set()
        for _, ref, on, way, is_open, won, until, held in rows:
            told.append((ref, on, self._ways[way].says))
            if is_open or won or held is not False:
                binding.add(ref)
                self._bind(ref, is_open, won, until, held)
        refs = binding | self._gist.of(told) if self._gist else {ref for ref, _, _ in told}
        for _, ref, on, way, *_ in rows:
            if ref in refs and ref not in self._events:
                self._events[ref] = Event(ref=ref, on=on, **self._ways[way].fields)
        return frozenset(refs)

    def _bind(self, ref: str, is_open: bool, won: bool, until: date | None, held: bool | None) -> None:
        if is_open:
            self._open.add(ref)
        if won:
            self._won[ref] = until
        if held is not False:
            self._held[ref] = held


def _beside(connection: Connection, ids: Sequence[str]) -> dict[str, set[str]]:
    """Return the companies that some people belong to beside their own."""
    found: dict[str, set[str]] = defaultdict(set)
    query = select(links.c.ref, links.c.id).where(among(links.c.ref, map(belonging, ids)))
    for ref, company_id in connection.execute(query).all():
        found[who_belongs(ref)].add(company_id)
    return found

"""What lies around people in the dialogue index: their organisation, colleagues, events and stage, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, select

from crm_gdpr.policy import UNKNOWN, Contact, Event, Facts, Organisation
from crm_gdpr.policy.bonds import with_hold, with_relations
from crm_gdpr.policy.facts import Unknown
from crm_gdpr.store.shapes import reader
from crm_gdpr.store.tables import events, links, organisations, people, stages

CONTACT, ORGANISATION = reader(Contact), reader(Organisation)
BUSINESS = ("deals/", "tickets/")
Refs = frozenset[str]
NONE: Refs = frozenset()


class Around:
    """The organisations, colleagues, events and stages around some people, read in a few queries."""

    def __init__(self, connection: Connection, companies: set[str], ids: Sequence[str]) -> None:
        of = select(organisations.c.company_id, organisations.c.facts, organisations.c.held)
        rows = connection.execute(of.where(organisations.c.company_id.in_(companies))).all()
        self._organisations = {row.company_id: ORGANISATION(row.facts) for row in rows}
        self._held_companies: dict[str, bool | None] = {row.company_id: row.held for row in rows}
        self._stages = {
            r.contact_id: {"stage": r.stage, "stage_on": r.stage_on.isoformat()}
            for r in connection.execute(select(stages).where(stages.c.contact_id.in_(ids)))
        }
        colleagues: dict[str, set[str]] = defaultdict(set)
        of_company = select(people.c.contact_id, people.c.organisation_id).where(
            people.c.organisation_id.in_(companies)
        )
        for contact_id, company_id in connection.execute(of_company):
            colleagues[company_id].add(contact_id)
        self._events: dict[str, Event] = {}
        self._open: set[str] = set()
        self._won: dict[str, date | None] = {}
        self._held: dict[str, bool | None] = {}  # deals on hold, or that may be
        self._own = self._read(connection, "contact", set(ids).union(*colleagues.values()))
        theirs = self._read(connection, "company", companies)
        self._around = {
            id_: theirs.get(id_, NONE).union(*(self._own.get(each, NONE) for each in colleagues[id_]))
            for id_ in companies
        }
        self._dialogues = {id_: self._in_order(refs) for id_, refs in self._around.items()}

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
        """Return what is known of holds on the company and on the deals around a person, where there may be one."""
        around = self._around.get(row.organisation_id, NONE)
        deals = (self._held.keys() & own) | (self._held.keys() & around)
        company = [self._held_companies[row.organisation_id]] if row.organisation_id in self._held_companies else []
        return [*company, *(self._held[ref] for ref in deals)]

    def _organisation(self, row: Any, own: Refs, told: Refs) -> Organisation | Unknown | None:
        if row.organisation_id is None:
            return self._alone(row, own, told)
        known = self._organisations.get(row.organisation_id)
        if known is None:  # several companies, or one that could not be read: not known
            return UNKNOWN
        around = self._around[row.organisation_id]
        if own <= around:
            dialogue = tuple(event for event in self._dialogues[row.organisation_id] if event.ref not in told)
            return self._with_business(row, known, around, dialogue)
        return self._with_business(row, known, around | own, self._in_order((around | own) - told))

    def _alone(self, row: Any, own: Refs, told: Refs) -> Organisation | None:
        """Someone without an organisation who has deals or tickets stands for themselves."""
        if not any(ref.startswith(BUSINESS) for ref in own):
            return None
        nobody = Organisation(id=row.contact_id, customer=False, contract_until=None, relationship_ended_on=None)
        return self._with_business(row, nobody, own, self._in_order(own - told))

    def _with_business(self, row: Any, known: Organisation, refs: Refs, dialogue: tuple[Event, ...]) -> Organisation:
        is_open = sorted(refs & self._open)
        deals, tickets = (tuple(ref for ref in is_open if ref.startswith(kind)) for kind in BUSINESS)
        whole = replace(known, open_deals=deals, open_tickets=tickets, dialogue=dialogue)
        by_stage = [None] if row.customer else []
        return with_relations(whole, [*(self._won[ref] for ref in self._won.keys() & refs), *by_stage])

    def _in_order(self, refs: Iterable[str]) -> tuple[Event, ...]:
        return tuple(sorted((self._events[ref] for ref in refs), key=attrgetter("ref")))

    def _read(self, connection: Connection, kind: str, ids: set[str]) -> dict[str, Refs]:
        """Return the references of each, and remember the events behind them."""
        found: dict[str, set[str]] = defaultdict(set)
        columns = (events.c.ref, events.c.kind, events.c.on, events.c.direction, events.c.more)
        binding = (events.c.open, events.c.won, events.c.until, events.c.held)
        query = select(links.c.id, *columns, *binding).join(events, events.c.ref == links.c.ref)
        for id_, ref, word, on, direction, more, is_open, won, until, held in connection.execute(
            query.where(links.c.kind == kind, links.c.id.in_(ids))
        ):
            found[id_].add(ref)
            if ref not in self._events:
                self._events[ref] = Event(ref=ref, kind=word, on=on, direction=direction, **(more or {}))
                if is_open:
                    self._open.add(ref)
                if won:
                    self._won[ref] = until
                if held is not False:
                    self._held[ref] = held
        return {id_: frozenset(refs) for id_, refs in found.items()}

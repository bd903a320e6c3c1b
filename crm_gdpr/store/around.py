"""What lies around people in the dialogue index: their organisation, colleagues, events and stage, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, select

from crm_gdpr.policy import UNKNOWN, Contact, Event, Facts, Organisation
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
        of = select(organisations.c.company_id, organisations.c.facts).where(organisations.c.company_id.in_(companies))
        self._organisations = {id_: ORGANISATION(facts) for id_, facts in connection.execute(of)}
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
            contact=CONTACT({**row.facts, **self._stages.get(row.contact_id, {})}),
            dialogue=self._in_order(told),
            organisation=self._organisation(row.contact_id, row.organisation_id, own, told),
        )

    def _organisation(
        self, contact_id: str, company_id: str | None, own: Refs, told: Refs
    ) -> Organisation | Unknown | None:
        if company_id is None:
            return self._alone(contact_id, own, told)
        known = self._organisations.get(company_id)
        if known is None:  # several companies, or one that could not be read: not known
            return UNKNOWN
        around = self._around[company_id]
        if own <= around:
            dialogue = tuple(event for event in self._dialogues[company_id] if event.ref not in told)
        else:
            dialogue = self._in_order((around | own) - told)
        return self._with_business(known, around | own, dialogue)

    def _alone(self, contact_id: str, own: Refs, told: Refs) -> Organisation | None:
        """Someone without an organisation who has deals or tickets stands for themselves."""
        if not any(ref.startswith(BUSINESS) for ref in own):
            return None
        nobody = Organisation(id=contact_id, customer=False, contract_until=None, relationship_ended_on=None)
        return self._with_business(nobody, own, self._in_order(own - told))

    def _with_business(self, known: Organisation, refs: Refs, dialogue: tuple[Event, ...]) -> Organisation:
        is_open = sorted(refs & self._open)
        deals, tickets = (tuple(ref for ref in is_open if ref.startswith(kind)) for kind in BUSINESS)
        return replace(known, open_deals=deals, open_tickets=tickets, dialogue=dialogue)

    def _in_order(self, refs: Iterable[str]) -> tuple[Event, ...]:
        return tuple(sorted((self._events[ref] for ref in refs), key=attrgetter("ref")))

    def _read(self, connection: Connection, kind: str, ids: set[str]) -> dict[str, Refs]:
        """Return the references of each, and remember the events behind them."""
        found: dict[str, set[str]] = defaultdict(set)
        columns = (events.c.ref, events.c.kind, events.c.on, events.c.direction, events.c.more, events.c.open)
        query = select(links.c.id, *columns).join(events, events.c.ref == links.c.ref)
        for id_, ref, word, on, direction, more, is_open in connection.execute(
            query.where(links.c.kind == kind, links.c.id.in_(ids))
        ):
            found[id_].add(ref)
            if ref not in self._events:
                self._events[ref] = Event(ref=ref, kind=word, on=on, direction=direction, **(more or {}))
                if is_open:
                    self._open.add(ref)
        return {id_: frozenset(refs) for id_, refs in found.items()}

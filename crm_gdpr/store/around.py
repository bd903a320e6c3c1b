"""What lies around people in the dialogue index: their organisation, colleagues, events and stage, in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from crm_gdpr.store.tables import events, links, organisations, people, stages

Json = Mapping[str, Any]


class Around:
    """The organisations, colleagues, events and stages around some people, read in a few queries."""

    def __init__(self, connection: Connection, companies: set[str], ids: Sequence[str]) -> None:
        self._organisations = {
            r.company_id: r.facts
            for r in connection.execute(select(organisations).where(organisations.c.company_id.in_(companies)))
        }
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
        self._colleagues = colleagues
        everyone = set(ids).union(*colleagues.values())
        self._refs = _refs(connection, "contact", everyone) | _refs(connection, "company", companies)
        wanted = set().union(*self._refs.values()) if self._refs else set()
        self._events = {r.ref: r for r in connection.execute(select(events).where(events.c.ref.in_(wanted)))}

    def facts(self, row: Any) -> Json:
        """Return one person's facts in the shape that `decide` takes."""
        own = self._refs.get(("contact", row.contact_id), set())
        business = {ref for ref in own if ref.startswith("deals/")}
        facts = {
            "contact": {**row.facts, **self._stages.get(row.contact_id, {})},
            "dialogue": self._list(own - business),
        }
        if row.organisation_id is None:
            return {**facts, "organisation": self._alone(row.contact_id, own)}
        known = self._organisations.get(row.organisation_id)
        if known is None:  # several companies, or one that could not be read: not known
            return facts
        return {
            **facts,
            "organisation": {**known, **self._business(self._around(row.organisation_id) | own, own - business)},
        }

    def _around(self, company_id: str) -> set[str]:
        refs = set(self._refs.get(("company", company_id), set()))
        for colleague in self._colleagues[company_id]:
            refs |= self._refs.get(("contact", colleague), set())
        return refs

    def _alone(self, contact_id: str, own: set[str]) -> Json | None:
        """Someone without an organisation who has deals or tickets stands for themselves."""
        if not any(ref.startswith(("deals/", "tickets/")) for ref in own):
            return None
        nothing = {"customer": False, "contract_until": None, "relationship_ended_on": None}
        return {"id": contact_id, **nothing, **self._business(own, {r for r in own if not r.startswith("deals/")})}

    def _business(self, refs: set[str], told: set[str]) -> Json:
        is_open = sorted(ref for ref in refs if ref in self._events and self._events[ref].open)
        return {
            "open_deals": [ref for ref in is_open if ref.startswith("deals/")],
            "open_tickets": [ref for ref in is_open if ref.startswith("tickets/")],
            "dialogue": self._list(refs - told),
        }

    def _list(self, refs: set[str]) -> list[Json]:
        found = (self._events.get(ref) for ref in sorted(refs))
        return [event.facts for event in found if event is not None and event.facts is not None]


def _refs(connection: Connection, kind: str, ids: set[str]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for ref, id_ in connection.execute(
        select(links.c.ref, links.c.id).where(links.c.kind == kind, links.c.id.in_(ids))
    ):
        found[(kind, id_)].add(ref)
    return found

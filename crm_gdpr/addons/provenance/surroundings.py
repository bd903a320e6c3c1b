"""Read what a contact's tags depend on: companies, deals, people's decisions, mergers, requests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from crm_gdpr.addons.provenance.overruling import DECISIONS, OPEN_TO_PEOPLE, Decision, decide, decisions, unexplained
from crm_gdpr.policy import Around
from crm_gdpr.policy.origin import DEAL, company_properties

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import Record

MERGED = ("hs_merged_object_ids", "hs_calculated_merged_vids")
KINDS = ("companies", "deals")
Values = Mapping[str, str | None]


@dataclass
class Surroundings:
    """Reads for many contacts at once; companies and deals once each, however many contacts they have.

    `edited`: those whose tags somebody is said to have changed, lest it was while we wrote them.
    """

    env: Env
    edited: Collection[str] = ()
    _known: dict[str, dict[str, Values]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def of(self, records: Sequence[Record]) -> dict[str, tuple[Around, dict[str, Decision]]]:
        """Return what is around each contact, and what people decided about it."""
        links = {kind: self._links(kind, records) for kind in KINDS}
        for kind in KINDS:
            self._read(kind, {id_ for ids in links[kind].values() for id_ in ids})
        decided = self._decisions(records)
        asked = self.env.store.requests.first_received(record.id for record in records)
        return {r.id: (self._around(r, links, decided[r.id], asked.get(r.id)), decided[r.id]) for r in records}

    def _links(self, kind: str, records: Sequence[Record]) -> dict[str, tuple[str, ...]]:
        listed = {r.id: r.associations[kind] for r in records if kind in r.associations}
        if len(listed) == len(records):
            return listed
        return self.env.hubspot.associated("contacts", kind, [record.id for record in records])

    def _read(self, kind: str, ids: set[str]) -> None:
        known, names = self._known[kind], company_properties(self.env.policy) if kind == "companies" else DEAL
        fresh = sorted(ids - known.keys())
        if fresh:
            known |= {id_: r.properties for id_, r in self.env.hubspot.read_many(kind, fresh, names).items()}

    def _decisions(self, records: Sequence[Record]) -> dict[str, dict[str, Decision]]:
        """What people decided: known already, or shown by the history of a value that nobody explains."""
        odd = [record.id for record in records if record.id in self.edited or unexplained(record.properties)]
        authors = self.env.hubspot.authors("contacts", odd, OPEN_TO_PEOPLE) if odd else {}
        found = {record.id: decisions(record.properties.get(DECISIONS)) for record in records}
        for record in records:
            if wrote := authors.get(record.id):
                decided = {name: decide(record.properties, name, wrote.get(name)) for name in OPEN_TO_PEOPLE}
                found[record.id] = {name: decision for name, decision in decided.items() if decision}
        return found

    def _around(
        self,
        record: Record,
        links: Mapping[str, Mapping[str, tuple[str, ...]]],
        decided: Mapping[str, Decision],
        asked_on: date | None,
    ) -> Around:
        near = {kind: [self._known[kind].get(id_) for id_ in links[kind].get(record.id, ())] for kind in KINDS}
        overruled = {"source": decided.get("gdpr_source"), "person": decided.get("gdpr_class")}
        created = (record.properties.get("createdate") or "")[:10]
        return Around(
            companies=tuple(filter(None, near["companies"])),
            deals=tuple(filter(None, near["deals"])),
            merged=self._merged(record),
            request_first=asked_on is not None and asked_on.isoformat() <= created,
            overruled={name: decision.value for name, decision in overruled.items() if decision},
        )

    def _merged(self, record: Record) -> tuple[str, ...]:
        """The sources in our ledger of the contacts that were merged into this one."""
        sources = []
        for id_ in merged_ids(record):
            lines = self.env.store.ledger.lines(subject=self.env.pseudonym(id_))
            sources += [str(line.detail["source"]) for line in lines if line.detail.get("source")][-1:]
        return tuple(sources)


def merged_ids(record: Record) -> list[str]:
    """Return the ids of the contacts that this one absorbed."""
    parts = ";".join(record.properties.get(name) or "" for name in MERGED).split(";")
    return [id_ for id_ in dict.fromkeys(part.partition(":")[0] for part in parts) if id_ and id_ != record.id]

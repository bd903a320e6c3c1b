"""What goes with a person: their engagements, files and tickets removed, what others share kept without them.

An engagement is never changed in place, since its history would keep the old text: it is made anew, redacted, and the
original is archived.  Every step first looks whether it is already done, so that a broken run can start again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm_gdpr.gate.redaction import IDENTIFYING, Words, redact, words_of
from crm_gdpr.store import Store
from crm_gdpr.store.cases import Case
from crm_gdpr.sync import HubSpot
from crm_gdpr.sync.errors import Refused as HubSpotRefused
from crm_gdpr.sync.gather import split, still_own
from crm_gdpr.sync.records import ASSOCIATION_TYPES, ENGAGEMENTS, Record

PARTIES = ("contacts", "companies", "deals", "tickets")
TEXTS = {
    "companies": ("name", "description"),
    "deals": ("dealname", "description"),
    "tickets": ("subject", "content"),
}
BOOKKEEPING_YEARS = 7  # Bokföringslagen 7:2, counted from the end of the year
FILES = "hs_attachment_ids"


@dataclass(frozen=True, kw_only=True)
class Clearing:
    """Clears what hangs on one person; the contact itself is not touched here."""

    hubspot: HubSpot
    store: Store
    today: date
    _writable: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def clear(self, case: Case) -> Case:
        """Remove, redact or keep with a ground; the case then says what was kept, what waits, what is left."""
        words = self._words(case.contact_id)
        protected = self._protected(case.frozen.get("own", ()))
        kept = [ref for ref in protected if ref.startswith("emails/")]
        rewritten = [*case.frozen.get("shared", ()), *self._mentions(case, words), *(set(protected) - set(kept))]
        waits, left = self._rewrite_each(sorted(set(rewritten)), case, words)
        own = [
            ref for ref in still_own(self.hubspot, case.frozen.get("own", ()), case.contact_id) if ref not in protected
        ]
        files = self._files([*own, *waits]) - self._files(kept)
        waits += self._archive([*own, *self._own_tickets(case)])
        for file_id in sorted(files):
            self.hubspot.purge_file(file_id)
        left += self._still_told_of(case, words)
        found = {
            "kept": [f"{ref} {self._kept_until(ref)}" for ref in kept],
            "waits": waits,
            "left": left,
            "files": [f"files/{file_id}" for file_id in files],
        }
        self.store.index.forget_events([ref for ref in waits if ref not in left])
        return self.store.cases.keep(case.contact_id, found)

    def _words(self, contact_id: str) -> Words:
        record = self.hubspot.read("contacts", contact_id, IDENTIFYING)
        record = record or self.hubspot.read("contacts", contact_id, IDENTIFYING, archived=True)
        return words_of(record.properties) if record else Words(())

    def _archive(self, refs: Iterable[str]) -> list[str]:
        done = []
        for ref in refs:
            kind, _, id_ = ref.partition("/")
            self.hubspot.archive(kind, id_)
            done.append(ref)
        return done

    def _protected(self, refs: Iterable[str]) -> list[str]:
        """Return the engagements tied to a won deal, which bookkeeping or a claim may need (Art. 17(3)(b), (e))."""
        found = []
        for kind, ids in split(refs).items():
            deals = self.hubspot.associated(kind, "deals", ids)
            wanted = {deal for several in deals.values() for deal in several}
            records = self.hubspot.read_many("deals", sorted(wanted), ("hs_is_closed_won",))
            won = {id_ for id_, deal in records.items() if deal.properties.get("hs_is_closed_won") == "true"}
            found += [f"{kind}/{id_}" for id_ in ids if won & set(deals.get(id_, ()))]
        return found

    def _kept_until(self, ref: str) -> str:
        kind, _, id_ = ref.partition("/")
        record = self.hubspot.read(kind, id_, ("hs_timestamp",))
        year = int(str(record.properties.get("hs_timestamp") or self.today.year)[:4]) if record else self.today.year
        return f"17(3)(b) {year + BOOKKEEPING_YEARS}-12-31"

    def _mentions(self, case: Case, words: Words) -> list[str]:
        """Return engagements on the company's timeline that name the person without being associated with them."""
        companies = split(case.frozen.get("around", ())).get("companies", [])
        whole, known = words.whole_only(), {*case.frozen.get("own", ()), *case.frozen.get("shared", ())}
        found = []
        for kind in ENGAGEMENTS if companies and whole.whole else ():
            ids = {id_ for several in self.hubspot.associated("companies", kind, companies).values() for id_ in several}
            new = sorted(id_ for id_ in ids if f"{kind}/{id_}" not in known)
            records = self.hubspot.read_many(kind, new, self._properties(kind))
            found += [f"{kind}/{id_}" for id_, record in records.items() if _redacted(record, whole)]
        return found

    def _rewrite_each(self, refs: Iterable[str], case: Case, words: Words) -> tuple[list[str], list[str]]:
        """Return the originals that wait in the bin, and what HubSpot would not let us make anew."""
        waits, left = [], []
        for ref in refs:
            try:
                waits += [ref] if self._rewrite(ref, case.contact_id, words) else []
            except HubSpotRefused:
                left.append(ref)
        return waits, left

    def _rewrite(self, ref: str, contact_id: str, words: Words) -> bool:
        """Make an engagement anew without the person, then archive the original; False when it does not name them."""
        kind, _, id_ = ref.partition("/")
        original = self.hubspot.read(kind, id_, self._properties(kind))
        if original is None:
            return f"{kind}/{id_}" in self._gone_already(kind, id_)
        parties = self._parties(kind, id_, contact_id)
        others = self.hubspot.read_many("contacts", [id_ for to, id_ in parties if to == "contacts"], IDENTIFYING)
        changed = _redacted(original, words.beside(other.properties for other in others.values()))
        if not changed:
            return False
        values = {name: value for name, value in {**original.properties, **changed}.items() if value}
        wanted = {name: values[name] for name in self._properties(kind) if name in values}
        if not self._begun_before(ref, contact_id) or not self._is_made(kind, id_, wanted, changed, parties):
            self.hubspot.create(kind, wanted, associations=parties)
        self.hubspot.archive(kind, id_)
        return True

    def _begun_before(self, ref: str, contact_id: str) -> bool:
        """Tell whether an earlier, broken run has come to this engagement; only then may its copy be there."""
        case = self.store.cases.of(contact_id)
        begun = case is not None and ref in case.frozen.get("begun", ())
        if not begun:
            self.store.cases.keep(contact_id, {"begun": [ref]})
        return begun

    def _gone_already(self, kind: str, id_: str) -> list[str]:
        """Return the original when an earlier, broken run has archived it."""
        there = self.hubspot.read(kind, id_, (), archived=True)
        return [f"{kind}/{id_}"] if there is not None else []

    def _is_made(
        self, kind: str, id_: str, wanted: Mapping[str, str], changed: Mapping[str, str], parties: list[tuple[str, str]]
    ) -> bool:
        """Tell whether the copy is there: an outcome unknown is read, not repeated."""
        names = (*changed, "hs_timestamp")
        for to_kind, to_id in parties[:1]:
            ids = self.hubspot.associated(to_kind, kind, [to_id]).get(to_id, ())
            for found in self.hubspot.read_many(kind, [each for each in ids if each != id_], names).values():
                if all((found.properties.get(name) or "") == wanted.get(name, "") for name in names):
                    return True
        return False

    def _parties(self, kind: str, id_: str, contact_id: str) -> list[tuple[str, str]]:
        """Return everyone and everything else that the engagement is associated with."""
        return [
            (to_kind, to_id)
            for to_kind in PARTIES
            if (kind, to_kind) in ASSOCIATION_TYPES
            for to_id in self.hubspot.associated(kind, to_kind, [id_]).get(id_, ())
            if (to_kind, to_id) != ("contacts", contact_id)
        ]

    def _own_tickets(self, case: Case) -> list[str]:
        """Return the tickets of nobody else; those that carry a request stay until its period is over."""
        tickets = split(case.frozen.get("around", ())).get("tickets", [])
        alone = still_own(self.hubspot, [f"tickets/{id_}" for id_ in tickets], case.contact_id)
        requests = {f"tickets/{request.ticket_id}" for request in self.store.requests.of(case.contact_id)}
        return [ref for ref in alone if ref not in requests]

    def _files(self, refs: Iterable[str]) -> set[str]:
        """Return the ids of files attached to engagements, live or already archived by a broken run."""
        found: set[str] = set()
        for kind, ids in split(refs).items():
            for archived in (False, True):
                if kind in ENGAGEMENTS:
                    records = self.hubspot.read_many(kind, ids, (FILES,), archived=archived)
                    found |= {
                        part for r in records.values() for part in (r.properties.get(FILES) or "").split(";") if part
                    }
        return found

    def _still_told_of(self, case: Case, words: Words) -> list[str]:
        """Return the companies, deals and tickets whose text names the person: their history cannot be rewritten."""
        found = []
        for kind, ids in split(case.frozen.get("around", ())).items():
            records = self.hubspot.read_many(kind, ids, TEXTS[kind])
            found += [f"{kind}/{id_}" for id_, record in records.items() if _redacted(record, words.whole_only())]
        return found

    def _properties(self, kind: str) -> tuple[str, ...]:
        """Return what may be written on a kind of engagement, by the account's own definitions."""
        if kind not in self._writable:
            known = [each for each in self.hubspot.properties(kind) if _is_writable(each)]
            self._writable[kind] = tuple(str(each["name"]) for each in known)
        return self._writable[kind]


def _is_writable(definition: Mapping[str, Any]) -> bool:
    return not definition.get("calculated") and not (definition.get("modificationMetadata") or {}).get("readOnlyValue")


def _redacted(record: Record, words: Words) -> dict[str, str]:
    """Return the values that would change."""
    texts = {name: value for name, value in record.properties.items() if value and not value.isdigit()}
    masked = {name: redact(value, words) for name, value in texts.items()}
    return {name: value for name, value in masked.items() if value != texts[name]}

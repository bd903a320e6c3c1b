"""Make an engagement anew without one person, for those who share it, and archive the original.

It is never changed in place, since its history would keep the old text.  Killed anywhere and started again, the copy
is looked for before one is made: an outcome unknown is read, not repeated.  What holds a sensitive value is left to a
person: HubSpot drops such values from a write without saying so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm_gdpr.gate.redaction import IDENTIFYING, Words, redacted
from crm_gdpr.store import Store
from crm_gdpr.sync import HubSpot
from crm_gdpr.sync.errors import Forbidden, Refused
from crm_gdpr.sync.gather import Kinds
from crm_gdpr.sync.records import ASSOCIATION_TYPES, Record

PARTIES = ("contacts", "companies", "deals", "tickets")
FILES = "hs_attachment_ids"
IDS = ("hs_call_callee_object_id",)  # a property that holds the person's own id
LEVELS = ("sensitive", "highly_sensitive")
NOT_WORDS = (FILES, "hubspot_owner_id", "hs_timestamp")
Party = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Remaking:
    """Makes the engagements of one run anew."""

    hubspot: HubSpot
    store: Store
    kinds: Kinds
    _writable: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _sensitive: dict[str, tuple[str, ...] | None] = field(default_factory=dict)

    def each(self, refs: Iterable[str], contact_id: str, words: Words) -> tuple[list[str], list[str]]:
        """Return the originals that wait in the bin, and what HubSpot would not let us make anew."""
        waits, left = [], []
        for ref in refs:
            try:
                made = self._make(ref, contact_id, words)
            except Refused:
                made = None
            waits += [ref] if made else []
            left += [ref] if made is None else []
        return waits, left

    def hidden(self, refs: Iterable[str]) -> list[str]:
        """Return the kinds of these whose sensitive properties the app may not even know of."""
        kinds = {ref.partition("/")[0] for ref in refs}
        return sorted(f"sensitive {kind}" for kind in kinds if self.sensitive(kind) is None)

    def sensitive(self, kind: str) -> tuple[str, ...] | None:
        """Return the sensitive properties of a kind of record; None where the app lacks the scope."""
        if kind not in self._sensitive:
            try:
                known = [each for level in LEVELS for each in self.hubspot.sensitive_properties(kind, level)]
                self._sensitive[kind] = tuple(str(each["name"]) for each in known)
            except (Forbidden, Refused):
                self._sensitive[kind] = None
        return self._sensitive[kind]

    def properties(self, kind: str) -> tuple[str, ...]:
        """Return what may be written on a kind of record, by the account's own definitions."""
        if kind not in self._writable:
            known = [each for each in self.hubspot.properties(kind) if _is_writable(each)]
            self._writable[kind] = tuple(str(each["name"]) for each in known)
        return self._writable[kind]

    def _make(self, ref: str, contact_id: str, words: Words) -> bool | None:
        """Make one anew and archive the original; False when it does not name the person, None when it would lose."""
        kind, _, id_ = ref.partition("/")
        sensitive = self.sensitive(kind) or ()
        original = self.hubspot.read(kind, id_, (*self.properties(kind), *sensitive))
        if original is None:  # an earlier, broken run may have archived it
            return self.hubspot.read(kind, id_, (), archived=True) is not None
        parties = self._parties(kind, id_, contact_id)
        others = self.hubspot.read_many("contacts", [id_ for to, id_ in parties if to == "contacts"], IDENTIFYING)
        changed = changes(original, words.beside(other.properties for other in others.values()), contact_id)
        if not changed:
            return False
        if not parties:  # who shared it is in the bin too: a copy would be nobody's, and nobody would find it again
            self.hubspot.archive(kind, id_)
            return True
        if any(original.properties.get(name) for name in sensitive):
            return None
        values = {name: value for name, value in {**original.properties, **changed}.items() if value}
        wanted = {name: values[name] for name in self.properties(kind) if name in values}
        direct = [party for party in parties if (kind, party[0]) in ASSOCIATION_TYPES]
        copy = self._made(ref, contact_id, {name: wanted.get(name, "") for name in (*changed, "hs_timestamp")}, direct)
        if copy is None:
            copy = self.hubspot.create(kind, wanted, associations=direct).id
        for party in parties:
            if party not in direct:
                self.hubspot.associate(kind, copy, *party)
        self.store.cases.keep(contact_id, {"made": [f"{ref} {copy}"]})
        self.hubspot.archive(kind, id_)
        return True

    def _made(self, ref: str, contact_id: str, same: Mapping[str, str], parties: Iterable[Party]) -> str | None:
        """Return the copy that an earlier, broken run has made; one that begins here cannot have made any."""
        case = self.store.cases.of(contact_id)
        if case is None or ref not in case.frozen.get("begun", ()):
            self.store.cases.keep(contact_id, {"begun": [ref]})
            return None
        kind, _, id_ = ref.partition("/")
        copies = dict(line.split() for line in case.frozen.get("made", ()))
        if ref in copies and self.hubspot.read(kind, copies[ref], ()) is not None:
            return copies[ref]
        for to_kind, to_id in list(parties)[:1]:
            ids = self.hubspot.associated(to_kind, kind, [to_id]).get(to_id, ())
            new = [each for each in ids if each != id_ and each not in copies.values()]
            for found in self.hubspot.read_many(kind, new, tuple(same)).values():
                if all((found.properties.get(name) or "") == value for name, value in same.items()):
                    return found.id
        return None

    def _parties(self, kind: str, id_: str, contact_id: str) -> list[Party]:
        """Return everyone and everything else that the engagement is associated with."""
        around = [other for other in self.kinds.around if other not in PARTIES]
        return [
            (to_kind, to_id)
            for to_kind in (*PARTIES, *around)
            for to_id in self._associated(kind, to_kind, id_)
            if (to_kind, to_id) != ("contacts", contact_id)
        ]

    def _associated(self, kind: str, to_kind: str, id_: str) -> Iterable[str]:
        try:
            return self.hubspot.associated(kind, to_kind, [id_]).get(id_, ())
        except Refused:  # two kinds that HubSpot never associates
            if to_kind in PARTIES:
                raise
            return ()


def changes(record: Record, words: Words, contact_id: str) -> dict[str, str]:
    """Return the values that would change, the person's own id among them."""
    texts = {name: value for name, value in record.properties.items() if name not in NOT_WORDS}
    ids = {name: "" for name in IDS if record.properties.get(name) == contact_id}
    return {**redacted(texts, words), **ids}


def _is_writable(definition: Mapping[str, Any]) -> bool:
    return not definition.get("calculated") and not (definition.get("modificationMetadata") or {}).get("readOnlyValue")

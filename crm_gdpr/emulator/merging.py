"""Merging: two records become one, which keeps the history, the associations and the old ids of both.

The primary record's values win and the other's fill the gaps, except that the earliest creation and the furthest
lifecycle stage are kept; by a switch the newest value of each property wins, but for the address. Another says whether
the survivor gets a new id (as HubSpot does now) or the primary's.
"""

from collections.abc import Iterable

from crm_gdpr.emulator.account import Event, locked
from crm_gdpr.emulator.actor import SALES, Actor
from crm_gdpr.emulator.bin import Bin
from crm_gdpr.emulator.errors import Malformed, TooMany
from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.records import Record, Version
from crm_gdpr.emulator.unique import ADDITIONAL

MOST_IDENTITIES = 250
_MERGED = "hs_merged_object_ids"


class Merging(Bin):
    """Adds the merge. It cannot be undone."""

    @locked
    def merge(self, kind: str, primary_id: int | str, other_id: int | str, *, actor: Actor = SALES) -> Record:
        """Merge the other record into the primary one and return what has become of both."""
        primary, other = self.record(kind, int(primary_id)), self.record(kind, int(other_id))
        if primary is other:
            raise Malformed(f"Cannot merge {self.kinds[kind].singular} {primary.id} into itself")
        if len(_old_ids(primary)) + len(_old_ids(other)) + 2 > MOST_IDENTITIES:
            raise TooMany(f"Cannot have more than {MOST_IDENTITIES} identities on a profile")
        moved = [n for n in other.properties if n not in primary.properties and not self._is_kept_by_hubspot(kind, n)]
        for record in (primary, other):
            self.live[kind].take(record.id)
            self._unindex(record)
        survivor = self._survivor(primary, other, actor)
        self.live[kind].put(survivor)
        self._index(survivor)
        self._move_associations(primary, other, survivor)
        self._tell_of_merge(primary, other, survivor, len(moved), actor)
        return survivor

    def _is_kept_by_hubspot(self, kind: str, name: str) -> bool:
        return self.catalogues[kind].get(name).read_only

    def _survivor(self, primary: Record, other: Record, actor: Actor) -> Record:
        new = self.switches.merge_makes_new_record
        now_ms, created_ms = self.clock.now_ms(), min(primary.created_ms, other.created_ms)
        survivor = Record(
            primary.kind,
            next(self._ids) if new else primary.id,
            created_ms,
            now_ms,
            primary.actor,
            self._values(primary, other),
        )
        survivor.recall(_histories(primary, other, survivor, now_ms, actor))
        old_ids = [*_old_ids(primary), *_old_ids(other), *([primary.id] if new else []), other.id]
        for old in old_ids:
            self.merged[survivor.kind, old] = survivor.id
        created = {self.kinds[survivor.kind].created: text(created_ms), "hs_createdate": text(created_ms)}
        survivor.note({**created, **_identity(survivor, old_ids, other, now_ms)})
        self._stamp(survivor, now_ms)
        self._expect(survivor)
        return survivor

    def _values(self, primary: Record, other: Record) -> dict[str, str]:
        values = {**other.properties, **primary.properties}
        if self.switches.merge_keeps == "newest":
            both = (primary.properties.keys() & other.properties.keys()) - {"email"}
            values |= {
                name: max((primary.history(name)[0], other.history(name)[0]), key=_moment).value for name in both
            }
        stages = [r.properties["lifecyclestage"] for r in (primary, other) if "lifecyclestage" in r.properties]
        if stages:
            values["lifecyclestage"] = max(stages, key=lambda stage: self._how_far(primary.kind, stage))
        if primary.kind == "contacts":
            values[ADDITIONAL] = ";".join(_addresses_beside(values.get("email", ""), primary, other))
        return {name: value for name, value in values.items() if value}

    def _move_associations(self, primary: Record, other: Record, survivor: Record) -> None:
        """The primary record's primary company stays primary; the other's stays as a company."""
        node, old = (survivor.kind, survivor.id), [(primary.kind, primary.id), (other.kind, other.id)]
        for one in old:
            linked = [(there, types) for there, types in self.links.everything(one) if there not in old]
            if one != node:
                self.links.forget(one)
            for there, types in linked:
                for type_id in types:
                    known = self.type_between(node[0], there[0], type_id)
                    if not known.is_primary or there[0] != "companies" or self.primary_company(node) is None:
                        self.links.add(node, there, known)
                self._company_property(there)
        self._company_property(node)
        self._recount(node)
        self._recount_around(node)

    def _tell_of_merge(self, primary: Record, other: Record, survivor: Record, moved: int, actor: Actor) -> None:
        if self.kinds[survivor.kind].is_told:
            details = {
                "primaryObjectId": primary.id,
                "mergedObjectIds": [other.id],
                "newObjectId": survivor.id if survivor.id != primary.id else None,
                "numberOfPropertiesMoved": moved,
            }
            self.tell(Event(survivor.kind, "merge", primary.id, survivor.updated_ms, actor, details))


def _moment(version: Version) -> int:
    return version.at_ms


def _old_ids(record: Record) -> list[int]:
    return [int(old) for old in record.properties.get(_MERGED, "").split(";") if old]


def _identity(survivor: Record, old_ids: list[int], other: Record, now_ms: int) -> dict[str, str]:
    """How a survivor names what it was made of."""
    listed = ";".join(str(old) for old in old_ids)
    named = {"hs_object_id": str(survivor.id), _MERGED: listed}
    if survivor.kind == "contacts":
        before = survivor.properties.get("hs_calculated_merged_vids", "")
        vids = [*before.split(";"), *other.properties.get("hs_calculated_merged_vids", "").split(";")]
        known = dict(vid.split(":") for vid in vids if vid)
        stamped = {str(old): known.get(str(old), str(now_ms)) for old in old_ids}
        named["hs_calculated_merged_vids"] = ";".join(f"{old}:{at}" for old, at in stamped.items())
        named["hs_all_contact_vids"] = f"{survivor.id};{listed}"
    return named


def _addresses_beside(first: str, *records: Record) -> Iterable[str]:
    """Every address of both, but the one that stays the first, each once."""
    listed = [a for r in records for a in (r.properties.get("email", ""), *r.properties.get(ADDITIONAL, "").split(";"))]
    return dict.fromkeys(address for address in listed if address and address != first)


def _histories(
    primary: Record, other: Record, survivor: Record, now_ms: int, actor: Actor
) -> dict[str, tuple[Version, ...]]:
    """Both histories in one, newest first; a value that is not the newest is written anew by the merge."""
    found = {}
    for name in {*primary.properties, *other.properties}:
        both = sorted((*primary.history(name), *other.history(name)), key=lambda one: one.at_ms, reverse=True)
        kept = survivor.properties.get(name, "")
        found[name] = tuple(both) if both[0].value == kept else (Version(kept, now_ms, actor), *both)
    return found

"""The recycle bin: archived for 90 days, restorable by people, then gone for good. And erasure, which skips it."""

from collections.abc import Iterable

from crm_gdpr.emulator.account import Event, locked
from crm_gdpr.emulator.actor import SALES, Actor
from crm_gdpr.emulator.errors import Malformed, NotFound, Taken
from crm_gdpr.emulator.instants import DAY_MS
from crm_gdpr.emulator.objects import Objects
from crm_gdpr.emulator.records import Record
from crm_gdpr.emulator.unique import held

_DELETED = {"changeFlag": "DELETED"}


class Bin(Objects):
    """Archive, restore, empty, and delete permanently."""

    @locked
    def archive(self, kind: str, id_: int | str, *, actor: Actor = SALES) -> None:
        """Put a live record in the bin. Its associations are hidden, the records around it stay."""
        record = self.record(kind, int(id_))
        self.live[kind].take(record.id)
        self._unindex(record)
        record.archived_ms = self.clock.now_ms()
        self._stamp(record, record.archived_ms)
        self.bin[kind].put(record)
        self._recount_around((kind, record.id))
        if self.kinds[kind].is_told:
            self.tell(Event(kind, "deletion", record.id, record.archived_ms, actor, _DELETED))

    @locked
    def restore(self, kind: str, id_: int | str, *, actor: Actor = SALES) -> Record:
        """Bring a record back with its associations, unless its address has a new owner meanwhile."""
        record = self._binned(kind, int(id_))
        for name in self.catalogues[kind].unique:
            for value in held(record, name):
                holder = self._holders.get(kind, name, value)
                if holder is not None:
                    raise Taken(f"{self.kinds[kind].singular.capitalize()} already exists. Existing ID: {holder}")
        self.bin[kind].take(record.id)
        record.archived_ms = None
        self.live[kind].put(record)
        self._index(record)
        self._stamp(record, self.clock.now_ms())
        self._recount((kind, record.id))
        self._recount_around((kind, record.id))
        if self.kinds[kind].is_told:
            self.tell(Event(kind, "restore", record.id, record.updated_ms, actor, {"changeFlag": "CREATED"}))
        return record

    @locked
    def gdpr_delete(self, value: str, by: str | None = None, *, actor: Actor) -> None:
        """Delete a contact permanently and block its addresses; by e-mail, an unknown address is blocked too."""
        if by not in (None, "hs_object_id", "email"):
            raise Malformed(f"idProperty {by} is not supported; use email")
        merged = self.switches.merged_ids_everywhere
        try:
            record = self.find("contacts", value, by, merged=merged)
        except NotFound:
            if by == "email":
                self.blocklist.add(value.strip().lower())
                return
            record = self._erasable(value, merged=merged)
        self._erase(record, actor)

    @locked
    def empty_bin(self) -> None:
        """Purge what has been in the bin for its full time: records, and properties with their values."""
        oldest = self.clock.now_ms() - self.switches.bin_days * DAY_MS
        for kind, shelf in self.bin.items():
            for record in _older(shelf, oldest):
                shelf.take(record.id)
                self._gone(record.kind, record.id)
            for name in self.catalogues[kind].purge(oldest):
                for record in (*self.live[kind], *shelf):
                    record.drop(name)

    @locked
    def tick(self) -> None:
        """Do what time alone does: empty the bin, and let what lay ahead become past."""
        self._arrive()
        self.empty_bin()

    def _gone(self, kind: str, id_: int) -> None:
        """A record has left for good, by the bin or by erasure: nothing may point at it any more."""
        self.links.forget((kind, id_))

    def _erase(self, record: Record, actor: Actor) -> None:
        was_live = record.archived_ms is None
        node = ("contacts", record.id)
        (self.live if was_live else self.bin)["contacts"].take(record.id)
        if was_live:
            self._unindex(record)
        around = [neighbour for neighbour, _types in self.links.everything(node)]
        self._gone(*node)
        for neighbour in around:
            self._recount(neighbour)
        self.blocklist.update(addresses(record))
        at_ms = self.clock.now_ms()
        if was_live:
            self.tell(Event("contacts", "deletion", record.id, at_ms, actor, _DELETED))
        self.tell(Event("contacts", "privacyDeletion", record.id, at_ms, actor))

    def _erasable(self, value: str, *, merged: bool) -> Record:
        """Undocumented: what gdpr-delete does to a record in the recycle bin. A switch decides."""
        record = self.find("contacts", value, archived=True, merged=merged)
        if self.switches.purge_archived != "accept":
            raise NotFound("contact", value)
        return record

    def _binned(self, kind: str, id_: int) -> Record:
        record = self.bin[kind].get(id_)
        if record is None:
            raise NotFound(f"{kind} in the recycle bin", id_)
        return record


def _older(records: Iterable[Record], oldest_ms: int) -> list[Record]:
    return [r for r in records if r.archived_ms is not None and r.archived_ms <= oldest_ms]


def addresses(record: Record) -> set[str]:
    return set(held(record, "email"))

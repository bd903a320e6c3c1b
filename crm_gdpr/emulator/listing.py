"""Lists kept, filled and followed; what is archived is hidden from them, what is gone for good has left them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from crm_gdpr.emulator.account import locked
from crm_gdpr.emulator.actor import SALES, Actor
from crm_gdpr.emulator.bin import Bin
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.instants import DAY_MS
from crm_gdpr.emulator.list_filters import branch_test, normalised
from crm_gdpr.emulator.lists import DYNAMIC, SNAPSHOT, List, Lists, NewList

RESTORABLE_DAYS = 90


class Listing(Bin):
    """Create, change, delete and restore lists; put records in and take them out."""

    def _empty(self) -> None:
        super()._empty()
        self.lists = Lists()

    @locked
    def add_list(self, new: NewList, *, actor: Actor = SALES) -> List:
        """Filters that cannot be judged are refused here. A snapshot is filled once and kept by hand from then on."""
        if new.filter:
            branch_test(self, new.kind, new.filter)
            new = replace(new, filter=normalised(new.filter))
        made = self.lists.create(new, self.clock.now_ms(), str(actor.user_id or ""))
        if new.filter and new.processing in (SNAPSHOT, DYNAMIC):
            made.fill(self._fitting(made), made.created_ms)
        return made

    @locked
    def set_list_filter(self, id_: object, branch: Any) -> List:
        found = self.lists.get(id_)
        if not found.follows:
            raise Malformed(f"The filters of list {id_} cannot be changed: its processingType is not DYNAMIC")
        branch_test(self, found.new.kind, branch)
        found.new = replace(found.new, filter=normalised(branch))
        found.filters_ms = found.updated_ms = self.clock.now_ms()
        return found

    @locked
    def list_members(self, id_: object) -> dict[int, int]:
        """Live records of a list, each with the moment it joined."""
        found = self.lists.get(id_)
        if found.follows:
            found.fill(self._fitting(found), self.clock.now_ms())
        self._follow_merges(found)
        shelf = self.live[found.new.kind]
        return {record_id: joined.last_ms for record_id, joined in found.members.items() if record_id in shelf}

    @locked
    def add_to_list(self, id_: object, record_ids: Iterable[int]) -> tuple[list[int], list[int]]:
        """Return who was added, and who does not exist."""
        found, given = self.lists.get(id_), list(record_ids)
        found.editable()
        missing = [one for one in given if one not in self.live[found.new.kind]]
        return found.add([one for one in given if one not in missing], self.clock.now_ms()), missing

    @locked
    def remove_from_list(self, id_: object, record_ids: Iterable[int]) -> tuple[list[int], list[int]]:
        """Return who was removed, and who does not exist."""
        found, given = self.lists.get(id_), list(record_ids)
        found.editable()
        missing = [one for one in given if one not in self.live[found.new.kind] and one not in found.members]
        return found.remove(given, self.clock.now_ms()), missing

    @locked
    def delete_list(self, id_: object) -> None:
        self.lists.get(id_).deleted_ms = self.clock.now_ms()

    @locked
    def lists_of(self, kind: str, record_id: int) -> list[List]:
        """The lists a live record is in."""
        candidates = [one for one in self.lists.live() if one.new.kind == kind]
        return [one for one in candidates if record_id in self.list_members(one.id)]

    @locked
    def tick(self) -> None:
        super().tick()
        self.lists.purge(self.clock.now_ms() - RESTORABLE_DAYS * DAY_MS)

    def _follow_merges(self, found: List) -> None:
        """Whoever was merged is in the list as the record that came of it."""
        for record_id in [one for one in found.members if (found.new.kind, one) in self.merged]:
            joined = found.members.pop(record_id)
            found.members.setdefault(self.heir(found.new.kind, record_id), joined)

    def _gone(self, kind: str, id_: int) -> None:
        super()._gone(kind, id_)
        if self.lists.by_id:
            self.lists.forget(kind, self.ids_of(kind, id_))

    def _fitting(self, found: List) -> list[int]:
        test = branch_test(self, found.new.kind, found.new.filter)
        return [record.id for record in self.live[found.new.kind] if test(record)]

"""Lists of records: kept by hand, filled once, or following their filters. State and rules; the account brings time.

A list that follows its filters is judged anew whenever somebody looks, so a member's join time is the moment it was
first seen to belong.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from crm_gdpr.emulator.errors import Malformed, NotFound, Taken
from crm_gdpr.emulator.records import id_number

MANUAL, SNAPSHOT, DYNAMIC = "MANUAL", "SNAPSHOT", "DYNAMIC"
PROCESSING_TYPES = (MANUAL, SNAPSHOT, DYNAMIC)


class ListNotFound(NotFound):
    """In the words HubSpot was recorded to use."""

    context, sub_category = "listId", "ListError.LIST_ID_DOES_NOT_EXIST"

    def __init__(self, key: object) -> None:
        super().__init__("List", key)
        self.args = (f"List does not exist with ID {key}.",)


@dataclass(frozen=True)
class Joined:
    first_ms: int
    last_ms: int


@dataclass(frozen=True)
class NewList:
    """What a list is made of."""

    name: str
    kind: str
    processing: str = MANUAL
    filter: Any = None


@dataclass
class List:
    """One list with its members by record id."""

    id: int
    new: NewList
    created_ms: int
    updated_ms: int
    filters_ms: int
    by_user: str = ""
    deleted_ms: int | None = None
    members: dict[int, Joined] = field(default_factory=dict)
    removed_ms: int | None = None

    @property
    def name(self) -> str:
        return self.new.name

    @property
    def follows(self) -> bool:
        return self.new.processing == DYNAMIC

    def add(self, ids: Iterable[int], at_ms: int) -> list[int]:
        """Return who was not there before."""
        added = [id_ for id_ in dict.fromkeys(ids) if id_ not in self.members]
        for id_ in added:
            self.members[id_] = Joined(at_ms, at_ms)
        return added

    def remove(self, ids: Iterable[int], at_ms: int) -> list[int]:
        removed = [id_ for id_ in dict.fromkeys(ids) if self.members.pop(id_, None)]
        self.removed_ms = at_ms if removed else self.removed_ms
        return removed

    def fill(self, ids: Iterable[int], at_ms: int) -> None:
        """Exactly these belong now."""
        wanted = set(ids)
        self.remove([id_ for id_ in self.members if id_ not in wanted], at_ms)
        self.add(sorted(wanted), at_ms)

    def editable(self) -> None:
        if self.follows:
            raise Malformed(f"Records cannot be added to or removed from list {self.id}: its processingType is DYNAMIC")


@dataclass
class Lists:
    """All lists of the account, the deleted ones too for as long as they can be restored."""

    by_id: dict[int, List] = field(default_factory=dict)
    made: int = 0

    def live(self) -> list[List]:
        return [one for one in self.by_id.values() if one.deleted_ms is None]

    def get(self, id_: object) -> List:
        found = self.by_id.get(id_number(id_))
        if found is None or found.deleted_ms is not None:
            raise ListNotFound(id_)
        return found

    def named(self, name: str, kind: str) -> List:
        """Upper and lower case are the same here."""
        for one in self.live():
            if (one.name.lower(), one.new.kind) == (name.lower(), kind):
                return one
        raise ListNotFound(name)

    def create(self, new: NewList, at_ms: int, by_user: str) -> List:
        if new.processing not in PROCESSING_TYPES:
            raise Malformed(f"processingType is one of {', '.join(PROCESSING_TYPES)}, not {new.processing}")
        if new.processing == DYNAMIC and not new.filter:
            raise Malformed("A DYNAMIC list needs a filterBranch")
        if not new.name.strip():
            raise Malformed("A list needs a name")
        self.free(new.name)
        self.made += 1
        made = List(self.made, new, at_ms, at_ms, at_ms, by_user)
        self.by_id[made.id] = made
        return made

    def rename(self, id_: object, name: str, at_ms: int) -> List:
        found = self.get(id_)
        if name.lower() != found.name.lower():
            self.free(name)
        found.new, found.updated_ms = replace(found.new, name=name), at_ms
        return found

    def restore(self, id_: object) -> None:
        found = self.by_id.get(id_number(id_))
        if found is None:
            raise ListNotFound(id_)
        if found.deleted_ms is not None:
            self.free(found.name)
        found.deleted_ms = None

    def free(self, name: str) -> None:
        if any(one.name.lower() == name.lower() for one in self.live()):
            raise Taken(f"A list named {name} already exists")

    def purge(self, oldest_ms: int) -> None:
        """Drop what was deleted too long ago to be restored."""
        for one in [one for one in self.by_id.values() if one.deleted_ms is not None and one.deleted_ms <= oldest_ms]:
            del self.by_id[one.id]

    def forget(self, kind: str, record_ids: Iterable[int]) -> None:
        """A record that is gone for good is in no list."""
        for one in self.by_id.values():
            for record_id in record_ids if one.new.kind == kind else ():
                one.members.pop(record_id, None)

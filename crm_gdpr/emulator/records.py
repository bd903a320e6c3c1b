"""One record with its history, and the shelf that keeps records of one object type in order of id."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from crm_gdpr.emulator.actor import Actor


@dataclass(frozen=True, slots=True)
class Version:
    """One value a property has had. An empty value is a clearing."""

    value: str
    at_ms: int
    actor: Actor


@dataclass(slots=True)
class Record:
    """A row of the account. ``properties`` holds what has a value; everything else reads as null."""

    kind: str
    id: int
    created_ms: int
    updated_ms: int
    actor: Actor
    properties: dict[str, str]
    archived_ms: int | None = None
    _past: dict[str, tuple[Version, ...]] = field(default_factory=dict)

    def __reduce__(self) -> tuple[type["Record"], tuple[object, ...]]:
        """Half the size and time of what a snapshot would do by itself."""
        stamps = (self.created_ms, self.updated_ms, self.actor, self.properties, self.archived_ms, self._past)
        return Record, (self.kind, self.id, *stamps)

    def history(self, name: str) -> tuple[Version, ...]:
        """Every value, newest first. What was there from the start is kept only once it has changed."""
        if name in self._past:
            return self._past[name]
        value = self.properties.get(name)
        return (Version(value, self.created_ms, self.actor),) if value is not None else ()

    def write(self, changes: Mapping[str, str], at_ms: int, actor: Actor) -> list[str]:
        """Store what differs, with its history, and say which names changed."""
        changed = [name for name, value in changes.items() if self.properties.get(name, "") != value]
        for name in changed:
            self._past[name] = (Version(changes[name], at_ms, actor), *self.history(name))
            self._set(name, changes[name])
        if changed:
            self.updated_ms = at_ms
        return changed

    def recall(self, past: Mapping[str, tuple[Version, ...]]) -> None:
        """Take over histories, newest first, as a merge does."""
        self._past.update(past)

    def note(self, values: Mapping[str, str]) -> None:
        """Store without history: what HubSpot keeps up to date by itself."""
        for name, value in values.items():
            self._set(name, value)

    def drop(self, name: str) -> None:
        """Let go of a property with its history."""
        self.properties.pop(name, None)
        self._past.pop(name, None)

    def _set(self, name: str, value: str) -> None:
        if value == "":
            self.properties.pop(name, None)
        else:
            self.properties[name] = value


def id_number(id_: object) -> int:
    """Ids compare as numbers, whoever writes them; what is no number is the id of nobody."""
    given = str(id_)
    return int(given) if given.isascii() and given.isdigit() else -1


class Ids:
    """The numbers that new things of an account get: ``next`` of it."""

    def __init__(self, first: int) -> None:
        self._coming = first

    def __next__(self) -> int:
        self._coming += 1
        return self._coming - 1


class Shelf:
    """Records by id, listed in order of id from any starting point."""

    def __init__(self) -> None:
        self.by_id: dict[int, Record] = {}
        self._order: list[int] = []

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Record]:
        return (self.by_id[id_] for id_ in self._order)

    def __contains__(self, id_: int) -> bool:
        return id_ in self.by_id

    def get(self, id_: int) -> Record | None:
        return self.by_id.get(id_)

    def put(self, record: Record) -> None:
        self.by_id[record.id] = record
        if self._order and record.id < self._order[-1]:
            insort(self._order, record.id)
        else:
            self._order.append(record.id)

    def take(self, id_: int) -> Record:
        del self._order[bisect_left(self._order, id_)]
        return self.by_id.pop(id_)

    def page(self, after: int, limit: int) -> list[Record]:
        """Up to ``limit`` records whose id is ``after`` or more."""
        start = bisect_left(self._order, after)
        return [self.by_id[id_] for id_ in islice(self._order, start, start + limit)]

    def beyond(self, id_: int) -> bool:
        return bool(self._order) and self._order[-1] > id_

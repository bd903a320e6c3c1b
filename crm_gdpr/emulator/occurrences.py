"""What people did: page views and other events, by the record they are about. State only."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

PAGE_VIEW = "e_visited_page"


@dataclass(frozen=True)
class Occurrence:
    id: str
    type: str
    kind: str
    object_id: int
    at_ms: int
    properties: Mapping[str, str]


@dataclass
class EventLog:
    """Events in the order they were told of."""

    events: list[Occurrence] = field(default_factory=list)
    made: int = 0

    def add(self, type_: str, kind: str, object_id: int, at_ms: int, properties: Mapping[str, str]) -> Occurrence:
        self.made += 1
        id_ = f"{self.made:08x}-0000-4000-8000-{object_id:012x}"
        added = Occurrence(id_, type_, kind, object_id, at_ms, dict(properties))
        self.events.append(added)
        return added

    def types(self) -> list[str]:
        return sorted({PAGE_VIEW, *(one.type for one in self.events)})

    def forget(self, kind: str, object_ids: Container[int]) -> None:
        self.events = [one for one in self.events if one.kind != kind or one.object_id not in object_ids]

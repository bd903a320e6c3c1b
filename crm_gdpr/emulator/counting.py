"""When the activity roll-ups of a record are calculated: at once, at the end of a bulk, late, or when a day comes."""

import heapq
from collections.abc import Iterator
from contextlib import contextmanager

from crm_gdpr.emulator.account import Account
from crm_gdpr.emulator.instants import to_ms
from crm_gdpr.emulator.kinds import ACTIVITIES
from crm_gdpr.emulator.links import Node
from crm_gdpr.emulator.records import Record
from crm_gdpr.emulator.rollups import activity_rollup

_COUNTED = {
    "num_associated_contacts": "contacts",
    "num_associated_deals": "deals",
    "hs_num_associated_companies": "companies",
}


class Counting(Account):
    """Keeps calculated properties in step with what they count."""

    def _empty(self) -> None:
        super()._empty()
        self._coming: list[tuple[int, str, int]] = []
        self._late: list[tuple[int, str, int]] = []
        self._postponed: set[Node] | None = None

    @property
    def in_bulk(self) -> bool:
        return self._postponed is not None

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """Take new records as they are, text for text, and count roll-ups once at the end."""
        self._postponed = set()
        try:
            yield
        finally:
            nodes, self._postponed = self._postponed, None
            for kind, id_ in nodes:
                if record := self.live[kind].get(id_):
                    record.note(self._rolled_up(record))

    def _recount(self, node: Node) -> None:
        """Calculate the activity roll-ups of one contact, company, deal or ticket, when it is time to."""
        if self.kinds[node[0]].is_activity:
            return
        if self._postponed is not None:
            self._postponed.add(node)
        elif self.switches.rollup_lag_ms:
            heapq.heappush(self._late, (self.clock.now_ms() + self.switches.rollup_lag_ms, *node))
        else:
            self._count(node)

    def _count(self, node: Node) -> None:
        record = self.live[node[0]].get(node[1])
        if record is not None:
            self._calculate(record, self._rolled_up(record))

    def _rolled_up(self, record: Record) -> dict[str, str]:
        activities = [
            self.live[kind.name].get(id_) for kind in ACTIVITIES for id_ in self.associated(record, kind.name)
        ]
        present = [activity for activity in activities if activity]
        counted = activity_rollup(present, self.clock.now_ms(), record.properties, self._chats(record))
        values = {**counted, **self._neighbours(record)}
        known = self.catalogues[record.kind].properties
        return {name: value for name, value in values.items() if name in known}

    def _chats(self, record: Record) -> list[int]:
        """The moments of chats, which are no engagements and count all the same."""
        return []

    def _neighbours(self, record: Record) -> dict[str, str]:
        known = self.catalogues[record.kind].properties
        return {name: str(len(self.associated(record, of))) for name, of in _COUNTED.items() if name in known}

    def _recount_around(self, node: Node) -> None:
        for neighbour, _types in list(self.links.everything(node)):
            self._recount(neighbour)

    def _expect(self, record: Record) -> None:
        """Remember an activity that lies ahead, so that its day is noticed when it comes."""
        moment = record.properties.get("hs_timestamp")
        if moment and self.kinds[record.kind].is_activity and to_ms(moment) > self.clock.now_ms():
            heapq.heappush(self._coming, (to_ms(moment), record.kind, record.id))

    def _arrive(self) -> None:
        """Count the activities whose moment has come, and what was left for later."""
        while self._coming and self._coming[0][0] <= self.clock.now_ms():
            _at, kind, id_ = heapq.heappop(self._coming)
            self._recount_around((kind, id_))
        while self._late and self._late[0][0] <= self.clock.now_ms():
            _at, kind, id_ = heapq.heappop(self._late)
            self._count((kind, id_))

"""The state of one HubSpot account and the small moves everything else is made of.

``Account`` holds records, bin, associations, definitions and clock. ``associating``, ``objects``, ``bin`` and
``portal`` each add one subject on top of it; none of them knows HTTP.
"""

import heapq
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar, cast

from crm_gdpr.emulator.actor import Actor
from crm_gdpr.emulator.association_types import AssociationTypes
from crm_gdpr.emulator.errors import NotFound
from crm_gdpr.emulator.instants import Clock, text, to_ms
from crm_gdpr.emulator.kinds import ACTIVITIES, KINDS, Kinds
from crm_gdpr.emulator.lagging import Lagging
from crm_gdpr.emulator.links import Links, Node
from crm_gdpr.emulator.properties import Catalogue, hubspot_catalogues
from crm_gdpr.emulator.records import Ids, Record, Shelf
from crm_gdpr.emulator.rollups import activity_rollup
from crm_gdpr.emulator.stages import first_pipelines
from crm_gdpr.emulator.switches import Switches
from crm_gdpr.emulator.unique import Holders

START = "2026-11-02T08:00:00Z"
FIRST_ID = 100_001

Method = TypeVar("Method", bound=Callable[..., Any])


def locked(method: Method) -> Method:
    """One caller at a time: requests, pages, tests and the sender of webhooks share the account."""

    @wraps(method)
    def inside(self: "Account", *args: Any, **kwargs: Any) -> Any:
        with self.lock:
            return method(self, *args, **kwargs)

    return cast(Method, inside)


@dataclass(frozen=True)
class Event:
    """Something an app could be told of."""

    kind: str
    what: str
    id: int
    at_ms: int
    actor: Actor
    details: Mapping[str, object] = field(default_factory=dict)
    association: tuple[str, int] | None = None
    """Of a changed association: the other end's object type, and the association type seen from here."""


@dataclass(frozen=True)
class Owner:
    """A user whom records can be assigned to."""

    id: str
    email: str
    first_name: str
    last_name: str
    user_id: int


class Account:
    """Everything the account remembers."""

    def __init__(self, *, now: str = START, portal_id: int = 26_000_001, app_id: int = 4_200_001) -> None:
        self.lock = threading.RLock()
        self.portal_id = portal_id
        self.app_id = app_id
        self.listeners: list[Callable[[Event], None]] = []
        self.start = now
        self._empty()

    def _empty(self) -> None:
        self.clock = Clock(self.start)
        self.kinds = Kinds()
        self.live = {name: Shelf() for name in KINDS}
        self.bin = {name: Shelf() for name in KINDS}
        self.types = AssociationTypes()
        self.links = Links(self.types)
        self.lagging = Lagging()
        self.catalogues = hubspot_catalogues()
        self.switches = Switches()
        self.owners: dict[str, Owner] = {}
        self.blocklist: set[str] = set()
        self.cast: dict[str, Any] = {}
        self.merged: dict[Node, int] = {}
        self._holders = Holders()
        self.pipelines = first_pipelines()
        self.pipeline_log: list[Any] = []
        self._ids = Ids(FIRST_ID)
        self._type_ids = Ids(1_001)
        self._schema_ids = Ids(3_000_001)
        self._coming: list[tuple[int, str, int]] = []
        self._late: list[tuple[int, str, int]] = []
        self._postponed: set[Node] | None = None

    def catalogue(self, kind: str) -> Catalogue:
        return self.catalogues[kind]

    def record(self, kind: str, id_: int) -> Record:
        """A live record; one in the recycle bin is not found."""
        found = self.live[kind].get(id_)
        if found is None:
            raise NotFound(self.kinds[kind].singular, id_)
        return found

    def heir(self, kind: str, id_: int) -> int:
        """The id a merged record lives on under; any other id is its own."""
        while (kind, id_) in self.merged:
            id_ = self.merged[kind, id_]
        return id_

    def associated(self, record: Record, to_kind: str) -> dict[int, tuple[int, ...]]:
        """Live neighbours only: associations of an archived record are hidden until it is restored."""
        if record.archived_ms is not None:
            return {}
        live, linked = self.live[to_kind].by_id, self.links.of((record.kind, record.id), to_kind)
        return {id_: types for id_, types in linked.items() if id_ in live} if linked else {}

    def indexed(self, record: Record, to_kind: str) -> dict[int, tuple[int, ...]]:
        """Neighbours as the API shows them, which may be a little late (``association_lag_ms``)."""
        present = self.associated(record, to_kind)
        if not self.switches.association_lag_ms:
            return present
        return self.lagging.seen((record.kind, record.id), to_kind, present, self.clock.now_ms())

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

    def tell(self, event: Event) -> None:
        for listener in self.listeners:
            listener(event)

    def _calculate(self, record: Record, values: Mapping[str, str]) -> None:
        """Keep calculated properties up to date: this moves the last-modified date and tells nobody."""
        known = self.catalogues[record.kind].properties
        changed = {
            name: value for name, value in values.items() if name in known and record.properties.get(name, "") != value
        }
        if changed:
            record.note(changed)
            self._stamp(record, self.clock.now_ms())

    def _stamp(self, record: Record, at_ms: int) -> None:
        record.updated_ms = max(at_ms, record.updated_ms)
        at = text(record.updated_ms)
        record.properties[self.kinds[record.kind].modified] = at
        record.properties["hs_lastmodifieddate"] = at

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
        values = {**activity_rollup(present, self.clock.now_ms()), **self._neighbours(record)}
        known = self.catalogues[record.kind].properties
        return {name: value for name, value in values.items() if name in known}

    def _neighbours(self, record: Record) -> dict[str, str]:
        counts = {"num_associated_contacts": "contacts", "num_associated_deals": "deals"}
        return {name: str(len(self.associated(record, of))) for name, of in counts.items()}

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

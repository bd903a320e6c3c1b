"""The state of one HubSpot account and the small moves everything else is made of.

``Account`` holds records, bin, associations, definitions and clock. ``counting``, ``pipelines``, ``associating``,
``objects``, ``bin``, ``merging`` and ``portal`` each add one subject on top of it; none of them knows HTTP.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar, cast

from crm_gdpr.emulator.actor import Actor
from crm_gdpr.emulator.association_types import AssociationTypes
from crm_gdpr.emulator.catalogues import hubspot_catalogues
from crm_gdpr.emulator.errors import NotFound, UnknownKind
from crm_gdpr.emulator.instants import Clock, text
from crm_gdpr.emulator.kind import Kind
from crm_gdpr.emulator.kinds import KINDS, Kinds
from crm_gdpr.emulator.lagging import Lagging
from crm_gdpr.emulator.links import Links, Node
from crm_gdpr.emulator.properties import Catalogue
from crm_gdpr.emulator.records import Ids, Record, Shelf
from crm_gdpr.emulator.requirements import Requirement
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
    association: tuple[str, int, str] | None = None
    """Of a changed association: the other end's object type, the association type seen from here, its category."""


@dataclass(frozen=True)
class Owner:
    """A user whom records can be assigned to."""

    id: str
    email: str
    first_name: str
    last_name: str
    user_id: int
    archived: bool = False


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
        self.requirements: list[Requirement] = []
        self.cast: dict[str, Any] = {}
        self.merged: dict[Node, int] = {}
        self._holders = Holders()
        self.pipelines = first_pipelines()
        self.pipeline_log: list[Any] = []
        self._ids = Ids(FIRST_ID)
        self._type_ids = Ids(1_001)
        self._schema_ids = Ids(3_000_001)

    def catalogue(self, kind: str) -> Catalogue:
        return self.catalogues[kind]

    def kind(self, alias: str) -> Kind:
        """An object type this account has, by any of its names."""
        found = self.kinds.of(alias)
        if found.name in self.switches.without_types.split(";"):
            raise UnknownKind(alias)
        return found

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

    def ids_of(self, kind: str, id_: int) -> set[int]:
        """The id of a record, and every id that was merged into it."""
        return {id_, *(old for of, old in self.merged if of == kind and self.heir(kind, old) == id_)}

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

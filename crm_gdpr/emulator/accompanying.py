"""By a switch, what was logged with nobody else goes into the bin with its record and comes back or is erased with it.

HubSpot's help says that activities are deleted with the record, and that some stay: what another record has, and
calls and tasks, on pages of their own. Without the switch all of them stay, associated with nobody.
"""

from crm_gdpr.emulator.account import locked
from crm_gdpr.emulator.actor import SALES, Actor
from crm_gdpr.emulator.bin import Bin
from crm_gdpr.emulator.links import Node
from crm_gdpr.emulator.records import Record

_STAYING = frozenset({"calls", "tasks"})


class Accompanying(Bin):
    """Knows which activities went along with which record."""

    def _empty(self) -> None:
        super()._empty()
        self.companions: dict[Node, list[Node]] = {}

    @locked
    def archive(self, kind: str, id_: int | str, *, actor: Actor = SALES) -> None:
        node = (kind, int(id_))
        lonely = self._lonely(node)
        super().archive(kind, id_, actor=actor)
        if lonely:
            self.companions[node] = lonely
        for of, activity in lonely:
            super().archive(of, activity, actor=actor)

    @locked
    def restore(self, kind: str, id_: int | str, *, actor: Actor = SALES) -> Record:
        record = super().restore(kind, id_, actor=actor)
        for of, activity in self.companions.pop((kind, record.id), []):
            if activity in self.bin[of]:
                super().restore(of, activity, actor=actor)
        return record

    def _erase(self, record: Record, actor: Actor) -> None:
        node = (record.kind, record.id)
        going = self._lonely(node) if record.archived_ms is None else self.companions.get(node, [])
        super()._erase(record, actor)
        for of, activity in going:
            shelf = next((shelves[of] for shelves in (self.live, self.bin) if activity in shelves[of]), None)
            if shelf:
                shelf.take(activity)
                self._gone(of, activity)

    def _gone(self, kind: str, id_: int) -> None:
        super()._gone(kind, id_)
        self.companions.pop((kind, id_), None)

    def _lonely(self, node: Node) -> list[Node]:
        """Activities of this record that no other live record has."""
        if not self.switches.lonely_activities_go or self.kinds[node[0]].is_activity:
            return []
        mine = [there for there, _types in self.links.everything(node) if there[1] in self.live[there[0]]]
        return [
            one for one in mine if self.kinds[one[0]].is_activity and one[0] not in _STAYING and self._has(one, node)
        ]

    def _has(self, activity: Node, node: Node) -> bool:
        """Nobody but this record."""
        return all(
            there == node or there[1] not in self.live[there[0]] for there, _types in self.links.everything(activity)
        )

"""Which record is associated with which, and how. Knows pairs of ids and nothing of the records behind them."""

from collections.abc import Iterator
from functools import cache

from crm_gdpr.emulator.association_types import AssociationType, AssociationTypes

Node = tuple[str, int]


class Links:
    """Both directions of every association: ``of`` one record, towards one object type."""

    def __init__(self, known: AssociationTypes) -> None:
        self._known = known
        self._types: dict[tuple[str, str], dict[int, dict[int, tuple[int, ...]]]] = {}

    def of(self, node: Node, to_kind: str) -> dict[int, tuple[int, ...]]:
        """Associated ids of one object type, each with the ids of its association types."""
        return self._types.get((node[0], to_kind), {}).get(node[1], {})

    def between(self, one: Node, other: Node) -> tuple[int, ...]:
        return self.of(one, other[0]).get(other[1], ())

    def add(self, one: Node, other: Node, type_: AssociationType) -> bool:
        """True if it was not there before."""
        present = self.between(one, other)
        if type_.id in present:
            return False
        self._set(one, other, (*present, type_.id))
        if one != other:
            self._set(other, one, (*self.between(other, one), type_.reverse_id))
        return True

    def remove(self, one: Node, other: Node, type_id: int) -> None:
        known = self._known.get(one[0], other[0], type_id)
        reverse_id = known.reverse_id if known else None
        self._set(one, other, tuple(t for t in self.between(one, other) if t != type_id))
        self._set(other, one, tuple(t for t in self.between(other, one) if t != reverse_id))

    def forget(self, node: Node) -> None:
        """Drop everything that touches a record that is gone for good."""
        for neighbour, type_ids in list(self.everything(node)):
            for type_id in type_ids:
                self.remove(node, neighbour, type_id)

    def everything(self, node: Node) -> Iterator[tuple[Node, tuple[int, ...]]]:
        for (from_kind, to_kind), by_id in self._types.items():
            if from_kind == node[0]:
                for other_id, type_ids in by_id.get(node[1], {}).items():
                    yield (to_kind, other_id), type_ids

    def pairs(self, type_: AssociationType) -> list[tuple[Node, Node]]:
        """Every pair associated in this way."""
        by_id = self._types.get((type_.from_kind, type_.to_kind), {})
        return [
            ((type_.from_kind, from_id), (type_.to_kind, to_id))
            for from_id, towards in by_id.items()
            for to_id, type_ids in towards.items()
            if type_.id in type_ids
        ]

    def _set(self, one: Node, other: Node, type_ids: tuple[int, ...]) -> None:
        by_id = self._types.setdefault((one[0], other[0]), {})
        towards = by_id.get(one[1])
        if towards is None:
            towards = by_id[one[1]] = {}
        if type_ids:
            towards[other[1]] = _kept_once(type_ids)
            return
        towards.pop(other[1], None)
        if not towards:
            del by_id[one[1]]


@cache
def _kept_once(type_ids: tuple[int, ...]) -> tuple[int, ...]:
    """In order, and one and the same for all associations of that kind."""
    return tuple(sorted(type_ids))

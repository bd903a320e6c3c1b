"""The index of associations, which for a while still shows what was before a change."""

from collections.abc import Mapping

from crm_gdpr.emulator.links import Node

Types = tuple[int, ...]


class Lagging:
    """What each changed pair was, and until when readers are shown that."""

    def __init__(self) -> None:
        self._before: dict[Node, dict[Node, tuple[int, Types]]] = {}

    def note(self, one: Node, other: Node, types: Types, now_ms: int, lag_ms: int) -> None:
        """A pair of these types is about to change. What was before a change not yet seen stays what is shown."""
        pairs = self._before.setdefault(one, {})
        if other not in pairs or pairs[other][0] <= now_ms:
            pairs[other] = (now_ms + lag_ms, types)

    def seen(self, node: Node, to_kind: str, present: Mapping[int, Types], now_ms: int) -> dict[int, Types]:
        """The neighbours of one object type, as the index knows them now."""
        shown = dict(present)
        for (kind, id_), (until_ms, types) in self._before.get(node, {}).items():
            if kind == to_kind and now_ms < until_ms:
                shown.pop(id_, None)
                shown |= {id_: types} if types else {}
        return shown

"""How a record looks on the wire."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm_gdpr.emulator.associating import Associating
from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.records import Record, Version


class View:
    """Which properties, histories and associations of one object type a call wants to see."""

    def __init__(
        self,
        account: Associating,
        kind: str,
        names: Sequence[str] = (),
        history: Sequence[str] = (),
        associations: Sequence[str] = (),
    ) -> None:
        own = account.kinds[kind]
        always = ("hs_object_id", own.created, own.modified) if names or history else own.defaults
        known = account.catalogue(kind).known([*names, *history])
        self._account = account
        self._names = sorted({*always, *known})
        self._history = account.catalogue(kind).known(history)
        self._associations = [account.kind(alias).name for alias in associations]
        self._url = f"https://app-eu1.hubspot.com/contacts/{account.portal_id}/record/{own.type_id}/"

    def show(self, record: Record, values: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Known properties without a value are null."""
        read = (record.properties if values is None else values).get
        return self._whole(record, dict(zip(self._names, map(read, self._names), strict=True)))

    def show_all(self, record: Record) -> dict[str, Any]:
        """Everything that has a value, as after a creation."""
        known = self._account.catalogue(record.kind).known(sorted(record.properties))
        return self._whole(record, {name: record.properties[name] for name in known})

    def _whole(self, record: Record, properties: Mapping[str, str | None]) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": str(record.id),
            "properties": properties,
            "createdAt": text(record.created_ms),
            "updatedAt": text(record.updated_ms),
            "archived": record.archived_ms is not None,
            "url": f"{self._url}{record.id}",
        }
        if record.archived_ms is not None:
            shown["archivedAt"] = text(record.archived_ms)
        if self._history:
            shown["propertiesWithHistory"] = {
                name: [_version(version) for version in record.history(name)] for name in self._history
            }
        if self._associations and (linked := self._linked(record)):
            shown["associations"] = linked
        return shown

    def _linked(self, record: Record) -> dict[str, Any]:
        return {
            to_kind: {"results": [self._associated(record.kind, to_kind, *pair) for pair in _pairs(linked)]}
            for to_kind in self._associations
            if (linked := self._account.indexed(record, to_kind))
        }

    def _associated(self, kind: str, to_kind: str, id_: int, type_id: int) -> dict[str, str]:
        return {"id": str(id_), "type": type_name(self._account, kind, to_kind, type_id)}


def _pairs(linked: Mapping[int, Iterable[int]]) -> Iterable[tuple[int, int]]:
    return ((id_, type_id) for id_, type_ids in linked.items() for type_id in type_ids)


def type_name(account: Associating, kind: str, to_kind: str, type_id: int) -> str:
    """As older answers name it: the primary type plainly, beside it the unlabelled one; an own label by its name."""
    known, names = account.type_between(kind, to_kind, type_id), (account.kinds[kind], account.kinds[to_kind])
    if known.name:
        return known.name
    plain = "_to_".join(one.singular for one in names)
    beside = known.label is None and account.types.primary(kind, to_kind) is not None
    return f"{plain}_unlabeled" if beside else plain


def _version(version: Version) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "value": version.value,
        "timestamp": text(version.at_ms),
        "sourceType": version.actor.source,
        "sourceId": version.actor.id,
    }
    if version.actor.user_id is not None:
        shown["updatedByUserId"] = version.actor.user_id
    return shown

"""Which live record holds which unique value. A contact's additional addresses are as much its own as its first."""

from collections.abc import Iterable, Iterator

from crm_gdpr.emulator.records import Record

ADDITIONAL = "hs_additional_emails"


class Holders:
    """Looks a record up by object type, unique property and value; case and outer spaces say nothing."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str], dict[str, int]] = {}

    def get(self, kind: str, name: str, value: str) -> int | None:
        return self._ids.get((kind, name), {}).get(value.strip().lower())

    def add(self, record: Record, names: Iterable[str]) -> None:
        for name in names:
            for value in held(record, name):
                self._ids.setdefault((record.kind, name), {})[value] = record.id

    def remove(self, record: Record, names: Iterable[str]) -> None:
        for name in names:
            ids = self._ids.get((record.kind, name), {})
            for value in held(record, name):
                if ids.get(value) == record.id:
                    del ids[value]


def held(record: Record, name: str) -> Iterator[str]:
    """The values of one property, as they are compared."""
    values = [record.properties.get(name, "")]
    if (record.kind, name) == ("contacts", "email"):
        values += record.properties.get(ADDITIONAL, "").split(";")
    return (value.strip().lower() for value in values if value.strip())

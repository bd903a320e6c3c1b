"""What else HubSpot keeps about a contact: lists, behavioural events, files, custom object types, mailing choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from crm_gdpr.sync.errors import NotFound
from crm_gdpr.sync.schemas import instant, listed
from crm_gdpr.sync.wire import Wired, walk_paths

LISTS = "/crm/v3/lists"
EVENTS = "/events/v3/events"
FILES = "/files/v3/files"
SCHEMAS = "/crm-object-schemas/v3/schemas"
STATUSES = "/communication-preferences/v4/statuses"
CONTACT_TYPE = "0-1"
EVENT_PAGE = 100


@dataclass(frozen=True)
class Listing:
    """A list that a contact is on."""

    id: str
    since: datetime | None


@dataclass(frozen=True)
class Occurrence:
    """Something the website or a mail noticed."""

    id: str
    type: str
    at: datetime | None
    properties: Mapping[str, str]


@dataclass(frozen=True)
class Attachment:
    """A file in the file manager, and where it can be fetched for a moment."""

    id: str
    name: str
    size: int
    url: str


@dataclass(frozen=True)
class ObjectType:
    """A kind of record that the account has made itself; `name` is the one that answers call it by."""

    type_id: str
    name: str
    label: str


@dataclass(frozen=True)
class Choice:
    """What an address has chosen about one kind of mailing."""

    subscription: str
    status: str
    legal_basis: str
    explanation: str
    source: str
    at: datetime | None


class Belongings(Wired):
    """Everything about a contact that is no record associated with it."""

    def listings(self, contact_id: str) -> list[Listing]:
        """The lists a contact is on and since when, to the last page; one without a name still counts."""
        path = f"{LISTS}/records/{CONTACT_TYPE}/{contact_id}/memberships"
        items = walk_paths(self._transport.get, path, {"limit": 100})
        return [Listing(str(item.get("listId")), instant(item.get("firstAddedTimestamp"))) for item in items]

    def occurrences(self, contact_id: str) -> Iterator[Occurrence]:
        """What was noticed about a contact, page by page."""
        asked = {"objectType": "contact", "objectId": contact_id, "limit": EVENT_PAGE}
        for item in walk_paths(self._transport.get, EVENTS, asked):
            properties = item.get("properties") if isinstance(item.get("properties"), dict) else {}
            yield Occurrence(
                str(item.get("id")),
                str(item.get("eventType") or ""),
                instant(item.get("occurredAt")),
                {str(name): str(value) for name, value in (properties or {}).items() if value not in (None, "")},
            )

    def attachment(self, file_id: str) -> Attachment | None:
        """A file and an address that serves it for a moment: two calls; None where it is gone."""
        try:
            item = self._transport.get(f"{FILES}/{quote(file_id, safe='')}")
            signed = self._transport.get(f"{FILES}/{quote(file_id, safe='')}/signed-url")
        except NotFound:
            return None
        ending = str(item.get("extension") or "")
        name = str(item.get("name") or file_id)
        whole = name if not ending or name.endswith(f".{ending}") else f"{name}.{ending}"
        return Attachment(file_id, whole, int(item.get("size") or 0), str(signed.get("url") or ""))

    def download(self, url: str) -> bytes:
        """The bytes behind a signed address: no call of the API, and no token goes there."""
        return self._transport.fetch(url)

    def object_types(self) -> list[ObjectType]:
        """The account's own object types."""
        return [
            ObjectType(
                str(item.get("objectTypeId")),
                str(item.get("fullyQualifiedName") or item.get("objectTypeId")),
                _label(item),
            )
            for item in listed(self._transport.get(SCHEMAS)).results
        ]

    def choices(self, address: str) -> list[Choice]:
        """What an address has chosen about mailings, with the legal basis recorded for each."""
        path = f"{STATUSES}/{quote(address, safe='')}?channel=EMAIL"
        return [
            Choice(
                str(item.get("subscriptionName") or item.get("subscriptionId") or ""),
                str(item.get("status") or ""),
                str(item.get("legalBasis") or ""),
                str(item.get("legalBasisExplanation") or ""),
                str(item.get("source") or ""),
                instant(item.get("timestamp")),
            )
            for item in listed(self._transport.get(path)).results
        ]


def _label(item: Mapping[str, Any]) -> str:
    labels = item.get("labels")
    read: Mapping[str, Any] = labels if isinstance(labels, dict) else {}
    return str(read.get("plural") or read.get("singular") or item.get("name") or "")

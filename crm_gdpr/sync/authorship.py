"""Which person set the value of a property in HubSpot's pages; what machines wrote, we among them, is left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_gdpr.sync.schemas import listed
from crm_gdpr.sync.wire import Wired, chunks, options

HISTORY_PAGE = 50  # records a batch may hold where history is asked for
BY_HAND = ("CRM_UI", "CONTACTS", "CONTACTS_WEB", "MOBILE_ANDROID", "MOBILE_IOS")  # one record at a time, by a person


@dataclass(frozen=True)
class Author:
    """The value that a person set last by hand, by which user, and when."""

    value: str
    by: str
    at: str


class Authorship(Wired):
    """Reads the newest entry by a person in the history of values."""

    def authors(self, kind: str, ids: Iterable[str], names: Sequence[str]) -> dict[str, dict[str, Author]]:
        """For each record and property that a person set by hand, who did so last, fifty records a call."""
        found: dict[str, dict[str, Author]] = {}
        for portion in chunks(ids, HISTORY_PAGE):
            body = {"inputs": [{"id": each} for each in portion], "properties": [], "propertiesWithHistory": [*names]}
            answer = self._api.crm.objects.batch_api.read(kind, body, **options())
            for item in listed(answer.json()).results:
                found[str(item["id"])] = _authors(item.get("propertiesWithHistory") or {})
        return found


def _authors(histories: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Author]:
    people = {
        name: [each for each in entries if each.get("sourceType") in BY_HAND] for name, entries in histories.items()
    }
    return {name: _author(max(entries, key=_at)) for name, entries in people.items() if entries}


def _author(entry: Mapping[str, Any]) -> Author:
    user = entry.get("updatedByUserId")
    by = f"userId:{user}" if user else str(entry.get("sourceId") or entry["sourceType"])
    return Author(str(entry.get("value") or ""), by, _at(entry))


def _at(entry: Mapping[str, Any]) -> str:
    return str(entry.get("timestamp") or "")

"""Who wrote the value of a property: a person in HubSpot's pages, or some machine; our own writes are left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_gdpr.sync.schemas import listed
from crm_gdpr.sync.wire import Wired, chunks, options

HISTORY_PAGE = 50  # records a batch may hold where history is asked for
BY_HAND = ("CRM_UI", "CONTACTS", "CONTACTS_WEB", "MOBILE_ANDROID", "MOBILE_IOS")  # one record at a time, by a person


@dataclass(frozen=True)
class Author:
    """Who set a value last but for us, and when; `by` is a user where a person did it by hand."""

    value: str
    by: str
    at: str
    by_hand: bool


class Authorship(Wired):
    """Reads the newest entry of the history of values that is not ours."""

    def authors(
        self, kind: str, ids: Iterable[str], names: Sequence[str], *, app_id: str | None = None
    ) -> dict[str, dict[str, Author]]:
        """For each record and property who wrote it last, our own app left out, fifty records a call."""
        found: dict[str, dict[str, Author]] = {}
        for portion in chunks(ids, HISTORY_PAGE):
            body = {"inputs": [{"id": each} for each in portion], "properties": [], "propertiesWithHistory": [*names]}
            answer = self._api.crm.objects.batch_api.read(kind, body, **options())
            for item in listed(answer.json()).results:
                found[str(item["id"])] = _authors(item.get("propertiesWithHistory") or {}, app_id)
        return found


def _authors(histories: Mapping[str, Sequence[Mapping[str, Any]]], app_id: str | None) -> dict[str, Author]:
    others = {name: [each for each in entries if not _is_ours(each, app_id)] for name, entries in histories.items()}
    return {name: _author(max(entries, key=_at)) for name, entries in others.items() if entries}


def _is_ours(entry: Mapping[str, Any], app_id: str | None) -> bool:
    return app_id is not None and entry.get("sourceType") == "INTEGRATION" and str(entry.get("sourceId")) == app_id


def _author(entry: Mapping[str, Any]) -> Author:
    user, source = entry.get("updatedByUserId"), str(entry.get("sourceType") or "")
    by = f"userId:{user}" if user else str(entry.get("sourceId") or source)
    return Author(str(entry.get("value") or ""), by, _at(entry), source in BY_HAND)


def _at(entry: Mapping[str, Any]) -> str:
    return str(entry.get("timestamp") or "")

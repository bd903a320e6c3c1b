"""Definitions rather than records: properties and their groups, owners, pipelines, the account itself.

They come as HubSpot's own JSON: few, cold, and read by people who know HubSpot's names for them.
"""

from typing import Any
from urllib.parse import quote

from crm_gdpr.sync.errors import Malformed
from crm_gdpr.sync.schemas import listed
from crm_gdpr.sync.transport import Answer
from crm_gdpr.sync.wire import Wired, options, walk

JSON = dict[str, Any]


class Definitions(Wired):
    """What the portal is made of."""

    def properties(self, kind: str) -> list[JSON]:
        """All properties of a kind."""
        return _all(self._api.crm.properties.core_api.get_all(kind, **options()), "name")

    def sensitive_properties(self, kind: str, level: str) -> list[JSON]:
        """Those HubSpot lists only when asked for, `sensitive` or `highly_sensitive`: each takes a scope of its own."""
        path = f"/crm/v3/properties/{quote(kind, safe='')}?dataSensitivity={level}"
        return _named(self._transport.get(path), "name")

    def groups(self, kind: str) -> list[JSON]:
        """All property groups of a kind."""
        return _all(self._api.crm.properties.groups_api.get_all(kind, **options()), "name")

    def create_group(self, kind: str, name: str, label: str) -> JSON:
        """A new property group; `Refused` (409) where it exists."""
        body = {"name": name, "label": label}
        created: Answer = self._api.crm.properties.groups_api.create(kind, body, **options())
        return created.json()

    def create_property(self, kind: str, definition: JSON) -> JSON:
        """A new property, as HubSpot's JSON; `Refused` (409) where it exists."""
        created: Answer = self._api.crm.properties.core_api.create(kind, definition, **options())
        return created.json()

    def update_property(self, kind: str, name: str, changes: JSON) -> JSON:
        """Label, description or options altered; its values stay."""
        updated: Answer = self._api.crm.properties.core_api.update(kind, name, changes, **options())
        return updated.json()

    def owners(self) -> list[JSON]:
        """Everyone a record may belong to."""
        api = self._api.crm.owners.owners_api
        pages = walk(lambda after: api.get_page(limit=100, **options(after=after)))
        return [owner for page in pages for owner in page.results]

    def pipelines(self, kind: str) -> list[JSON]:
        """The pipelines of deals or tickets, with their stages."""
        return _all(self._api.crm.pipelines.pipelines_api.get_all(kind, **options()), "id")

    def account(self) -> JSON:
        """The account that the token belongs to: portal id, time zone, where its data is hosted."""
        return self._transport.get("/account-info/v3/details")


def _all(answer: Answer, key: str) -> list[JSON]:
    return _named(answer.json(), key)


def _named(answer: JSON, key: str) -> list[JSON]:
    results = list(listed(answer).results)
    if not all(isinstance(each.get(key), str) for each in results):
        raise Malformed.because(f"a definition without {key}")
    return results

"""Records by id, by page and by search; and who is associated with whom."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from crm_gdpr.sync.errors import Malformed, NotFound, refusal
from crm_gdpr.sync.records import Record, modified_property
from crm_gdpr.sync.schemas import Listed, association, cut_short, listed, only_asked, record
from crm_gdpr.sync.wire import Wired, chunks, options, walk

PAGE = 100  # records a list page and a batch may hold
HISTORY_PAGE = 50  # where the history of values is asked for
SEARCH_PAGE = 200
ASSOCIATIONS = 1_000  # inputs of one association read
KEY = "hs_object_id"

Filter = Mapping[str, Any]  # HubSpot's own: propertyName, operator, value


class Reading(Wired):
    """Everything that changes nothing."""

    def read(
        self,
        kind: str,
        record_id: str,
        properties: Sequence[str],
        *,
        associations: Sequence[str] = (),
        archived: bool = False,
    ) -> Record | None:
        """One record, None where it is gone.  The id of a merged one answers with the survivor's id."""
        asked = options(properties=[*properties], associations=[*associations], archived=archived)
        try:
            answer = self._api.crm.objects.basic_api.get_by_id(kind, record_id, **asked)
        except NotFound:
            return None
        return self._whole(kind, [answer.json()])[0]

    def read_many(
        self,
        kind: str,
        ids: Iterable[str],
        properties: Sequence[str],
        *,
        archived: bool = False,
        history: Sequence[str] = (),
    ) -> dict[str, Record]:
        """Records by id, a hundred a call; an id that is gone is left out.  With history, fewer a call."""
        found: dict[str, Record] = {}
        for portion in chunks(ids, HISTORY_PAGE if history else PAGE):
            body = {
                "inputs": [{"id": each} for each in portion],
                "properties": [*properties],
                "propertiesWithHistory": [*history],
            }
            answer = self._api.crm.objects.batch_api.read(kind, body, **options(archived=archived))
            page = _forgiving(listed(answer.json()), "OBJECT_NOT_FOUND")
            records = {each.id: each for each in (record(kind, item) for item in page.results)}
            only_asked(records, portion)
            found |= records
        return found

    def by_address(self, addresses: Sequence[str], properties: Sequence[str], *, archived: bool) -> list[Record]:
        """Contacts that have one of these as their primary address."""
        if not addresses:
            return []
        body = {
            "idProperty": "email",
            "inputs": [{"id": each} for each in addresses],
            "properties": [*properties],
            "propertiesWithHistory": [],
        }
        answer = self._api.crm.objects.batch_api.read("contacts", body, **options(archived=archived))
        page = _forgiving(listed(answer.json()), "OBJECT_NOT_FOUND")
        return [record("contacts", item) for item in page.results]

    def pages(
        self, kind: str, properties: Sequence[str], *, associations: Sequence[str] = (), archived: bool = False
    ) -> Iterator[list[Record]]:
        """All records of a kind, a hundred a page, with the ids of those associated with them."""
        asked = {"properties": [*properties], "associations": [*associations], "archived": archived}
        api = self._api.crm.objects.basic_api
        for page in walk(lambda after: api.get_page(kind, **options(limit=PAGE, after=after, **asked))):
            yield self._whole(kind, page.results)

    def changed(self, kind: str, since: datetime, properties: Sequence[str]) -> Iterator[list[Record]]:
        """What was modified since: complete whatever its number; the search index may lag by moments."""
        yield from self.search(kind, [changed_since(kind, since)], properties)

    def sheet(self, kind: str, after: str | None, properties: Sequence[str], associations: Sequence[str]) -> Listed:
        """One list page as it came, and the cursor of the next."""
        asked = options(limit=PAGE, after=after, properties=[*properties], associations=[*associations])
        return listed(self._api.crm.objects.basic_api.get_page(kind, **asked).json())

    def whole(self, kind: str, items: Sequence[Mapping[str, Any]]) -> list[Record]:
        """The records of a page, each with all its associations."""
        return self._whole(kind, items)

    def newest(self, kind: str) -> int | None:
        """The greatest id of a kind, as the search index has it."""
        sorts = [{"propertyName": KEY, "direction": "DESCENDING"}]
        body = {"filterGroups": [], "sorts": sorts, "properties": [KEY], "limit": 1}
        page = listed(self._api.crm.objects.search_api.do_search(kind, body, **options()).json())
        return next((int(each.id) for each in (record(kind, item) for item in page.results) if each.id.isdigit()), None)

    def search(
        self, kind: str, filters: Sequence[Filter], properties: Sequence[str], *, limit: int = SEARCH_PAGE
    ) -> Iterator[list[Record]]:
        """Live records that pass all filters (five at most), in the order of their ids, `limit` a page."""
        last: str | None = None
        while True:
            records, last = self.search_page(kind, filters, properties, after=last, limit=limit)
            if records:
                yield records
            if last is None:
                return

    def search_page(
        self,
        kind: str,
        filters: Sequence[Filter],
        properties: Sequence[str],
        *,
        after: str | None = None,
        limit: int = SEARCH_PAGE,
    ) -> tuple[list[Record], str | None]:
        """Live records with ids past `after`, and the last of them, or None when there are no more.

        The last id is the key to the next page, so the ceiling of 10,000 results is never met, and records
        modified in the same millisecond are not lost between two pages.
        """
        last = int(after or 0)
        key = {"propertyName": KEY, "operator": "GT", "value": str(last)}
        body = {
            "filterGroups": [{"filters": [*filters, key]}],
            "sorts": [{"propertyName": KEY, "direction": "ASCENDING"}],
            "properties": [*properties],
            "limit": limit,
        }
        page = listed(self._api.crm.objects.search_api.do_search(kind, body, **options()).json())
        records = [record(kind, item) for item in page.results]
        if records:
            last = _last_key(records, last)
        elif page.after is not None:
            raise Malformed.because("an empty page of a search that goes on")
        return records, None if page.after is None else str(last)

    def associated(self, from_kind: str, to_kind: str, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """For each id those of the other kind associated with it, to the last one; none is an empty tuple."""
        found: dict[str, tuple[str, ...]] = {}
        for portion in chunks(ids, ASSOCIATIONS):
            found |= self._associated(from_kind, to_kind, portion)
        return found

    def _associated(self, from_kind: str, to_kind: str, ids: list[str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = dict.fromkeys(ids, ())
        inputs = [{"id": each} for each in ids]
        seen: set[tuple[str, str | None]] = set()
        while inputs:
            answer = self._api.crm.associations.v4.batch_api.get_page(
                from_kind, to_kind, {"inputs": inputs}, **options()
            )
            page = _forgiving(listed(answer.json()), "OBJECT_NOT_FOUND", "NO_ASSOCIATIONS_FOUND")
            lines = [association(item) for item in page.results]
            only_asked({line.origin for line in lines}, [each["id"] for each in inputs])
            for line in lines:
                found[line.origin] = tuple(dict.fromkeys(found[line.origin] + line.to))
            cursors = {(line.origin, line.after) for line in lines if line.after}
            if cursors & seen:
                raise Malformed.because("a cursor that leads back to associations already read")
            seen |= cursors
            inputs = [{"id": origin, "after": after} for origin, after in sorted(cursors)]
        return found

    def _whole(self, kind: str, items: Sequence[Mapping[str, Any]]) -> list[Record]:
        """Records with all their associations: an answer lists only the first of them."""
        records = [record(kind, item) for item in items]
        short: dict[str, list[str]] = defaultdict(list)
        for item, each in zip(items, records, strict=True):
            for name in cut_short(item):
                short[name].append(each.id)
        full = {name: self.associated(kind, name, ids) for name, ids in short.items()}
        return [
            replace(each, associations={**each.associations, **_of(full, each.id)}) if full else each
            for each in records
        ]


def changed_since(kind: str, since: datetime) -> Filter:
    """The filter of a search for what was modified since."""
    value = str(int(since.timestamp() * 1000))
    return {"propertyName": modified_property(kind), "operator": "GTE", "value": value}


def _of(full: Mapping[str, Mapping[str, tuple[str, ...]]], record_id: str) -> dict[str, tuple[str, ...]]:
    return {name: found[record_id] for name, found in full.items() if record_id in found}


def _last_key(records: Sequence[Record], last: int) -> int:
    """The greatest id of a page; ids out of order would skip records, or never end."""
    keys = [int(each.id) for each in records if each.id.isdigit()]
    if len(keys) < len(records) or keys != sorted(keys) or keys[0] <= last:
        raise Malformed.because("a search page out of order")
    return keys[-1]


def _forgiving(page: Listed, *expected: str) -> Listed:
    """Errors that only say a record is not there; any other leaves the list incomplete."""
    for error in page.errors:
        words = f"{error.get('category')} {error.get('subCategory')}"
        if not any(word in words for word in expected):
            raise Malformed.because(f"an answer that lacks records: {refusal(error)}")
    return page

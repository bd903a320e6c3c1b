"""Records one at a time, listed, searched, and erased."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import Response

from crm_gdpr.emulator.errors import Malformed, NotFound
from crm_gdpr.emulator.filters import Filter
from crm_gdpr.emulator.objects import Target
from crm_gdpr.emulator.records import Record
from crm_gdpr.emulator.search import Query, search
from crm_gdpr.emulator.wire.answers import answer, nothing
from crm_gdpr.emulator.wire.association_input import target_of
from crm_gdpr.emulator.wire.call import Call, needed, properties_of, rows, whole, words
from crm_gdpr.emulator.wire.shown import View

_LONGEST_QUERY = 3_000


def list_records(call: Call, kind: str) -> Response:
    """A page in order of id; the cursor is the last id and one."""
    name, history = call.kind(kind), call.names("propertiesWithHistory")
    limit, after = call.number("limit", 10, 50 if history else 100), call.after()
    shelf = (call.portal.bin if call.flag("archived") else call.portal.live)[name]
    page = shelf.page(after, limit)
    view = View(call.portal, name, call.names("properties"), history, call.names("associations"))
    body: dict[str, Any] = {"results": [view.show(record) for record in page]}
    if page and shelf.beyond(page[-1].id):
        body["paging"] = {"next": call.beyond(str(page[-1].id + 1))}
    return answer(body)


def create_record(call: Call, kind: str) -> Response:
    name, body = call.kind(kind), call.body
    call.obey(name, properties_of(body))
    record = call.portal.create(
        name, properties_of(body), actor=call.actor, targets=targets(call, name, body.get("associations"))
    )
    location = {"Location": f"{call.request.base_url}/{record.id}"}
    return answer(View(call.portal, name).show_all(record), 201, location)


def read_record(call: Call, kind: str, id_: str) -> Response:
    name = call.kind(kind)
    record = call.portal.find(name, id_, call.request.args.get("idProperty"), archived=call.flag("archived"))
    history, associations = call.names("propertiesWithHistory"), call.names("associations")
    return answer(View(call.portal, name, call.names("properties"), history, associations).show(record))


def update_record(call: Call, kind: str, id_: str) -> Response:
    """The answer holds what was written and little else."""
    name, properties = call.kind(kind), properties_of(call.body)
    record = call.portal.find(name, id_, call.request.args.get("idProperty"))
    call.obey(name, properties, record)
    call.portal.update(name, record.id, properties, actor=call.actor)
    return answer(View(call.portal, name, written(record, properties)).show(record))


def written(record: Record, properties: Iterable[str]) -> list[str]:
    """What was written, where the record came from, and the stage it is in."""
    return [*properties, *(name for name in _BESIDE if name in record.properties)]


_BESIDE = (
    *("hs_object_source", "hs_object_source_id", "hs_object_source_label"),
    *("lifecyclestage", "dealstage", "pipeline", "hs_pipeline", "hs_pipeline_stage"),
)


def archive_record(call: Call, kind: str, id_: str) -> Response:
    """Archiving twice, or what never was, is answered like archiving once, if no switch says otherwise."""
    if not archive_if_there(call, call.kind(kind), id_) and call.portal.switches.archiving_nobody_is_refused:
        raise NotFound(call.kind(kind), id_)
    return nothing()


def archive_if_there(call: Call, name: str, id_: str) -> bool:
    try:
        found = call.portal.find(name, id_, merged=call.portal.switches.merged_ids_everywhere)
    except NotFound:
        return False
    call.portal.archive(name, found.id, actor=call.actor)
    return True


def gdpr_delete(call: Call, kind: str) -> Response:
    if call.kind(kind) != "contacts":
        raise Malformed("Only contacts can be deleted permanently")
    body = call.body
    call.portal.gdpr_delete(str(needed(body, "objectId")), body.get("idProperty"), actor=call.actor)
    return nothing()


def merge_records(call: Call, kind: str) -> Response:
    """Old ids lead to the survivor here, as they do in other calls on single records."""
    name, body = call.kind(kind), call.body
    ids = [call.portal.find(name, str(needed(body, key))).id for key in ("primaryObjectId", "objectIdToMerge")]
    return answer(View(call.portal, name).show_all(call.portal.merge(name, *ids, actor=call.actor)))


def search_records(call: Call, kind: str) -> Response:
    name, body = call.kind(kind), call.body
    if len(call.request.get_data()) > _LONGEST_QUERY:
        raise Malformed(f"The body of a search is at most {_LONGEST_QUERY} characters")
    query = _query(body)
    found = search(call.portal, name, query)
    view = View(call.portal, name, words(body.get("properties"), "properties"))
    shown: dict[str, Any] = {
        "total": found.total,
        "results": [view.show(record, values) for record, values in found.page],
    }
    reached = query.after + len(found.page)
    if reached < found.total:
        shown["paging"] = {"next": {"after": str(reached)}}
    return answer(shown)


def targets(call: Call, kind: str, associations: object) -> Sequence[Target]:
    """The associations of a new record: ``[{"to": {"id"}, "types": [{"associationTypeId"}]}]``."""
    given = rows(associations, "associations")
    return [target_of(call, kind, row, type_) for row in given for type_ in rows(row.get("types"), "types")]


def _query(body: Mapping[str, Any]) -> Query:
    """Lenient as HubSpot is: nothing is required, ``filters`` may stand alone, ``after`` may be a number."""
    groups = rows(body.get("filterGroups"), "filterGroups") or [{"filters": body.get("filters") or []}]
    sort, descending = _sort(body.get("sorts") or [])
    filters = [[_filter(row) for row in rows(group.get("filters"), "filters")] for group in groups]
    return Query(
        groups=filters if any(filters) or len(filters) > 1 else [],
        text=str(body.get("query") or ""),
        sort=sort,
        descending=descending,
        after=whole(body.get("after") or 0, "after"),
        limit=whole(body.get("limit") or 10, "limit"),
    )


def _sort(sorts: object) -> tuple[str | None, bool]:
    if not isinstance(sorts, list) or len(sorts) > 1:
        raise Malformed("Only one sort is allowed")
    if not sorts:
        return None, False
    if isinstance(sorts[0], str):
        return sorts[0].removeprefix("-"), sorts[0].startswith("-")
    rows(sorts, "sorts")
    return str(needed(sorts[0], "propertyName")), sorts[0].get("direction") == "DESCENDING"


def _filter(row: Mapping[str, Any]) -> Filter:
    """Values are texts; numbers and truths are taken for theirs."""

    def text(value: object) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    value, high = (None if row.get(key) is None else text(row[key]) for key in ("value", "highValue"))
    given = row.get("values")
    values = tuple(map(text, given)) if isinstance(given, list) else ()
    return Filter(str(needed(row, "propertyName")), str(needed(row, "operator")), value, high, values)

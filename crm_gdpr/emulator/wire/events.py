"""Event occurrences: what happened with one record, the newest first; and which types of events there are."""

from typing import Any

from flask import Response

from crm_gdpr.emulator.errors import Malformed, NotFound
from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.kinds import KINDS, kind_of
from crm_gdpr.emulator.occurrences import Occurrence
from crm_gdpr.emulator.wire.answers import answer
from crm_gdpr.emulator.wire.call import Call, whole

_PAGE, _MOST = 20, 1_000


def list_types(call: Call) -> Response:
    return answer({"eventTypes": call.portal.events.types()})


def list_events(call: Call) -> Response:
    """Of one record, by id or by a unique property such as its address; by type and time."""
    record = _record(call)
    types, ids, values = call.names("eventType"), call.names("id"), _chosen(call, "property.")
    since, until = (call.moment(name) for name in ("occurredAfter", "occurredBefore"))
    found = [
        one
        for one in call.portal.events.events
        if record in (None, (one.kind, call.portal.heir(one.kind, one.object_id)))
        and (not types or one.type in types)
        and (not ids or one.id in ids)
        and values.items() <= one.properties.items()
        and (since is None or one.at_ms > since)
        and (until is None or one.at_ms < until)
    ]
    found.sort(key=lambda one: one.at_ms, reverse=_newest_first(call))
    start, end = _page(call)
    body: dict[str, Any] = {"results": [_shown(call, one) for one in found[start:end]]}
    paging = {"next": call.beyond(str(end))} if len(found) > end else {}
    if start:
        paging["prev"] = {"before": str(start)}
    return answer({**body, "paging": paging} if paging else body)


def _page(call: Call) -> tuple[int, int]:
    """From a cursor on, or up to the cursor of a page further on."""
    limit, before = call.number("limit", _PAGE, _MOST), call.request.args.get("before")
    if before:
        end = whole(before, "before")
        return max(0, end - limit), end
    return call.after(), call.after() + limit


def _record(call: Call) -> tuple[str, int] | None:
    """None when no record is asked about; with an object type alone there is too much to tell."""
    args = call.request.args
    chosen = _chosen(call, "objectProperty.")
    if not args.get("objectType"):
        if args.get("objectId") or chosen:
            raise Malformed("objectType is required with objectId or objectProperty")
        return None
    kind = kind_of(args["objectType"]).name
    if args.get("objectId"):
        return kind, call.portal.heir(kind, whole(args["objectId"], "objectId"))
    if len(chosen) != 1:
        raise Malformed("objectId or one objectProperty is required with objectType")
    name, value = next(iter(chosen.items()))
    try:
        return kind, call.portal.find(kind, value, name).id
    except NotFound:
        return kind, 0


def _chosen(call: Call, prefix: str) -> dict[str, str]:
    """``objectProperty.email=…``, ``property.hs_url=…``: what a property has to be."""
    return {name.removeprefix(prefix): value for name, value in call.request.args.items() if name.startswith(prefix)}


def _newest_first(call: Call) -> bool:
    sort = call.request.args.get("sort", "-occurredAt")
    if sort not in ("occurredAt", "-occurredAt"):
        raise Malformed(f"Events are sorted by occurredAt, not {sort}")
    return sort.startswith("-")


def _shown(call: Call, one: Occurrence) -> dict[str, Any]:
    names = call.names("properties")
    return {
        "id": one.id,
        "eventType": one.type,
        "objectType": KINDS[one.kind].singular.upper(),
        "objectId": str(call.portal.heir(one.kind, one.object_id)),
        "occurredAt": text(one.at_ms),
        "properties": {name: value for name, value in one.properties.items() if not names or name in names},
    }

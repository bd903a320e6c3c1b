"""Who is in a list, in order of id or of joining, and which lists a record is in."""

import base64
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from flask import Response

from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.kinds import kind_of
from crm_gdpr.emulator.wire.answers import answer, batch, nothing
from crm_gdpr.emulator.wire.call import Call, needed, whole

_PAGE, _MOST, _MOST_READ = 100, 250, 100
_MOST_AT_ONCE = 100_000


def list_members(call: Call, list_id: str) -> Response:
    members = call.portal.list_members(list_id)
    return _page(call, sorted((id_, at) for id_, at in members.items()))


def list_by_joining(call: Call, list_id: str) -> Response:
    members = call.portal.list_members(list_id)
    return _page(call, sorted(members.items(), key=lambda pair: (pair[1], pair[0])))


def add(call: Call, list_id: str) -> Response:
    added, missing = call.portal.add_to_list(list_id, _ids(call.json))
    return _changed(added, [], missing)


def remove(call: Call, list_id: str) -> Response:
    removed, missing = call.portal.remove_from_list(list_id, _ids(call.json))
    return _changed([], removed, missing)


def add_and_remove(call: Call, list_id: str) -> Response:
    joining, leaving = (_ids(call.body.get(name) or []) for name in ("recordIdsToAdd", "recordIdsToRemove"))
    added, missing = call.portal.add_to_list(list_id, joining)
    removed, also_missing = call.portal.remove_from_list(list_id, leaving)
    return _changed(added, removed, [*missing, *also_missing])


def add_from(call: Call, list_id: str, source_id: str) -> Response:
    source, wanted = call.portal.lists.get(source_id), call.portal.lists.get(list_id)
    if source is wanted or source.new.kind != wanted.new.kind:
        raise Malformed("The source must be another list of the same object type")
    members = call.portal.list_members(source_id)
    if len(members) > _MOST_AT_ONCE:
        raise Malformed(f"Lists of more than {_MOST_AT_ONCE} members cannot be added at once")
    call.portal.add_to_list(list_id, members)
    return nothing()


def remove_all(call: Call, list_id: str) -> Response:
    call.portal.remove_from_list(list_id, call.portal.list_members(list_id))
    return nothing()


def of_record(call: Call, kind: str, id_: str) -> Response:
    found = _memberships(call, kind_of(kind).name, whole(id_, "recordId"))
    return answer({"total": len(found), "results": found})


def of_records(call: Call) -> Response:
    results = []
    for row in call.inputs(_MOST_READ):
        kind = kind_of(str(needed(row, "objectTypeId")))
        id_ = whole(needed(row, "recordId"), "recordId")
        found = _memberships(call, kind.name, id_)
        results.append({"objectTypeId": kind.type_id, "recordId": str(id_), "recordListMemberships": found})
    return answer(batch(results, [], call.portal.clock.now()))


def _memberships(call: Call, kind: str, record_id: int) -> list[dict[str, Any]]:
    return [
        {
            "listId": str(one.id),
            "listVersion": 1,
            "firstAddedTimestamp": text(one.members[record_id].first_ms),
            "lastAddedTimestamp": text(one.members[record_id].last_ms),
            "isPublicList": True,
        }
        for one in call.portal.lists_of(kind, record_id)
    ]


def _ids(given: object) -> list[int]:
    """Numbers as well as texts, as recorded."""
    if not isinstance(given, list) or any(isinstance(one, dict | list) for one in given):
        raise Malformed("Invalid input JSON on line 1, column 2: a list of record ids is expected")
    return [whole(one, "recordId") for one in given]


def _changed(added: Sequence[int], removed: Sequence[int], missing: Sequence[int]) -> Response:
    """Recorded: only what has something in it is told."""
    told = {"recordsIdsAdded": added, "recordIdsRemoved": removed, "recordIdsMissing": missing}
    return answer({name: [str(id_) for id_ in ids] for name, ids in told.items() if ids})


def _page(call: Call, members: Sequence[tuple[int, int]]) -> Response:
    """``before`` turns the order around; ``after`` wins where both are given. The cursor is opaque."""
    limit, after, before = call.number("limit", _PAGE, _MOST), *(_cursor(call, name) for name in ("after", "before"))
    ids = [id_ for id_, _at in members]
    if after is None and before is not None:
        rows = list(reversed(members[: ids.index(before) if before in ids else 0]))
    else:
        rows = list(members[ids.index(after) + 1 if after in ids else 0 :])
    page = rows[:limit]
    results = [{"recordId": str(id_), "membershipTimestamp": text(at)} for id_, at in page]
    body: dict[str, Any] = {"results": results, "total": len(members)}
    if len(rows) > limit:
        body["paging"] = {"next": call.beyond(quote(base64.b64encode(page[-1][0].to_bytes(8)).decode()))}
    return answer(body)


def _cursor(call: Call, name: str) -> int | None:
    """As it was given, or decoded once by the client."""
    given = call.request.args.get(name)
    if not given:
        return None
    try:
        return int.from_bytes(base64.b64decode(given.replace("%3D", "="), validate=True))
    except ValueError:
        raise Malformed(f"{name} must be a cursor this API gave, not {given}") from None

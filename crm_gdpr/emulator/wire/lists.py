"""Lists: made, found, renamed, deleted and brought back."""

from typing import Any

from flask import Response

from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.kinds import KINDS, kind_of
from crm_gdpr.emulator.lists import DYNAMIC, List, NewList
from crm_gdpr.emulator.wire.answers import answer, nothing
from crm_gdpr.emulator.wire.call import Call, needed, whole, words

_MOST, _PAGE = 500, 20


def read_lists(call: Call) -> Response:
    """Only the lists asked for by id; none asked for, none told."""
    wanted = {one for one in call.names("listIds") if one.isdigit()}
    found = [one for one in call.portal.lists.live() if str(one.id) in wanted]
    return answer({"lists": [{**_shown(call, one), "size": len(call.portal.list_members(one.id))} for one in found]})


def create_list(call: Call) -> Response:
    body = call.body
    kind, filter_ = kind_of(str(needed(body, "objectTypeId"))).name, body.get("filterBranch")
    new = NewList(str(needed(body, "name")), kind, str(needed(body, "processingType")), filter_)
    made = call.portal.add_list(new, actor=call.actor)
    return answer({"list": _shown(call, made, fresh=True, filters=filter_ is not None)})


def read_list(call: Call, list_id: str) -> Response:
    return answer({"list": _shown(call, call.portal.lists.get(list_id))})


def read_named(call: Call, kind: str, name: str) -> Response:
    return answer({"list": _shown(call, call.portal.lists.named(name, kind_of(kind).name))})


def search_lists(call: Call) -> Response:
    """By name, id, object type and processing type; nothing asked pages through them all."""
    body = call.body
    if body.get("sort"):
        raise Malformed(f"Sorting lists by {body['sort']} is not emulated")
    found = [one for one in call.portal.lists.live() if _fits(one, body)]
    offset, count = whole(body.get("offset") or 0, "offset"), whole(body.get("count") or _PAGE, "count")
    page = found[offset : offset + min(count, _MOST)]
    reached = offset + len(page)
    rows = [_found(call, one) for one in page]
    return answer({"lists": rows, "offset": reached, "hasMore": reached < len(found), "total": len(found)})


def rename_list(call: Call, list_id: str) -> Response:
    name = call.request.args.get("listName")
    if not name:
        raise Malformed("listName is required")
    renamed = call.portal.lists.rename(list_id, name, call.portal.clock.now_ms())
    return answer({"updatedList": _shown(call, renamed)})


def update_filters(call: Call, list_id: str) -> Response:
    changed = call.portal.set_list_filter(list_id, needed(call.body, "filterBranch"))
    return answer({"updatedList": _shown(call, changed, fresh=True, filters=True)})


def delete_list(call: Call, list_id: str) -> Response:
    """Restorable for ninety days."""
    call.portal.delete_list(list_id)
    return nothing()


def restore_list(call: Call, list_id: str) -> Response:
    call.portal.lists.restore(list_id)
    return nothing()


def map_id(call: Call) -> Response:
    """This account never had lists under other ids: every old id is the new one."""
    found = call.portal.lists.get(call.request.args.get("legacyListId", ""))
    return answer({"legacyListId": str(found.id), "listId": str(found.id)})


def map_ids(call: Call) -> Response:
    asked, known = [str(one) for one in _texts(call.json)], {str(one.id) for one in call.portal.lists.live()}
    mapped = [{"legacyListId": one, "listId": one} for one in asked if one in known]
    return answer({"legacyListIdsToIdsMapping": mapped, "missingLegacyListIds": [o for o in asked if o not in known]})


def _texts(given: object) -> list[object]:
    if not isinstance(given, list):
        raise Malformed("Invalid input JSON: a list of ids is expected")
    return given


def _fits(one: List, body: Any) -> bool:
    ids, types = words(body.get("listIds"), "listIds"), words(body.get("processingTypes"), "processingTypes")
    return (
        str(body.get("query") or "").lower() in one.name.lower()
        and (not ids or str(one.id) in ids)
        and (not types or one.new.processing in types)
        and (not body.get("objectTypeId") or one.new.kind == kind_of(str(body["objectTypeId"])).name)
    )


def _found(call: Call, one: List) -> dict[str, Any]:
    """A row of a search: what is counted stands in additional properties, as text."""
    members = call.portal.list_members(one.id)
    more = {"hs_list_reference_count": "0", "hs_list_size": str(len(members))}
    if members:
        more["hs_last_record_added_at"] = str(max(members.values()))
    if one.removed_ms is not None:
        more["hs_last_record_removed_at"] = str(one.removed_ms)
    return {**_head(one), "additionalProperties": more}


def _shown(call: Call, one: List, *, fresh: bool = False, filters: bool = False) -> dict[str, Any]:
    shown = {
        **_head(one, fresh=fresh),
        "listPermissions": {"teamsWithEditAccess": [], "usersWithEditAccess": []},
        "membershipSettings": {"membershipTeamId": None, "includeUnassigned": None},
    }
    wanted = filters or call.flag("includeFilters")
    return {**shown, "filterBranch": one.new.filter} if wanted and one.new.filter else shown


def _head(one: List, *, fresh: bool = False) -> dict[str, Any]:
    """A list whose filters are new is still being worked on."""
    shown: dict[str, Any] = {
        "listId": str(one.id),
        "listVersion": 1,
        "createdAt": text(one.created_ms),
        "updatedAt": text(one.updated_ms),
        "filtersUpdatedAt": text(one.filters_ms),
        "processingStatus": "PROCESSING" if fresh and one.new.processing == DYNAMIC else "COMPLETE",
        "processingType": one.new.processing,
        "objectTypeId": KINDS[one.new.kind].type_id,
        "name": one.name,
    }
    return {**shown, "createdById": one.by_user, "updatedById": one.by_user} if one.by_user else shown

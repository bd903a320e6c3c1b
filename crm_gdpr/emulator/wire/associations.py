"""Associations between records: read and written in batches, or one pair at a time."""

from collections.abc import Iterable
from typing import Any

from flask import Response

from crm_gdpr.emulator.association_types import TYPES
from crm_gdpr.emulator.errors import NotFound
from crm_gdpr.emulator.kinds import KINDS, kind_of
from crm_gdpr.emulator.links import Node
from crm_gdpr.emulator.wire.answers import answer, batch, nothing
from crm_gdpr.emulator.wire.association_input import id_of, type_id_of
from crm_gdpr.emulator.wire.call import Call, needed, rows, whole

_MOST_READ, _MOST_WRITTEN, _PAGE = 1_000, 2_000, 500


def read_pairs(call: Call, kind: str, to_kind: str) -> Response:
    """Neighbours of up to a thousand records; one without any is left out of the results and reported."""
    name, to_name = kind_of(kind).name, kind_of(to_kind).name
    results, errors = [], []
    for one in call.inputs(_MOST_READ):
        id_, after = whole(needed(one, "id"), "id"), whole(one.get("after") or 0, "after")
        found = call.portal.live[name].get(id_)
        linked = sorted((call.portal.associated(found, to_name) if found else {}).items())
        page = [pair for pair in linked if pair[0] >= after][:_PAGE]
        if not page:
            errors.append(_none(name, to_name, id_))
            continue
        row: dict[str, Any] = {"from": {"id": str(id_)}, "to": [_towards(name, to_name, *pair) for pair in page]}
        if page[-1] != linked[-1]:
            row["paging"] = {"next": {"after": str(page[-1][0] + 1)}}
        results.append(row)
    status = call.family.partial if errors else 200
    return answer(batch(results, errors, call.portal.clock.now()), status)


def read_neighbours(call: Call, kind: str, id_: str, to_kind: str) -> Response:
    name, to_name = kind_of(kind).name, kind_of(to_kind).name
    linked = sorted(call.portal.associated(call.portal.find(name, id_), to_name).items())
    page = [pair for pair in linked if pair[0] >= call.after()][: call.number("limit", _PAGE, _PAGE)]
    body: dict[str, Any] = {"results": [_towards(name, to_name, *pair) for pair in page]}
    if page and page[-1] != linked[-1]:
        body["paging"] = {"next": {"after": str(page[-1][0] + 1)}}
    return answer(body)


def create_pairs(call: Call, kind: str, to_kind: str) -> Response:
    name, to_name = kind_of(kind).name, kind_of(to_kind).name
    results, errors = [], []
    for row in call.inputs(_MOST_WRITTEN):
        one, other = (name, id_of(row, "from")), (to_name, id_of(row, "to"))
        missing = _absent(call, one, other)
        if missing:
            errors.append({"status": "error", "category": "VALIDATION_ERROR", "message": missing})
            continue
        results.append(_associate(call, one, other, rows(needed(row, "types"), "types")))
    status = call.family.partial if errors and call.family.partial != 200 else call.family.created
    return answer(batch(results, errors, call.portal.clock.now()), status)


def archive_pairs(call: Call, kind: str, to_kind: str) -> Response:
    """Every association of each pair goes."""
    name, to_name = kind_of(kind).name, kind_of(to_kind).name
    for row in call.inputs(_MOST_WRITTEN):
        ends = needed(row, "to")
        for end in ends if isinstance(ends, list) else [ends]:
            other = (to_name, id_of({"to": end}, "to"))
            call.portal.dissociate((name, id_of(row, "from")), other, actor=call.actor)
    body = batch([], [], call.portal.clock.now())
    return answer(body) if call.family.archived == 200 else nothing()


def put_default(call: Call, kind: str, id_: str, to_kind: str, to_id: str) -> Response:
    one, other = _pair(call, kind, id_, to_kind, to_id)
    call.portal.associate(one, other, actor=call.actor)
    both = [_default(call, one, other), _default(call, other, one)]
    return answer(batch(both, [], call.portal.clock.now()))


def put_labelled(call: Call, kind: str, id_: str, to_kind: str, to_id: str) -> Response:
    specs = rows(call.json(), "association types")
    return answer(_associate(call, *_pair(call, kind, id_, to_kind, to_id), specs), 201)


def delete_pair(call: Call, kind: str, id_: str, to_kind: str, to_id: str) -> Response:
    one, other = _pair(call, kind, id_, to_kind, to_id)
    call.portal.dissociate(one, other, actor=call.actor)
    return nothing()


def _pair(call: Call, kind: str, id_: str, to_kind: str, to_id: str) -> tuple[Node, Node]:
    one = call.portal.find(kind_of(kind).name, id_)
    other = call.portal.find(kind_of(to_kind).name, to_id)
    return (one.kind, one.id), (other.kind, other.id)


def _associate(call: Call, one: Node, other: Node, specs: Iterable[Any]) -> dict[str, Any]:
    ids = [type_id_of(spec) for spec in specs]
    for type_id in ids:
        call.portal.associate(one, other, type_id, actor=call.actor)
    labels = [TYPES[one[0], other[0], type_id].label for type_id in ids]
    return {
        "fromObjectTypeId": KINDS[one[0]].type_id,
        "fromObjectId": one[1],
        "toObjectTypeId": KINDS[other[0]].type_id,
        "toObjectId": other[1],
        "labels": [label for label in labels if label],
    }


def _absent(call: Call, *ends: Node) -> str:
    for kind, id_ in ends:
        try:
            call.portal.record(kind, id_)
        except NotFound:
            return f"{KINDS[kind].singular.upper()}={id_} is not valid"
    return ""


def _default(call: Call, one: Node, other: Node) -> dict[str, Any]:
    type_ = call.portal.type_between(one[0], other[0], None)
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_.id}
    return {"from": {"id": str(one[1])}, "to": {"id": str(other[1])}, "associationSpec": spec}


def _towards(kind: str, to_kind: str, id_: int, type_ids: Iterable[int]) -> dict[str, Any]:
    """The id is a number here, whatever the specification says: so it was recorded."""
    types = [
        {"category": "HUBSPOT_DEFINED", "typeId": type_id, "label": TYPES[kind, to_kind, type_id].label}
        for type_id in type_ids
    ]
    return {"toObjectId": id_, "associationTypes": types}


def _none(kind: str, to_kind: str, id_: int) -> dict[str, Any]:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {KINDS[to_kind].singular} is associated with {KINDS[kind].singular} {id_}.",
        "context": {"fromObjectId": [str(id_)], "fromObjectType": [KINDS[kind].type_id]},
    }

"""Associations of one record, one pair at a time."""

from collections.abc import Iterable
from typing import Any

from flask import Response

from crm_gdpr.emulator.links import Node
from crm_gdpr.emulator.wire.answers import answer, batch, nothing
from crm_gdpr.emulator.wire.association_input import type_id_of
from crm_gdpr.emulator.wire.call import Call, rows

PAGE = 500


def read_neighbours(call: Call, kind: str, id_: str, to_kind: str) -> Response:
    name, to_name = call.kind(kind), call.kind(to_kind)
    linked = sorted(call.portal.indexed(call.portal.find(name, id_), to_name).items())
    page = [pair for pair in linked if pair[0] >= call.after()][: call.number("limit", PAGE, PAGE)]
    body: dict[str, Any] = {"results": [towards(call, name, to_name, *pair) for pair in page]}
    if page and page[-1] != linked[-1]:
        body["paging"] = {"next": call.beyond(str(page[-1][0] + 1))}
    return answer(body)


def put_default(call: Call, kind: str, id_: str, to_kind: str, to_id: str) -> Response:
    one, other = _pair(call, kind, id_, to_kind, to_id)
    return answer(batch(associate_plainly(call, one, other), [], call.portal.clock.now()))


def put_labelled(call: Call, kind: str, id_: str, to_kind: str, to_id: str) -> Response:
    specs = rows(call.json, "association types")
    return answer(associate(call, *_pair(call, kind, id_, to_kind, to_id), specs), 201)


def delete_pair(call: Call, kind: str, id_: str, to_kind: str, to_id: str) -> Response:
    one, other = _pair(call, kind, id_, to_kind, to_id)
    call.portal.dissociate(one, other, actor=call.actor)
    return nothing()


def associate(call: Call, one: Node, other: Node, specs: Iterable[Any]) -> dict[str, Any]:
    """Associate in every way asked for. The ids are numbers here, whatever the specification says."""
    ids = [type_id_of(call, one[0], other[0], spec) for spec in specs]
    for type_id in ids:
        call.portal.associate(one, other, type_id, actor=call.actor)
    labels = [call.portal.type_between(one[0], other[0], type_id).label for type_id in ids]
    return {
        "fromObjectTypeId": call.portal.kinds[one[0]].type_id,
        "fromObjectId": one[1],
        "toObjectTypeId": call.portal.kinds[other[0]].type_id,
        "toObjectId": other[1],
        "labels": [label for label in labels if label],
    }


def associate_plainly(call: Call, one: Node, other: Node) -> list[dict[str, Any]]:
    """Associate without a label; both directions are told."""
    call.portal.associate(one, other, actor=call.actor)
    return [_plain(call, one, other), _plain(call, other, one)]


def towards(call: Call, kind: str, to_kind: str, id_: int, type_ids: Iterable[int]) -> dict[str, Any]:
    """The id is a number here, whatever the specification says: so it was recorded."""
    known = [call.portal.type_between(kind, to_kind, type_id) for type_id in type_ids]
    types = [{"category": one.category, "typeId": one.id, "label": one.label} for one in known]
    return {"toObjectId": id_, "associationTypes": types}


def _pair(call: Call, kind: str, id_: str, to_kind: str, to_id: str) -> tuple[Node, Node]:
    one = call.portal.find(call.kind(kind), id_)
    other = call.portal.find(call.kind(to_kind), to_id)
    return (one.kind, one.id), (other.kind, other.id)


def _plain(call: Call, one: Node, other: Node) -> dict[str, Any]:
    type_ = call.portal.type_between(one[0], other[0], None)
    spec = {"associationCategory": type_.category, "associationTypeId": type_.id}
    return {"from": {"id": str(one[1])}, "to": {"id": str(other[1])}, "associationSpec": spec}

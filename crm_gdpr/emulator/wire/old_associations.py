"""Associations in batches as v3 knows them: types by name, ids as text."""

from typing import Any

from flask import Response

from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.links import Node
from crm_gdpr.emulator.wire.answers import answer, batch, nothing
from crm_gdpr.emulator.wire.associations import Row, neighbours, nobody, pairs, write_pairs
from crm_gdpr.emulator.wire.call import Call, needed, whole
from crm_gdpr.emulator.wire.shown import type_name

_MOST_READ = 1_000


def list_types(call: Call, kind: str, to_kind: str) -> Response:
    """Every way two object types are associated, by the names that v3 has for them."""
    name, to_name = call.kind(kind), call.kind(to_kind)
    known = call.portal.types.between(name, to_name)
    rows = [{"id": str(type_.id), "name": type_name(call.portal, name, to_name, type_.id)} for type_ in known]
    return answer({"results": rows})


def read_old_pairs(call: Call, kind: str, to_kind: str) -> Response:
    name, to_name = call.kind(kind), call.kind(to_kind)
    results, errors = [], []
    for one in call.inputs(_MOST_READ):
        id_ = whole(needed(one, "id"), "id")
        linked = neighbours(call, name, id_, to_name)
        if linked:
            to = [
                {"id": str(other), "type": type_name(call.portal, name, to_name, type_id)}
                for other, type_ids in linked
                for type_id in type_ids
            ]
            results.append({"from": {"id": str(id_)}, "to": to})
        else:
            errors.append(nobody(call, name, to_name, id_))
    status = call.family.partial if errors else 200
    return answer(batch(results, errors, call.portal.clock.now()), status)


def create_old_pairs(call: Call, kind: str, to_kind: str) -> Response:
    def write(row: Row, one: Node, other: Node) -> list[dict[str, Any]]:
        call.portal.associate(one, other, _type_id(call, row, one, other), actor=call.actor)
        return [{"from": {"id": str(one[1])}, "to": {"id": str(other[1])}, "type": str(row["type"])}]

    return write_pairs(call, kind, to_kind, write, 201)


def archive_old_pairs(call: Call, kind: str, to_kind: str) -> Response:
    for row, one, other in pairs(call, kind, to_kind):
        call.portal.dissociate(one, other, _type_id(call, row, one, other), actor=call.actor)
    return nothing()


def _type_id(call: Call, row: Row, one: Node, other: Node) -> int:
    """``contact_to_company``, or the number."""
    wanted = str(needed(row, "type"))
    for known in call.portal.types.between(one[0], other[0]):
        if wanted in (str(known.id), type_name(call.portal, one[0], other[0], known.id)):
            return known.id
    raise Malformed(f"Association type {wanted} does not exist from {one[0]} to {other[0]}")

"""The association types between two object types, and the labels an account adds to them."""

from typing import Any

from flask import Response

from crm_gdpr.emulator.association_types import AssociationType
from crm_gdpr.emulator.wire.answers import answer, nothing
from crm_gdpr.emulator.wire.call import Call, needed, whole


def list_labels(call: Call, kind: str, to_kind: str) -> Response:
    known = call.portal.types.between(call.kind(kind), call.kind(to_kind))
    return answer({"results": [_shown(type_) for type_ in known]})


def create_label(call: Call, kind: str, to_kind: str) -> Response:
    body = call.body
    label, name, inverse = str(needed(body, "label")), str(needed(body, "name")), body.get("inverseLabel")
    there, back = call.portal.add_label(call.kind(kind), call.kind(to_kind), name, label, inverse and str(inverse))
    return answer({"results": [_shown(there), *([_shown(back)] if back.id != there.id else [])]})


def update_label(call: Call, kind: str, to_kind: str) -> Response:
    body = call.body
    id_, label = whole(needed(body, "associationTypeId"), "associationTypeId"), str(needed(body, "label"))
    inverse = body.get("inverseLabel")
    call.portal.rename_label(call.kind(kind), call.kind(to_kind), id_, label, inverse and str(inverse))
    return nothing()


def delete_label(call: Call, kind: str, to_kind: str, type_id: str) -> Response:
    id_ = whole(type_id, "associationTypeId")
    call.portal.remove_label(call.kind(kind), call.kind(to_kind), id_, actor=call.actor)
    return nothing()


def _shown(type_: AssociationType) -> dict[str, Any]:
    return {"category": type_.category, "typeId": type_.id, "label": type_.label}

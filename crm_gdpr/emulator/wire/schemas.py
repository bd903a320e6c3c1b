"""Object types of the account's own over HTTP. Their shape is the official client's; no specification is at hand."""

from typing import Any

from flask import Response

from crm_gdpr.emulator.association_types import AssociationType
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.schemas import Draft, Schema
from crm_gdpr.emulator.wire.answers import answer, nothing
from crm_gdpr.emulator.wire.call import Call, needed, rows, words
from crm_gdpr.emulator.wire.definitions import new_property, shown_property


def list_schemas(call: Call) -> Response:
    known = [] if call.flag("archived") else call.portal.schemas.values()
    return answer({"results": [_shown(call, schema) for schema in known]})


def create_schema(call: Call) -> Response:
    body, labels = call.body, _labels(needed(call.body, "labels"))
    draft = Draft(
        name=str(needed(body, "name")),
        singular=labels.get("singular", str(body["name"])),
        plural=labels.get("plural", str(body["name"])),
        properties=[new_property(call, row) for row in rows(needed(body, "properties"), "properties")],
        display=str(body.get("primaryDisplayProperty") or ""),
        display_beside=tuple(words(body.get("secondaryDisplayProperties"), "secondaryDisplayProperties")),
        required=tuple(words(body.get("requiredProperties"), "requiredProperties")),
        searchable=tuple(words(body.get("searchableProperties"), "searchableProperties")),
        associated=words(body.get("associatedObjects"), "associatedObjects"),
    )
    return answer(_shown(call, call.portal.define(draft)), 201)


def read_schema(call: Call, kind: str) -> Response:
    return answer(_shown(call, call.portal.schema(kind)))


def update_schema(call: Call, kind: str) -> Response:
    """The answer tells of the type alone, without properties and associations."""
    body, of_kind, changes = call.body, dict[str, Any](), dict[str, Any]()
    if body.get("labels") is not None:
        changes |= _labels(body["labels"])
    if body.get("primaryDisplayProperty"):
        changes["display"] = str(body["primaryDisplayProperty"])
    if "secondaryDisplayProperties" in body:
        changes["display_beside"] = tuple(words(body["secondaryDisplayProperties"], "secondaryDisplayProperties"))
    for theirs, ours in (("requiredProperties", "required"), ("searchableProperties", "searched")):
        if theirs in body:
            of_kind[ours] = tuple(words(body[theirs], theirs))
    return answer(_type(call.portal.change_schema(kind, kind=of_kind, **changes)))


def archive_schema(call: Call, kind: str) -> Response:
    call.portal.delete_schema(kind)
    return nothing()


def create_association(call: Call, kind: str) -> Response:
    to_kind, name = str(needed(call.body, "toObjectTypeId")), str(call.body.get("name") or "")
    return answer(_association(call, call.portal.associate_schema(kind, to_kind, name)), 201)


def delete_association(call: Call, kind: str, name: str) -> Response:
    call.portal.dissociate_schema(kind, name)
    return nothing()


def _labels(given: object) -> dict[str, str]:
    if not isinstance(given, dict):
        raise Malformed("labels must be an object with singular and plural")
    return {name: str(given[name]) for name in ("singular", "plural") if given.get(name)}


def _type(schema: Schema) -> dict[str, Any]:
    return {
        "id": schema.kind.type_id.partition("-")[2],
        "name": schema.name,
        "labels": {"singular": schema.singular, "plural": schema.plural},
        "objectTypeId": schema.kind.type_id,
        "fullyQualifiedName": schema.kind.name,
        "primaryDisplayProperty": schema.display,
        "secondaryDisplayProperties": list(schema.display_beside),
        "requiredProperties": list(schema.kind.required),
        "searchableProperties": list(schema.kind.searched),
        "createdAt": text(schema.created_ms),
        "updatedAt": text(schema.updated_ms),
        "archived": False,
    }


def _shown(call: Call, schema: Schema) -> dict[str, Any]:
    name = schema.kind.name
    properties = [p for p in call.portal.catalogue(name).properties.values() if not p.archived]
    associations = [_association(call, type_) for type_ in call.portal.associations_of(name) if type_.label is None]
    return {
        **_type(schema),
        "properties": [shown_property(prop) for prop in properties],
        "associations": associations,
    }


def _association(call: Call, type_: AssociationType) -> dict[str, Any]:
    return {
        "id": str(type_.id),
        "fromObjectTypeId": call.portal.kinds[type_.from_kind].type_id,
        "toObjectTypeId": call.portal.kinds[type_.to_kind].type_id,
        "name": type_.name,
    }

"""Property definitions over HTTP."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from crm_gdpr.emulator.errors import Exists, Malformed, NotFound
from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.properties import SENSITIVITIES, Option, Property
from crm_gdpr.emulator.wire.answers import answer, batch, error_body, nothing
from crm_gdpr.emulator.wire.call import Call, needed, rows, whole

_MOST = 100


def list_properties(call: Call, kind: str) -> Response:
    """Sensitive ones only when asked for by their sensitivity."""
    catalogue, archived, names = call.portal.catalogue(call.kind(kind)), call.flag("archived"), call.names("properties")
    sensitivity = call.request.args.get("dataSensitivity", SENSITIVITIES[0])
    found = [
        prop
        for prop in catalogue.properties.values()
        if (prop.archived, prop.sensitivity) == (archived, sensitivity) and (not names or prop.name in names)
    ]
    return answer({"results": [shown_property(prop) for prop in found]})


def create_property(call: Call, kind: str) -> Response:
    return answer(_create(call, kind, call.body), 201)


def create_properties(call: Call, kind: str) -> Response:
    """What cannot be made is told beside what was."""
    created, refused = [], []
    for one in call.inputs(_MOST):
        try:
            created.append(_create(call, kind, one))
        except (Exists, Malformed) as refusal:
            refused.append(error_body(refusal.category, str(refusal), context={"name": [str(one.get("name"))]}))
    status = call.family.partial if refused else call.family.defined
    return answer(batch(created, refused, call.portal.clock.now()), status)


def read_property(call: Call, kind: str, name: str) -> Response:
    catalogue = call.portal.catalogue(call.kind(kind))
    return answer(shown_property(catalogue.find(name, archived=call.flag("archived"))))


def update_property(call: Call, kind: str, name: str) -> Response:
    """What is given changes; options given replace the list."""
    catalogue, body = call.portal.catalogue(call.kind(kind)), call.body
    changes = {ours: _read(ours, body[theirs]) for theirs, ours in _FIELDS.items() if theirs in body}
    return answer(shown_property(catalogue.update(name, changes, call.portal.clock.now_ms())))


def read_properties(call: Call, kind: str) -> Response:
    """Names that are not there are told beside the results."""
    catalogue, archived = call.portal.catalogue(call.kind(kind)), call.body.get("archived") is True
    results, missing = [], []
    for one in call.inputs(_MOST):
        name = str(needed(one, "name"))
        try:
            results.append(shown_property(catalogue.find(name, archived=archived)))
        except NotFound as refusal:
            missing.append(error_body("OBJECT_NOT_FOUND", str(refusal), context={"name": [name]}))
    status = call.family.partial if missing else 200
    return answer(batch(results, missing, call.portal.clock.now()), status)


def archive_properties(call: Call, kind: str) -> Response:
    """All of them or none; names that are not there are passed over."""
    catalogue = call.portal.catalogue(call.kind(kind))
    names = catalogue.known(str(needed(one, "name")) for one in call.inputs(_MOST))
    call.portal.archive_properties(call.kind(kind), names)
    return nothing()


def archive_property(call: Call, kind: str, name: str) -> Response:
    call.portal.archive_properties(call.kind(kind), [name])
    return nothing()


_FIELDS = {
    "label": "label",
    "groupName": "group",
    "type": "type",
    "fieldType": "field_type",
    "options": "options",
    "description": "description",
    "hidden": "hidden",
    "formField": "form_field",
    "displayOrder": "display_order",
}


def _create(call: Call, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    needed(body, "groupName")
    return shown_property(call.portal.catalogue(call.kind(kind)).create(new_property(call, body)))


def new_property(call: Call, body: Mapping[str, Any]) -> Property:
    """A definition as requests give it; those of a new object type need no group."""
    now_ms = call.portal.clock.now_ms()
    for name in ("name", "label", "type", "fieldType"):
        needed(body, name)
    fields = {ours: _read(ours, body[theirs]) for theirs, ours in _FIELDS.items() if theirs in body}
    return Property(
        name=str(body["name"]),
        unique=bool(body.get("hasUniqueValue", False)),
        external_options=bool(body.get("externalOptions", False)),
        sensitivity=str(body.get("dataSensitivity") or SENSITIVITIES[0]),
        created_ms=now_ms,
        updated_ms=now_ms,
        **{"group": "", **fields},
    )


def _read(ours: str, value: Any) -> Any:
    if ours == "options":
        return tuple(_option(row) for row in rows(value, "options"))
    if ours == "display_order":
        return order(value)
    return bool(value) if ours in ("hidden", "form_field") else str(value)


def order(value: object) -> int:
    """-1 places a thing after those that have a place."""
    return -1 if value in (-1, "-1", None) else whole(value, "displayOrder")


def _option(row: Mapping[str, Any]) -> Option:
    return Option(
        value=str(needed(row, "value")),
        label=str(needed(row, "label")),
        display_order=order(row.get("displayOrder")),
        hidden=bool(row.get("hidden", False)),
        description=str(row.get("description") or ""),
    )


def shown_property(prop: Property) -> dict[str, Any]:
    return {
        "createdAt": text(prop.created_ms),
        "updatedAt": text(prop.updated_ms),
        "name": prop.name,
        "label": prop.label,
        "type": prop.type,
        "fieldType": prop.field_type,
        "description": prop.description,
        "groupName": prop.group,
        "options": [_shown_option(option) for option in prop.options],
        "displayOrder": prop.display_order,
        "calculated": prop.calculated,
        "externalOptions": prop.external_options,
        "archived": prop.archived,
        **({"archivedAt": text(prop.updated_ms)} if prop.archived else {}),
        "hasUniqueValue": prop.unique,
        "hidden": prop.hidden,
        "hubspotDefined": prop.hubspot_defined,
        "modificationMetadata": _modification(prop),
        "formField": prop.form_field,
        "dataSensitivity": prop.sensitivity,
    }


def _modification(prop: Property) -> dict[str, bool]:
    """As recorded, HubSpot calls its own definitions archivable, too; archiving them is refused all the same."""
    told = {"archivable": True, "readOnlyDefinition": prop.hubspot_defined, "readOnlyValue": prop.read_only}
    if prop.type == "enumeration" and prop.hubspot_defined:
        told["readOnlyOptions"] = prop.read_only
    return told


def _shown_option(option: Option) -> dict[str, Any]:
    return {
        "label": option.label,
        "value": option.value,
        "displayOrder": option.display_order,
        "hidden": option.hidden,
        "description": option.description,
    }

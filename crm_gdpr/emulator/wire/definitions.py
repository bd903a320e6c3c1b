"""Property definitions and groups over HTTP."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from crm_gdpr.emulator.instants import text
from crm_gdpr.emulator.kinds import kind_of
from crm_gdpr.emulator.properties import Group, Option, Property
from crm_gdpr.emulator.wire.answers import answer, batch, nothing
from crm_gdpr.emulator.wire.call import Call, needed, rows, whole

_MOST = 100


def list_properties(call: Call, kind: str) -> Response:
    catalogue, archived = call.portal.catalogue(kind_of(kind).name), call.flag("archived")
    shown = [_shown(prop) for prop in catalogue.properties.values() if prop.archived is archived]
    return answer({"results": shown})


def create_property(call: Call, kind: str) -> Response:
    return answer(_create(call, kind, call.body), 201)


def create_properties(call: Call, kind: str) -> Response:
    created = [_create(call, kind, one) for one in call.inputs(_MOST)]
    return answer(batch(created, [], call.portal.clock.now()), call.family.defined)


def read_property(call: Call, kind: str, name: str) -> Response:
    return answer(_shown(call.portal.catalogue(kind_of(kind).name).get(name)))


def update_property(call: Call, kind: str, name: str) -> Response:
    """What is given changes; options given replace the list."""
    catalogue, body = call.portal.catalogue(kind_of(kind).name), call.body
    changes = {ours: _read(ours, body[theirs]) for theirs, ours in _FIELDS.items() if theirs in body}
    return answer(_shown(catalogue.update(name, changes, call.portal.clock.now_ms())))


def archive_property(call: Call, kind: str, name: str) -> Response:
    call.portal.catalogue(kind_of(kind).name).archive(name, call.portal.clock.now_ms())
    return nothing()


def list_groups(call: Call, kind: str) -> Response:
    groups = call.portal.catalogue(kind_of(kind).name).groups.values()
    return answer({"results": [_shown_group(group) for group in groups]})


def create_group(call: Call, kind: str) -> Response:
    body = call.body
    group = Group(str(needed(body, "name")), str(needed(body, "label")), _order(body.get("displayOrder")))
    return answer(_shown_group(call.portal.catalogue(kind_of(kind).name).create_group(group)), 201)


def read_group(call: Call, kind: str, name: str) -> Response:
    return answer(_shown_group(call.portal.catalogue(kind_of(kind).name).group(name)))


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
    now_ms = call.portal.clock.now_ms()
    for name in ("name", "label", "groupName", "type", "fieldType"):
        needed(body, name)
    fields = {ours: _read(ours, body[theirs]) for theirs, ours in _FIELDS.items() if theirs in body}
    new = Property(
        name=str(body["name"]),
        unique=bool(body.get("hasUniqueValue", False)),
        external_options=bool(body.get("externalOptions", False)),
        created_ms=now_ms,
        updated_ms=now_ms,
        **fields,
    )
    return _shown(call.portal.catalogue(kind_of(kind).name).create(new))


def _read(ours: str, value: Any) -> Any:
    if ours == "options":
        return tuple(_option(row) for row in rows(value, "options"))
    if ours == "display_order":
        return _order(value)
    return bool(value) if ours in ("hidden", "form_field") else str(value)


def _order(value: object) -> int:
    """-1 places a thing after those that have a place."""
    return -1 if value in (-1, "-1", None) else whole(value, "displayOrder")


def _option(row: Mapping[str, Any]) -> Option:
    return Option(
        value=str(needed(row, "value")),
        label=str(needed(row, "label")),
        display_order=_order(row.get("displayOrder")),
        hidden=bool(row.get("hidden", False)),
        description=str(row.get("description") or ""),
    )


def _shown(prop: Property) -> dict[str, Any]:
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
        "hasUniqueValue": prop.unique,
        "hidden": prop.hidden,
        "hubspotDefined": prop.hubspot_defined,
        "modificationMetadata": {
            "archivable": not prop.hubspot_defined,
            "readOnlyDefinition": prop.hubspot_defined,
            "readOnlyValue": prop.read_only,
        },
        "formField": prop.form_field,
        "dataSensitivity": "non_sensitive",
    }


def _shown_option(option: Option) -> dict[str, Any]:
    return {
        "label": option.label,
        "value": option.value,
        "displayOrder": option.display_order,
        "hidden": option.hidden,
        "description": option.description,
    }


def _shown_group(group: Group) -> dict[str, Any]:
    return {"name": group.name, "label": group.label, "displayOrder": group.display_order, "archived": False}

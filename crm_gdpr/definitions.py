"""The addons' properties in HubSpot's own words."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from crm_gdpr.addon import Property
from crm_gdpr.registry import Registry

PLURAL = {"contact": "contacts", "company": "companies", "deal": "deals"}
FIELD_TYPES = {
    "string": "text",
    "date": "date",
    "datetime": "date",
    "number": "number",
    "bool": "booleancheckbox",
    "enumeration": "select",
}
YES_NO = (("true", "Ja / Yes"), ("false", "Nej / No"))


def definitions(registry: Registry) -> dict[str, list[dict[str, Any]]]:
    """Return what the portal must have, per kind of record."""
    wanted: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for found in registry.properties:
        wanted[PLURAL[found.object]].append(definition(found))
    return dict(wanted)


def definition(found: Property) -> dict[str, Any]:
    """Return one property as HubSpot takes it; labels hold both languages, since a portal has but one."""
    body = {
        "name": found.name,
        "label": f"{found.label.sv} / {found.label.en}",
        "description": f"{found.help.sv} / {found.help.en}",
        "type": found.type,
        "fieldType": FIELD_TYPES[found.type],
    }
    options = [(option.value, f"{option.label.sv} / {option.label.en}") for option in found.options]
    if found.type == "bool":
        options = list(YES_NO)
    if options:
        body["options"] = [  # type: ignore[assignment]  # the one value that is not text
            {"value": value, "label": label, "displayOrder": at, "hidden": False}
            for at, (value, label) in enumerate(options)
        ]
    return body

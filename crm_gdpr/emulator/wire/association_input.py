"""Associations as requests name them."""

from collections.abc import Mapping
from typing import Any

from crm_gdpr.emulator.association_types import HUBSPOT
from crm_gdpr.emulator.errors import Malformed, NotFound
from crm_gdpr.emulator.links import Node
from crm_gdpr.emulator.objects import Target
from crm_gdpr.emulator.wire.call import Call, needed, whole


def type_id_of(call: Call, kind: str, to_kind: str, spec: Mapping[str, Any]) -> int:
    """``{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}``, which must be one the account has."""
    type_id = whole(needed(spec, "associationTypeId"), "associationTypeId")
    known, category = call.portal.types.get(kind, to_kind, type_id), spec.get("associationCategory", HUBSPOT)
    if known is None or known.category != category:
        raise Malformed(f"Association type {type_id} of category {category} does not exist from {kind} to {to_kind}")
    return type_id


def target_of(call: Call, kind: str, row: Mapping[str, Any], spec: Mapping[str, Any]) -> Target:
    """In a creation the type alone says which object type is meant."""
    type_id = whole(needed(spec, "associationTypeId"), "associationTypeId")
    to_kind = call.portal.types.to_kind(kind, type_id, str(spec.get("associationCategory", HUBSPOT)))
    if to_kind is None:
        raise Malformed(f"Association type {type_id} does not exist from {kind}")
    return to_kind, id_of(row, "to"), type_id


def id_of(row: Mapping[str, Any], end: str) -> int:
    """``{"from": {"id": "33451"}}``; a number does as well."""
    found = needed(row, end)
    if not isinstance(found, dict):
        raise Malformed(f"{end} must be an object with an id")
    return whole(needed(found, "id"), "id")


def absent(call: Call, *ends: Node) -> str:
    """HubSpot's words for the first end that is not there."""
    for kind, id_ in ends:
        try:
            call.portal.record(kind, id_)
        except NotFound:
            return f"{call.portal.kinds[kind].singular.upper()}={id_} is not valid"
    return ""

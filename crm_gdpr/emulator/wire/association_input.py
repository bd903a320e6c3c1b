"""Association types as requests name them."""

from collections.abc import Mapping
from typing import Any

from crm_gdpr.emulator.association_types import TYPES
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.objects import Target
from crm_gdpr.emulator.wire.call import needed, whole

_TO = {(known.from_kind, known.id): known.to_kind for known in TYPES.values()}


def type_id_of(spec: Mapping[str, Any]) -> int:
    """``{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}``"""
    category = spec.get("associationCategory", "HUBSPOT_DEFINED")
    if category != "HUBSPOT_DEFINED":
        raise Malformed(f"Association types of category {category} do not exist in this account")
    return whole(needed(spec, "associationTypeId"), "associationTypeId")


def target_of(kind: str, row: Mapping[str, Any], spec: Mapping[str, Any]) -> Target:
    """In a creation the type alone says which object type is meant."""
    type_id = type_id_of(spec)
    to_kind = _TO.get((kind, type_id))
    if to_kind is None:
        raise Malformed(f"Association type {type_id} does not exist from {kind}")
    return to_kind, id_of(row, "to"), type_id


def id_of(row: Mapping[str, Any], end: str) -> int:
    """``{"from": {"id": "33451"}}``; a number does as well."""
    found = needed(row, end)
    if not isinstance(found, dict):
        raise Malformed(f"{end} must be an object with an id")
    return whole(needed(found, "id"), "id")

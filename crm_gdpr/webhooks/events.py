"""HubSpot's words for what happened, turned into ours.  Pure.

Ids arrive as numbers, or as text from the "Test" button; the type stands under `subscriptionType` or, in older
documents, `eventType`; an association change has two ids and no `objectId`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validates_schema

from crm_gdpr.env import Event

IDENTITY = (
    "portalId",
    "subscriptionType",
    "objectId",
    "fromObjectId",
    "toObjectId",
    "associationRemoved",
    "primaryObjectId",
    "propertyName",
    "occurredAt",
)


class EventSchema(Schema):
    """One element of a delivery."""

    class Meta:
        unknown = EXCLUDE

    type = fields.String(required=True, data_key="subscriptionType")
    portal_id = fields.Integer(required=True, data_key="portalId")
    occurred_ms = fields.Integer(required=True, data_key="occurredAt")
    object_id = fields.Integer(load_default=None, allow_none=True, data_key="objectId")
    from_id = fields.Integer(load_default=None, allow_none=True, data_key="fromObjectId")
    to_id = fields.Integer(load_default=None, allow_none=True, data_key="toObjectId")
    primary_id = fields.Integer(load_default=None, allow_none=True, data_key="primaryObjectId")
    property_name = fields.String(load_default=None, allow_none=True, data_key="propertyName")
    change_source = fields.String(load_default=None, allow_none=True, data_key="changeSource")
    source_id = fields.String(load_default=None, allow_none=True, data_key="sourceId")

    @pre_load
    def older_key(self, data: Any, **_: Any) -> Any:
        if isinstance(data, Mapping) and "subscriptionType" not in data and "eventType" in data:
            return {**data, "subscriptionType": data["eventType"]}
        return data

    @validates_schema
    def has_an_id(self, data: Mapping[str, Any], **_: Any) -> None:
        if all(data.get(name) is None for name in ("object_id", "from_id", "primary_id")):
            raise ValidationError("names no object")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[int, Event]:
        portal_id, primary = data.pop("portal_id"), data.pop("primary_id")
        about = next(i for i in (data["object_id"], primary, data["from_id"]) if i is not None)
        ids = {name: None if data[name] is None else str(data[name]) for name in ("from_id", "to_id")}
        return portal_id, Event(**{**data, **ids, "object_id": str(about)})


SCHEMA = EventSchema()


def parse(element: Any) -> tuple[int, Event]:
    """Return the portal and the event; `ValidationError` says what is wrong with it."""
    loaded: tuple[int, Event] = SCHEMA.load(element)
    return loaded


def key_of(element: Mapping[str, Any]) -> str:
    """Name the fact: a redelivery has the same key, a second change another.  `eventId` is not unique."""
    named = {**element, "subscriptionType": element.get("subscriptionType", element.get("eventType"))}
    identity = [None if named.get(name) is None else str(named[name]) for name in IDENTITY]
    return "event-" + hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:40]


def is_own(event: Event, app_id: str | None) -> bool:
    """Tell whether our own write caused this event."""
    return app_id is not None and event.change_source == "INTEGRATION" and event.source_id == app_id

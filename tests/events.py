"""Events as HubSpot sends them, for the stories."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crm_gdpr.emulator import Portal


def event(portal: Portal, kind: str, object_id: str, **more: Any) -> dict[str, Any]:
    """Return one event about an object, of this portal and of now."""
    return {
        "eventId": 1,
        "subscriptionId": 2,
        "portalId": portal.portal_id,
        "appId": portal.app_id,
        "occurredAt": int(datetime.fromisoformat(portal.clock.now()).timestamp() * 1000),
        "subscriptionType": kind,
        "attemptNumber": 0,
        "objectId": int(object_id),
        "changeSource": "CRM_UI",
        "sourceId": "userId:1",
        **more,
    }


def created(portal: Portal, contact_id: str, **more: Any) -> dict[str, Any]:
    return event(portal, "contact.creation", contact_id, changeFlag="CREATED", **more)

"""What an app is told: the payloads, classic and generic, and the signatures on a delivery."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, date, datetime

from crm_gdpr.emulator.account import Account, Event
from crm_gdpr.emulator.instants import to_ms
from crm_gdpr.emulator.properties import Property
from crm_gdpr.emulator.subscribed import Subscription

_ESCAPED = {"3A": ":", "2F": "/", "3F": "?", "40": "@", "21": "!", "24": "$", "27": "'", "28": "(", "29": ")"}
_DECODED = {f"%{code}": plain for code, plain in {**_ESCAPED, "2A": "*", "2C": ",", "3B": ";"}.items()}


def payload(account: Account, event: Event, subscription: Subscription, event_id: int) -> dict[str, object]:
    """One notification. Ids are numbers here; a change of association names both ends instead of one object."""
    told: dict[str, object] = {
        "eventId": event_id,
        "subscriptionId": subscription.id,
        "portalId": account.portal_id,
        "appId": account.app_id,
        "occurredAt": event.at_ms,
        "subscriptionType": subscription.type,
        "attemptNumber": 0,
    }
    if event.what != "associationChange" or subscription.is_generic:
        told["objectId"] = event.id
    if event.what != "privacyDeletion" and event.kind in account.kinds:
        told |= {"changeSource": event.actor.source, "sourceId": event.actor.id}
    told |= _details(account, event)
    return told | _generic(account, event) if subscription.is_generic else told


def _generic(account: Account, event: Event) -> dict[str, object]:
    """What only the generic form says: object types by their ids, and whether a value is sensitive."""
    more: dict[str, object] = {"objectTypeId": account.kinds[event.kind].type_id}
    if event.what == "propertyChange":
        more["isSensitive"] = _changed(account, event).is_sensitive
    if event.association:
        to_kind, type_id, category = event.association
        more |= {"fromObjectTypeId": more["objectTypeId"], "toObjectTypeId": account.kinds[to_kind].type_id}
        more |= {"associationTypeId": type_id, "associationCategory": category}
    return more


def _details(account: Account, event: Event) -> Mapping[str, object]:
    """A date travels as milliseconds in text, though reads give it in ISO form; a sensitive value does not travel."""
    if event.what != "propertyChange" or event.kind not in account.kinds:
        return event.details
    prop, value = _changed(account, event), str(event.details["propertyValue"])
    if prop.is_sensitive:
        return {**event.details, "propertyValue": "REDACTED"}
    if value and prop.type == "datetime":
        value = str(to_ms(value))
    if value and prop.type == "date":
        value = str(int(datetime.combine(date.fromisoformat(value), datetime.min.time(), UTC).timestamp() * 1000))
    return {**event.details, "propertyValue": value}


def _changed(account: Account, event: Event) -> Property:
    return account.catalogue(event.kind).properties[str(event.details["propertyName"])]


def signed_headers(secret: str, url: str, body: bytes, timestamp_ms: int) -> dict[str, str]:
    """Version 1 over the body, and version 3 over method, address, body and time."""
    v1 = hashlib.sha256(secret.encode() + body).hexdigest()
    source = b"POST" + _decoded(url).encode() + body + str(timestamp_ms).encode()
    v3 = base64.b64encode(hmac.new(secret.encode(), source, hashlib.sha256).digest()).decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "HubSpot Connect 2.0 (http://dev.hubspot.com/) - WebHooks",
        "X-HubSpot-Signature-Version": "v1",
        "X-HubSpot-Signature": v1,
        "X-HubSpot-Signature-v3": v3,
        "X-HubSpot-Request-Timestamp": str(timestamp_ms),
    }


def _decoded(url: str) -> str:
    """Exactly twelve escapes are undone before signing."""
    for escape, character in _DECODED.items():
        url = url.replace(escape, character).replace(escape.lower(), character)
    return url

"""What an app is told: subscriptions, the classic payloads, and the signatures on a delivery."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from crm_gdpr.emulator.account import Account, Event
from crm_gdpr.emulator.instants import to_ms
from crm_gdpr.emulator.kinds import KINDS

_ESCAPED = {"3A": ":", "2F": "/", "3F": "?", "40": "@", "21": "!", "24": "$", "27": "'", "28": "(", "29": ")"}
_DECODED = {f"%{code}": plain for code, plain in {**_ESCAPED, "2A": "*", "2C": ",", "3B": ";"}.items()}


@dataclass(frozen=True)
class Subscription:
    """``type`` is HubSpot's subscriptionType; a property change is subscribed to by property."""

    id: int
    type: str
    property: str = ""


_CONTACT_PROPERTIES = (
    *("email", "firstname", "lastname", "phone", "lifecyclestage", "hs_legal_basis", "hubspot_owner_id"),
    *("associatedcompanyid", "hs_lead_status"),
)
DEFAULT_SUBSCRIPTIONS = tuple(
    Subscription(7_000_001 + number, type_, name)
    for number, (type_, name) in enumerate(
        [
            ("contact.creation", ""),
            ("contact.deletion", ""),
            ("contact.privacyDeletion", ""),
            ("contact.restore", ""),
            ("contact.merge", ""),
            ("contact.associationChange", ""),
            *(("contact.propertyChange", name) for name in _CONTACT_PROPERTIES),
            ("company.creation", ""),
            *(("company.propertyChange", name) for name in ("lifecyclestage", "contract_end_date")),
            ("deal.creation", ""),
            ("deal.propertyChange", "dealstage"),
            ("ticket.creation", ""),
            *(("ticket.propertyChange", name) for name in ("hs_pipeline_stage", "subject")),
        ]
    )
)


def subscription_type(event: Event) -> str:
    return f"{KINDS[event.kind].singular}.{event.what}"


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
    if event.what != "associationChange":
        told["objectId"] = event.id
    if event.what != "privacyDeletion":
        told |= {"changeSource": event.actor.source, "sourceId": event.actor.id}
    return {**told, **_details(account, event)}


def _details(account: Account, event: Event) -> Mapping[str, object]:
    """A date travels as milliseconds in text, though reads give it in ISO form."""
    if event.what != "propertyChange":
        return event.details
    prop = account.catalogue(event.kind).properties[str(event.details["propertyName"])]
    value = str(event.details["propertyValue"])
    if value and prop.type == "datetime":
        value = str(to_ms(value))
    if value and prop.type == "date":
        value = str(int(datetime.combine(date.fromisoformat(value), datetime.min.time(), UTC).timestamp() * 1000))
    return {**event.details, "propertyValue": value}


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

"""The HubSpot developer project, made from the installed addons: what HubSpot is to tell us, and what we may do there.

Pure: the files as values.  `crm-gdpr install --project` writes them; a test holds `hubspot-app/` equal to them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crm_gdpr.registry import Registry
from crm_gdpr.sync.scopes import SCOPES, WHERE_LICENSED

Files = Mapping[str, Mapping[str, Any]]

PLATFORM = "2026.09"
WITHOUT_GENERIC_FORM = ("contact.privacyDeletion", "conversation.")  # HubSpot calls these hub events
MOST_IN_FLIGHT = 10
DOOR = "/webhooks/hubspot"


class ProjectError(Exception):
    """A project that HubSpot would not take."""


def project(registry: Registry, public_url: str) -> Files:
    """Return every file of the project by its path."""
    if urlsplit(public_url).scheme != "https":
        raise ProjectError(f"HubSpot delivers over https only; {public_url!r} cannot be the public address")
    return {
        "hsproject.json": {"name": "crm-gdpr", "srcDir": "src", "platformVersion": PLATFORM},
        "src/app/app-hsmeta.json": {"uid": "crm_gdpr", "type": "app", "config": app()},
        "src/app/webhooks/webhooks-hsmeta.json": {
            "uid": "crm_gdpr_webhooks",
            "type": "webhooks",
            "config": webhooks(registry, public_url.rstrip("/") + DOOR),
        },
    }


def app() -> dict[str, Any]:
    """Return the app of one account: a token that does not expire, and the scopes that our calls need."""
    return {
        "name": "crm_gdpr",
        "description": "Keeps the promises of the privacy notice.",
        "distribution": "private",
        "auth": {
            "type": "static",
            "requiredScopes": sorted(SCOPES),
            "optionalScopes": [],
            "conditionallyRequiredScopes": sorted(WHERE_LICENSED),
        },
        "permittedUrls": {"fetch": [], "iframe": [], "img": []},
    }


def webhooks(registry: Registry, target: str) -> dict[str, Any]:
    """Return what HubSpot is to tell us: each thing that some addon answers, once."""
    told = sorted({(s.event_type, s.property_name or "") for s in registry.subscriptions})
    return {
        "settings": {"targetUrl": target, "maxConcurrentRequests": MOST_IN_FLIGHT},
        "subscriptions": {
            "legacyCrmObjects": [_subscription(*each) for each in told if not _is_hub_event(each[0])],
            "hubEvents": [_subscription(*each) for each in told if _is_hub_event(each[0])],
        },
    }


def write(files: Files, where: Path) -> list[Path]:
    """Write the files below a folder; what else lies there is left alone."""
    for name, content in files.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(content))
    return [where / name for name in files]


def text(content: Mapping[str, Any]) -> str:
    """Return a file as it is written."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _subscription(event_type: str, property_name: str) -> dict[str, Any]:
    named = {"propertyName": property_name} if property_name else {}
    return {"subscriptionType": event_type, **named, "active": True}


def _is_hub_event(event_type: str) -> bool:
    return event_type.startswith(WITHOUT_GENERIC_FORM)

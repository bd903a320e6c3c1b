"""Where a record or a list stands in HubSpot, so that a task can lead there without naming anybody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from crm_gdpr.env import Env

HUBSPOT_API, HUBSPOT_APP = "https://api.hubapi.com", "https://app.hubspot.com"
TYPES = {"contacts": "0-1", "companies": "0-2", "deals": "0-3", "tickets": "0-5"}
ACTIVITIES = {"calls": "0-48", "emails": "0-49", "meetings": "0-47", "notes": "0-46", "tasks": "0-27"}


def record_link(env: Env, kind: str, record_id: str) -> str:
    """Return the address of a record, in HubSpot or in the emulator's own pages."""
    if env.settings.base_url != HUBSPOT_API:
        return f"{env.settings.base_url}/app/{kind}/{record_id}"
    type_id = {**TYPES, **ACTIVITIES}[kind]
    return f"{HUBSPOT_APP}/contacts/{env.settings.portal_id}/record/{type_id}/{record_id}"


def view_link(env: Env, **filters: str) -> str:
    """Return the address of the list of contacts with these values: the saved view of a digest."""
    if env.settings.base_url != HUBSPOT_API:
        return f"{env.settings.base_url}/app/contacts?{urlencode(filters)}"
    asked = [{"property": name, "operator": "IN", "values": [value]} for name, value in filters.items()]
    view = f"{HUBSPOT_APP}/contacts/{env.settings.portal_id}/objects/0-1/views/all/list"
    return f"{view}?filters={quote(json.dumps(asked))}"


def console_link(env: Env, path: str) -> str:
    """Return the address of a page of our own console."""
    return f"{env.settings.public_url}/console/{path}"

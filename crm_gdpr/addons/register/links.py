"""Where a record or a list stands in HubSpot, so that a task can lead there without naming anybody."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from crm_gdpr.env import Env

HUBSPOT_API, HUBSPOT_APP = "https://api.hubapi.com", "https://app.hubspot.com"
TYPES = {"contacts": "0-1", "companies": "0-2", "deals": "0-3", "tickets": "0-5"}
ACTIVITIES = {"calls": "0-48", "communications": "0-18", "emails": "0-49", "meetings": "0-47", "notes": "0-46",
              "postal_mail": "0-116", "tasks": "0-27"}  # fmt: skip
OTHERS = {"leads": "0-136", "feedback_submissions": "0-19", "quotes": "0-14", "orders": "0-123", "invoices": "0-53",
          "subscriptions": "0-69", "carts": "0-142", "commerce_payments": "0-101", "appointments": "0-421",
          "services": "0-162", "courses": "0-410", "listings": "0-420"}  # fmt: skip
# What is no record: {portal} and {id} are filled in.
BESIDE = {
    "threads": "live-messages/{portal}/inbox/{id}",
    "files": "files/{portal}/?showDetails={id}",
    "forms": "submissions/{portal}/form/{id}",
}


def record_link(env: Env, kind: str, record_id: str) -> str:
    """Return the address of a record, in HubSpot or in the emulator's own pages."""
    if env.settings.base_url != HUBSPOT_API:
        return f"{env.settings.base_url}/app/{kind}/{record_id}"
    if kind in BESIDE:
        path = BESIDE[kind].format(portal=env.settings.portal_id, id=record_id.partition("/")[0])
        return f"{HUBSPOT_APP}/{path}"
    type_id = {**TYPES, **ACTIVITIES, **OTHERS}.get(kind, kind)
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

"""What the access answer says about an erasure that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.erasure.handlers import REQUESTED

if TYPE_CHECKING:
    from crm_gdpr.env import Env


def read(env: Env, contact_id: str) -> list[Mapping[str, Any]]:
    """Return what stands on the contact."""
    record = env.hubspot.read("contacts", contact_id, (REQUESTED,))
    return [] if record is None else [{"name": REQUESTED, "value": record.properties.get(REQUESTED)}]

"""What the access answer says about objections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.objection.handlers import NAMES

if TYPE_CHECKING:
    from crm_gdpr.env import Env


def read(env: Env, contact_id: str) -> list[Mapping[str, Any]]:
    """Return what stands on the contact."""
    record = env.hubspot.read("contacts", contact_id, NAMES)
    return [] if record is None else [{"name": name, "value": record.properties.get(name)} for name in NAMES]

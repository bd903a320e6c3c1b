"""What the access answer says about an erasure that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.erasure.watching import REQUESTED
from crm_gdpr.addons.register.export import standing_on_contact

if TYPE_CHECKING:
    from crm_gdpr.env import Env


def read(env: Env, contact_id: str) -> list[Mapping[str, Any]]:
    """Return what stands on the contact."""
    return standing_on_contact(env, contact_id, (REQUESTED,))

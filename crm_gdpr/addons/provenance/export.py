"""What the access answer says about where the data comes from (Art. 15(1)(g))."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.provenance.tagging import TAGS
from crm_gdpr.addons.register.export import standing_on_contact

if TYPE_CHECKING:
    from crm_gdpr.env import Env


def read(env: Env, contact_id: str) -> list[Mapping[str, Any]]:
    """Return the tags the contact carries."""
    return standing_on_contact(env, contact_id, TAGS)

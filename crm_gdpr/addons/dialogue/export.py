"""What the access answer says about the dialogue and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.dialogue.mirror import MIRROR
from crm_gdpr.addons.register.export import standing_on_contact

if TYPE_CHECKING:
    from crm_gdpr.env import Env

ATTESTED = ("gdpr_attested_on", "gdpr_attested_reason")


def read_standing(env: Env, contact_id: str) -> list[Mapping[str, Any]]:
    """Return what stands on the contact."""
    return standing_on_contact(env, contact_id, (*MIRROR, *ATTESTED))

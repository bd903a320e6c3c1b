"""What the access answer says about holds, restriction and reviews."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.register.export import standing_on_contact
from crm_gdpr.addons.retention.holds import NAMES as HOLD

if TYPE_CHECKING:
    from crm_gdpr.env import Env

NAMES = (
    *HOLD,
    "gdpr_restricted",
    "gdpr_review_answer",
    "gdpr_review_answered_on",
    "gdpr_not_relevant_since",
    "gdpr_not_relevant_why",
)


def read(env: Env, contact_id: str) -> list[Mapping[str, Any]]:
    """Return what stands on the contact, and how far it has come on the ladder."""
    rows = standing_on_contact(env, contact_id, NAMES)
    stage = env.store.stages.get(contact_id)
    return rows if stage is None else [*rows, {"name": "stage", "value": stage[0], "since": stage[1].isoformat()}]

"""What the access answer says of properties that stand on the contact: every addon's section reads them alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm_gdpr.env import Env


def standing_on_contact(env: Env, contact_id: str, names: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return one row for each property; none for a contact that is gone."""
    record = env.hubspot.read("contacts", contact_id, names)
    return [] if record is None else [{"name": name, "value": record.properties.get(name)} for name in names]

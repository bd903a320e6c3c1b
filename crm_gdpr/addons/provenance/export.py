"""What the access answer says about where the data comes from (Art. 15(1)(g)), and how that changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.provenance.tagging import TAGS
from crm_gdpr.addons.register.export import standing_on_contact
from crm_gdpr.policy.origin import FOUND_AT

if TYPE_CHECKING:
    from crm_gdpr.env import Env

COVERED = (*TAGS, FOUND_AT)


def read(env: Env, contact_id: str) -> list[Mapping[str, Any]]:
    """Return the tags the contact carries, then every change of them, the first one first."""
    return [*standing_on_contact(env, contact_id, COVERED), *history(env, contact_id)]


def history(env: Env, contact_id: str) -> list[Mapping[str, Any]]:
    """Return what the ledger says of source, class and ground."""
    lines = env.store.ledger.lines(subject=env.pseudonym(contact_id))
    return [
        {"at": line.at, "action": line.action, "by": line.actor, **line.detail}
        for line in lines
        if line.action.startswith("source.")
    ]

"""What the access answer says about where the data comes from (Art. 15(1)(g)), and how that changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.provenance.surroundings import MERGED, merged_ids
from crm_gdpr.addons.provenance.tagging import TAGS
from crm_gdpr.policy.origin import FOUND_AT

if TYPE_CHECKING:
    from crm_gdpr.env import Env

COVERED = (*TAGS, FOUND_AT)


def read(env: Env, contact_id: str) -> list[Mapping[str, Any]]:
    """Return the tags the contact carries, then every change of them, the first one first."""
    record = env.hubspot.read("contacts", contact_id, (*COVERED, *MERGED))
    if record is None:
        return history(env, contact_id)
    standing = [{"name": name, "value": record.properties.get(name)} for name in COVERED]
    return [*standing, *history(env, *merged_ids(record), contact_id)]


def history(env: Env, *contact_ids: str) -> list[Mapping[str, Any]]:
    """Return what the ledger says of source, class and ground; who on our side did it stays with us (C-579/21)."""
    lines = [line for id_ in contact_ids for line in env.store.ledger.lines(subject=env.pseudonym(id_))]
    return [
        {"at": line.at, "action": line.action, **line.detail}
        for line in sorted(lines, key=lambda line: line.seq)
        if line.action.startswith("source.")
    ]

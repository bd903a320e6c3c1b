"""Tags for a contact, from the record's own provenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_gdpr.policy import Policy, Source, classify
from crm_gdpr.policy.source import EVIDENCE as PROVENANCE

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import Record

EVIDENCE = ("createdate", *PROVENANCE)
TAGS = (
    "gdpr_source",
    "gdpr_source_evidence",
    "gdpr_collected_on",
    "gdpr_legal_basis",
    "gdpr_policy_version",
)


def tags(record: Record, policy: Policy) -> dict[str, str]:
    """Return the tags this record should carry, with the evidence they rest on."""
    source = classify(record.properties, policy)
    return {
        "gdpr_source": source.source,
        "gdpr_source_evidence": evidence(source, record.properties),
        "gdpr_collected_on": collected_on(record, policy),
        "gdpr_legal_basis": source.legal_basis or "",
        "gdpr_policy_version": policy.version,
    }


def evidence(source: Source, properties: Mapping[str, str | None]) -> str:
    """Name the rule that matched and the values it matched on; HubSpot's provenance holds no personal data."""
    seen = [f"{name}={properties[name]}" for name in EVIDENCE[2:] if properties.get(name)]
    return f"{source.rule or 'no rule'}: {', '.join(seen) or 'no provenance on the record'}"


def collected_on(record: Record, policy: Policy) -> str:
    """Return the day the record was created, in the controller's time zone."""
    created = record.properties.get("createdate")
    if not created:
        return ""
    return datetime.fromisoformat(created).astimezone(ZoneInfo(policy.controller.timezone)).date().isoformat()


def missing(record: Record, policy: Policy) -> dict[str, str]:
    """Return the tags to write: none on a record that has its source; a person's own edit is never overwritten."""
    if record.properties.get("gdpr_source"):
        return {}
    return {name: value for name, value in tags(record, policy).items() if value}


def tag(env: Env, records: Iterable[Record]) -> int:
    """Write the missing tags of some records and record each in the ledger; returns how many were tagged."""
    changes = {r.id: wanted for r in records if (wanted := missing(r, env.policy))}
    if not changes:
        return 0
    written = env.hubspot.update_many("contacts", changes)
    tagged = {id_: {"source": changes[id_]["gdpr_source"], "policy": env.policy.version} for id_ in written.done}
    env.record_each("source.tagged", actor="provenance", people=tagged)
    refused = {id_: {"why": "HubSpot refused the tag"} for id_ in written.refused}
    env.record_each("source.refused", actor="provenance", people=refused)
    return len(written.done)

"""Tags for contacts, from what HubSpot knows of how they came to be: read, decide, write what differs, record it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crm_gdpr.addons.provenance.legal_basis import PROPERTY, for_hubspot
from crm_gdpr.addons.provenance.mailings import TO_KEEP
from crm_gdpr.addons.provenance.overruling import (
    DECISIONS,
    OPEN_TO_PEOPLE,
    STAMP,
    Decision,
    collected_before,
    decisions,
    stamp_of,
    text_of,
)
from crm_gdpr.addons.provenance.surroundings import MERGED, Surroundings
from crm_gdpr.policy import Around, Policy, Provenance, provenance
from crm_gdpr.policy.origin import ABOUT, PROVENANCE
from crm_gdpr.policy.source import UNKNOWN_SOURCE

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import Record

TAGS = (
    "gdpr_source",
    "gdpr_source_evidence",
    "gdpr_sources",
    "gdpr_collected_on",
    "gdpr_legal_basis",
    "gdpr_lia_version",
    "gdpr_policy_version",
    "gdpr_class",
    "gdpr_email_marketing",
    DECISIONS,
    STAMP,
)
READ = tuple(dict.fromkeys((*ABOUT, *PROVENANCE, *MERGED, PROPERTY, *TAGS)))
UNKNOWN_LIST = "provenance.unknown"


@dataclass(frozen=True)
class Outcome:
    """What one contact should carry, and what has to change for it."""

    record: Record
    found: Provenance
    decided: Mapping[str, Decision]
    changes: Mapping[str, str]


def tag(env: Env, records: Sequence[Record], surroundings: Surroundings | None = None) -> int:
    """Bring the tags of some contacts up to date, and record each change in the ledger; returns how many changed."""
    around = (surroundings or Surroundings(env)).of(records)
    outcomes = {r.id: _outcome(r, *around[r.id], env) for r in records}
    changes = {id_: outcome.changes for id_, outcome in outcomes.items() if outcome.changes}
    written = env.hubspot.update_many("contacts", changes)
    done = [outcomes[id_] for id_ in written.done]
    env.record_each("source.tagged", actor="provenance", people={o.record.id: _told(o, env.policy) for o in done})
    _record_decisions(env, done)
    refused = {id_: {"why": "HubSpot refused the tag"} for id_ in written.refused}
    env.record_each("source.refused", actor="provenance", people=refused)
    _list_unknown(env, outcomes)
    env.store.lists.add(TO_KEEP, [o.record.id for o in done if o.changes.get(PROPERTY)], at=env.clock.now())
    return len(written.done)


def values(record: Record, found: Provenance, decided: Mapping[str, Decision], policy: Policy) -> dict[str, str]:
    """Return every tag as it should stand."""
    had = record.properties
    tests = dict.fromkeys(ground.assessment for ground in found.bases if ground.assessment)
    wanted = {
        "gdpr_source": found.source.source,
        "gdpr_source_evidence": evidence(found, had, decided),
        "gdpr_sources": _all_sources(had.get("gdpr_sources"), found.sources),
        "gdpr_collected_on": collected_on(record, policy),
        "gdpr_legal_basis": "; ".join(f"{ground.purpose}: {ground.legal_basis}" for ground in found.bases),
        "gdpr_lia_version": "; ".join(tests),
        "gdpr_policy_version": policy.version,
        "gdpr_class": found.person,
        "gdpr_email_marketing": found.marketing.email,
        DECISIONS: text_of(decided),
        PROPERTY: for_hubspot(found, had.get(PROPERTY)),
        **{name: decision.value for name, decision in decided.items()},
    }
    if PROPERTY not in had:  # a portal without it answers without it; doctor says so
        del wanted[PROPERTY]
    return {**wanted, STAMP: stamp_of(wanted)}


def evidence(found: Provenance, properties: Mapping[str, str | None], decided: Mapping[str, Decision]) -> str:
    """Name the rule that matched, what it looked at and since when; HubSpot's provenance holds no personal data."""
    if "gdpr_source" in decided:
        return f"decided in HubSpot by {decided['gdpr_source'].by}, {decided['gdpr_source'].at}"
    names = dict.fromkeys((*found.source.rests_on, *(name for name in PROVENANCE if name.startswith("hs_object"))))
    seen = [f"{name}={found.words[name]}" for name in names if found.words.get(name)]
    lacks = [f"lacks {name}" for name in found.source.lacks]
    created = [f"created {properties['createdate']}"] if properties.get("createdate") else []
    said = ", ".join((*seen, *lacks, *created)) or "no provenance on the record"
    why = f". {found.source.why.sv} / {found.source.why.en}" if found.source.source == UNKNOWN_SOURCE else ""
    return f"{found.source.rule or 'no rule'}: {said}{why}"


def collected_on(record: Record, policy: Policy) -> str:
    """Return the first day that is known, in the controller's time zone; moved by anybody else it is put back."""
    created, known = record.properties.get("createdate"), collected_before(record.properties)
    if not created:
        return known or ""
    zone = ZoneInfo(policy.controller.timezone)
    day = datetime.fromisoformat(created).astimezone(zone).date().isoformat()
    return min(known, day) if known else day


def _outcome(record: Record, around: Around, decided: Mapping[str, Decision], env: Env) -> Outcome:
    found = provenance(record.properties, around, env.policy, env.today())
    had = record.properties
    if found.lapsed and had.get("gdpr_source") not in (None, "", "unknown"):
        # a test past its yearly date takes no standing tag away; people may still decide
        wanted = {DECISIONS: text_of(decided), **{name: decision.value for name, decision in decided.items()}}
    else:
        wanted = values(record, found, decided, env.policy)
    return Outcome(record, found, decided, {n: v for n, v in wanted.items() if (had.get(n) or "") != v})


def _all_sources(known: str | None, found: Sequence[str]) -> str:
    """Every source there ever was, the first one first; what was unknown once is not a source."""
    sources = [*(known or "").split(", "), *found]
    return ", ".join(dict.fromkeys(each for each in sources if each and each != "unknown"))


def _told(outcome: Outcome, policy: Policy) -> dict[str, Any]:
    """What the ledger says of a change: codes, never values that people wrote."""
    found, had = outcome.found, outcome.record.properties.get("gdpr_source")
    grounds = {ground.purpose: ground.legal_basis for ground in found.bases}
    told = {"source": found.source.source, "rule": found.source.rule, "class": found.person, "legal_basis": grounds}
    tests = list(dict.fromkeys(ground.assessment for ground in found.bases if ground.assessment))
    was = {"was": had} if had and had != found.source.source else {}
    return {**told, **was, "email_marketing": found.marketing.email, "balancing_tests": tests, "policy": policy.version}


def _record_decisions(env: Env, outcomes: Sequence[Outcome]) -> None:
    """Each new decision of a person is a line of its own, by that person."""
    for outcome in outcomes:
        known = decisions(outcome.record.properties.get(DECISIONS))
        for name in OPEN_TO_PEOPLE:
            decision = outcome.decided.get(name)
            if decision and known.get(name) != decision:
                detail = {"property": name, "decided_at": decision.at}
                env.record("source.overruled", actor=decision.by, contact_id=outcome.record.id, **detail)


def _list_unknown(env: Env, outcomes: Mapping[str, Outcome]) -> None:
    """Keep the list of those whose source is unknown, for a person to look at."""
    final = {id_: o.changes.get("gdpr_source", o.record.properties.get("gdpr_source")) for id_, o in outcomes.items()}
    unknown = [id_ for id_, source in final.items() if source == "unknown"]
    env.store.lists.remove(UNKNOWN_LIST, outcomes.keys() - set(unknown))
    env.store.lists.add(UNKNOWN_LIST, unknown, at=env.clock.now())

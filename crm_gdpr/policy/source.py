"""Where a contact comes from, and on what ground it is kept: the rules of policy.toml over HubSpot's provenance.

Pure.  No rule that fits means unknown, with no ground at all: never a silent default (Art. 6, 14(2)(f)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crm_gdpr.policy.book import Policy, SourceRule
from crm_gdpr.policy.text import Text

EVIDENCE = (  # the HubSpot properties a rule may look at
    "lifecyclestage",
    "hs_object_source",
    "hs_object_source_label",
    "hs_object_source_id",
    "hs_object_source_detail_1",
    "hs_analytics_source",
)

NO_RULE = Text(
    sv="Ingen regel i policyn passar det HubSpot vet om hur kontakten skapades.",
    en="No rule of the policy fits what HubSpot knows of how the contact was created.",
)


@dataclass(frozen=True)
class Source:
    """Where the data comes from, its legal basis, and the rule that said so; unknown has neither basis nor rule."""

    source: str
    legal_basis: str
    rule: str | None
    why: Text


def classify(properties: Mapping[str, str | None], policy: Policy) -> Source:
    """Return the source of a contact by the first rule that fits its provenance."""
    rule = next((rule for rule in policy.sources if fits(rule, properties)), None)
    if rule is None:
        return Source("unknown", "", None, NO_RULE)
    return Source(rule.source, rule.legal_basis, rule.name, rule.why)


def fits(rule: SourceRule, properties: Mapping[str, str | None]) -> bool:
    """Tell whether every property the rule names has one of the values it lists."""
    return all(
        any(matches(properties.get(name), pattern) for pattern in patterns) for name, patterns in rule.when.items()
    )


def matches(value: str | None, pattern: str) -> bool:
    """Compare without regard to case; `text*` fits whatever begins so, and `*` whatever is set at all."""
    found, wanted = (value or "").strip().casefold(), pattern.strip().casefold()
    if wanted.endswith("*"):
        return bool(found) and found.startswith(wanted[:-1])
    return found == wanted

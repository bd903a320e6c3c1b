"""Where a contact comes from: the rules of policy.toml over what HubSpot knows of how it came to be.

Pure.  No rule that fits, or one whose demands are not met, means unknown: never a silent default (Art. 14(2)(f)).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.matching import fits
from crm_gdpr.policy.text import Text

UNKNOWN_SOURCE = "unknown"
NO_RULE = Text(
    sv="Ingen regel i policyn passar det HubSpot vet om hur kontakten skapades.",
    en="No rule of the policy fits what HubSpot knows of how the contact was created.",
)


@dataclass(frozen=True)
class Source:
    """Where the data comes from, the rule that said so, what it rests on, and what it lacks; unknown has no ground."""

    source: str
    rule: str | None
    why: Text
    rests_on: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def classify(known: Mapping[str, str | None], policy: Policy) -> Source:
    """Return the source of a contact by the first rule that fits what is known of it (`origin.py`)."""
    rule = next((rule for rule in policy.sources if fits(rule.when, known)), None)
    if rule is None:
        return Source(UNKNOWN_SOURCE, None, NO_RULE)
    lacks = tuple(name for name in rule.demands if not known.get(name))
    if lacks:
        return Source(UNKNOWN_SOURCE, rule.name, rule.lacking or NO_RULE, tuple(rule.when), lacks)
    return Source(rule.source, rule.name, rule.why, (*rule.when, *rule.demands))


def strictest(sources: Iterable[str], policy: Policy) -> str:
    """Return the source that two merged records keep: the first of the policy's order that is among theirs."""
    found = set(sources)
    return next((source for source in policy.people.strictest if source in found), UNKNOWN_SOURCE)

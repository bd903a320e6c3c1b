"""The lawful basis of each purpose for one person, and the balancing test behind it (Art. 6(1)).  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from crm_gdpr.policy.assessment import current
from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.matching import fits
from crm_gdpr.policy.text import Text


@dataclass(frozen=True)
class Basis:
    """The ground of one purpose; `assessment` is the version of the balancing test where the ground needs one."""

    purpose: str
    legal_basis: str
    why: Text
    assessment: str | None = None

    @property
    def stands(self) -> bool:
        """Legitimate interest stands on a current balancing test only."""
        return self.legal_basis != "legitimate_interest" or self.assessment is not None


def bases(words: Mapping[str, str], policy: Policy, on: date) -> tuple[Basis, ...]:
    """Return the ground of every purpose that has one for this source, class and relation, in the policy's order."""
    found: dict[str, Basis] = {}
    for row in policy.bases:
        if row.purpose not in found and fits(row.when, words):
            test = current(policy, words.get("source", ""), row.purpose, on)
            found[row.purpose] = Basis(
                row.purpose,
                row.legal_basis,
                row.why,
                f"{test.name} {test.version}" if test and row.legal_basis == "legitimate_interest" else None,
            )
    return tuple(found.values())

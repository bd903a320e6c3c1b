"""Balancing tests: which one covers a source and a purpose, and whether it is current.  Pure.

Legitimate interest without a balancing test is no ground (Art. 6(1)(f)); one not reviewed for a year is not current.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crm_gdpr.policy.book import Policy
from crm_gdpr.policy.book_people import Assessment
from crm_gdpr.policy.calendar import add_months
from crm_gdpr.policy.text import Text

VALID_MONTHS = 12
WARN = timedelta(days=30)


@dataclass(frozen=True)
class Watched:
    """A balancing test to be reviewed: how bad it is, a key of the fact, and what to say."""

    state: str
    key: str
    text: Text


def review_due_on(assessment: Assessment) -> date:
    """Return the day from which the assessment is no longer current."""
    return add_months(assessment.reviewed_on, VALID_MONTHS)


def current(policy: Policy, source: str, purpose: str, on: date) -> Assessment | None:
    """Return the assessment that covers this source and purpose on this day; None where there is none."""
    return next(
        (
            a
            for a in policy.assessments
            if source in a.sources and a.purpose == purpose and a.reviewed_on <= on < review_due_on(a)
        ),
        None,
    )


def watched(policy: Policy, on: date) -> Iterator[Watched]:
    """Yield what a person should do about the assessments: `broken` past the yearly date, `look` 30 days before."""
    for found in policy.assessments:
        due = review_due_on(found)
        if on >= due:
            yield Watched(
                "broken",
                f"{found.name}-{due}-late",
                Text(
                    sv=f"Intresseavvägningen {found.name} skulle ha granskats {due}; ingen märks enligt den.",
                    en=f"The balancing test {found.name} was to be reviewed on {due}; nobody is tagged by it.",
                ),
            )
        elif on >= due - WARN:
            yield Watched(
                "look",
                f"{found.name}-{due}",
                Text(
                    sv=f"Intresseavvägningen {found.name} ska granskas före {due}.",
                    en=f"The balancing test {found.name} is to be reviewed before {due}.",
                ),
            )

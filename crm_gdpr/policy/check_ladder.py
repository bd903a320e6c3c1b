"""Whether HubSpot can keep a ladder: its recycle bin empties after 90 days, whatever a policy says.

Months are measured in days over every start in four years, so that no short February is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from crm_gdpr.policy.book import Ladder, Policy, Retention
from crm_gdpr.policy.calendar import add_months
from crm_gdpr.policy.finding import Finding, error, warning

HUBSPOT_BIN_DAYS = 90  # HubSpot purges a deleted record after so many days
STARTS = tuple(date(2024, 1, 1) + timedelta(days=n) for n in range(4 * 365 + 1))


def ladder_findings(policy: Policy) -> Iterator[Finding]:
    """Judge both ladders, the bin between their steps, and the way of destruction."""
    retention = policy.retention
    yield from _bin(retention)
    for name, ladder in (("ladder", retention.ladder), ("unanswered", retention.unanswered)):
        if ladder.review_months < ladder.archive_months < ladder.erase_months:
            yield from _gaps(f"retention.{name}", ladder, retention)
        else:
            yield _descends(f"retention.{name}", ladder)
    yield from _shorter(retention)
    yield from _ways(policy)


def days_between(earlier: int, later: int) -> tuple[int, int]:
    """Return how few and how many days can lie between two numbers of months after the same day."""
    days = [(add_months(start, later) - add_months(start, earlier)).days for start in STARTS]
    return min(days), max(days)


def _bin(retention: Retention) -> Iterator[Finding]:
    bin_days, erase_day, archive_days = retention.bin_days, retention.erase_on_bin_day, retention.archive_days
    if bin_days > HUBSPOT_BIN_DAYS:
        yield error(
            "retention.bin_days",
            f"HubSpot tömmer papperskorgen efter {HUBSPOT_BIN_DAYS} dagar, inte {bin_days}.",
            f"HubSpot empties the recycle bin after {HUBSPOT_BIN_DAYS} days, not {bin_days}.",
        )
    if erase_day > bin_days:
        yield error(
            "retention.erase_on_bin_day",
            f"Radering på dag {erase_day} kommer för sent: papperskorgen är tom efter {bin_days} dagar.",
            f"Erasing on day {erase_day} comes too late: the bin is empty after {bin_days} days.",
        )
    if archive_days > erase_day:
        yield error(
            "retention.archive_days",
            f"Radering ska ske senast på dag {erase_day} i papperskorgen men får ske först efter {archive_days} dagar.",
            f"Erasure is due on day {erase_day} in the bin at the latest, yet allowed only after {archive_days} days.",
        )


def _descends(key: str, ladder: Ladder) -> Finding:
    steps = f"{ladder.review_months}, {ladder.archive_months}, {ladder.erase_months}"
    return error(
        key,
        f"Stegen måste stiga: granska, arkivera, radera efter {steps} månader gör det inte.",
        f"The steps must ascend: review, archive, erase after {steps} months do not.",
    )


def _gaps(key: str, ladder: Ladder, retention: Retention) -> Iterator[Finding]:
    fewest, most = days_between(ladder.archive_months, ladder.erase_months)
    if fewest > retention.bin_days:
        yield _bin_empties_early(key, ladder, fewest, retention.bin_days)
    if most < retention.archive_days:
        yield _too_close(f"{key}.erase_months", most, retention.archive_days)
    _, most = days_between(ladder.review_months, ladder.archive_months)
    if most < retention.review_days:
        yield _too_close(f"{key}.archive_months", most, retention.review_days)


def _bin_empties_early(key: str, ladder: Ladder, gap: int, bin_days: int) -> Finding:
    archive, erase = ladder.archive_months, ladder.erase_months
    return error(
        f"{key}.archive_months",
        f"Arkivering efter {archive} månader, radering efter {erase}: minst {gap} dagar emellan, men HubSpot tömmer "
        f"papperskorgen efter {bin_days}. Uppgifterna är borta minst {gap - bin_days} dagar före raderingen. "
        "Arkivera senare eller radera tidigare.",
        f"Archive after {archive} months, erase after {erase}: at least {gap} days between them, but HubSpot empties "
        f"the bin after {bin_days}. The data is gone at least {gap - bin_days} days before the erase step. "
        "Archive later, or erase earlier.",
    )


def _too_close(key: str, most: int, wait: int) -> Finding:
    return warning(
        key,
        f"Steget kan inte tas i tid: det är högst {most} dagar sedan steget före, som måste ha stått i {wait}.",
        f"The step cannot be taken in time: the step before it began at most {most} days ago and must stand {wait}.",
    )


def _shorter(retention: Retention) -> Iterator[Finding]:
    if retention.unanswered.erase_months > retention.ladder.erase_months:
        yield warning(
            "retention.unanswered.erase_months",
            "De som aldrig svarat sparas längre än de som gjort det.",
            "Those who never answered are kept longer than those who did.",
        )


def _ways(policy: Policy) -> Iterator[Finding]:
    if policy.destruction.requested == "bin":
        yield error(
            "destruction.requested",
            f"Papperskorgen tar {policy.retention.bin_days} dagar; en begäran om radering ska uppfyllas inom en månad "
            "(artikel 12.3).",
            f"The bin takes {policy.retention.bin_days} days; an erasure that was requested is due within one month "
            "(Art. 12(3)).",
        )
    if policy.destruction.timed_out == "gdpr-delete":
        yield warning(
            "destruction.timed_out",
            "HubSpot dokumenterar inte gdpr-delete för en arkiverad post, och anropet spärrar adressen.",
            "HubSpot does not document gdpr-delete on an archived record, and the call blocklists the address.",
        )

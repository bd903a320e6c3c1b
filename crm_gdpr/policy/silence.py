"""When an owner's silence lets somebody go: only after a second word, in time for an answer and not too long ago.

Silence means let go when the archive is due, and a second digest thirty days before says so.  Where somebody has
answered, or the person themselves has spoken, there is no silence to wait for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from crm_gdpr.policy.book import Review
from crm_gdpr.policy.verdict import ARCHIVE, REVIEW, Verdict

REMEMBERED = timedelta(days=180)  # after a longer stop nobody knows any more what a digest said
NO_SILENCE = frozenset(("objected", "not_relevant", "let_go"))


@dataclass(frozen=True)
class Told:
    """The day the review of somebody began, with its digest, and the day their owner was told once more."""

    began: date
    again_on: date | None


def may_let_go(verdict: Verdict, told: Told | None, review: Review, on: date) -> bool:
    """Tell whether nothing but silence stands for this archive, or the owner was told of it in time."""
    if verdict.verdict != ARCHIVE or not _rests_on_silence(verdict):
        return True
    last = _last(verdict, told, review)
    return last is not None and last + timedelta(days=review.remind_days) <= on <= last + REMEMBERED


def must_be_told(verdict: Verdict, told: Told | None, review: Review, on: date) -> bool:
    """Tell whether the owner is to be told now that silence lets this person go soon, or would have already."""
    day = archive_on(verdict)
    if day is None or day > on + _ahead(review) or not _rests_on_silence(verdict):
        return False
    last = _last(verdict, told, review)
    return last is None or on > last + REMEMBERED


def archive_on(verdict: Verdict) -> date | None:
    """Return the day that somebody in review is to be archived, or was to be."""
    if verdict.reached != REVIEW:
        return None
    if verdict.verdict == ARCHIVE:
        return verdict.since
    return verdict.next.on if verdict.next and verdict.next.step == ARCHIVE else None


def _rests_on_silence(verdict: Verdict) -> bool:
    return not any(reason.code in NO_SILENCE for reason in verdict.because)


def _last(verdict: Verdict, told: Told | None, review: Review) -> date | None:
    """Return the day the owner was told last; the first digest said it all where the archive followed soon."""
    day = archive_on(verdict)
    if told is None or day is None:
        return None
    first = told.began if day - told.began <= _ahead(review) else date.min
    last = max(first, told.again_on or date.min)
    return None if last == date.min else last


def _ahead(review: Review) -> timedelta:
    """How long before the archive a second digest may come: an owner may have to be left in peace for a week."""
    return timedelta(days=review.remind_days + review.digest_days)

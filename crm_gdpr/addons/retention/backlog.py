"""How many people are past their time already, and the day on which the last of them is archived under the caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_gdpr.env import Env


@dataclass(frozen=True)
class Backlog:
    """People whose archive is due, or waits only for the review to be over; as it would go from today on."""

    people: int
    a_day: int
    ends_on: date


def backlog(env: Env) -> Backlog | None:
    """Return the backlog as the index knows it; None where there is none."""
    today = env.today()
    by_day = env.store.index.to_archive(today, today + timedelta(days=env.policy.retention.review_days))
    if not by_day:
        return None
    a_day = env.policy.destruction.people_a_day(sum(env.store.index.counts().values()))
    return Backlog(sum(by_day.values()), a_day, last_day(by_day, a_day))


def last_day(by_day: Mapping[date, int], a_day: int) -> date:
    """Return the day the last is archived, when so many may be a day and nobody before theirs."""
    day, left = min(by_day), 0
    for due, count in sorted(by_day.items()):
        full_days = min(left // a_day, (due - day).days)
        left -= full_days * a_day
        if left and day + timedelta(days=full_days) < due:
            left = 0
        day, left = max(due, day + timedelta(days=full_days)), left + count
    return day + timedelta(days=(left - 1) // a_day)

"""The call limits of an account, by plan. Real seconds for the bursts, the account's own day for the daily one.

Bursts are counted for each app, the day and the searches for the account; the association API counts for itself.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

BURST_SECONDS, SEARCH_SECONDS, SEARCH_MOST = 10, 1, 5
ORDINARY, SEARCHES, ASSOCIATIONS = "ordinary", "search", "associations"


@dataclass(frozen=True)
class Plan:
    """``daily`` of None is no limit, and no word of one in the headers: so for apps with OAuth."""

    burst: int
    daily: int | None
    association_burst: int
    association_daily: int | None


PLANS = {
    "free": Plan(100, 250_000, 100, 250_000),
    "starter": Plan(100, 250_000, 100, 250_000),
    "professional": Plan(190, 625_000, 150, 500_000),
    "enterprise": Plan(190, 1_000_000, 150, 500_000),
    "increased": Plan(250, 2_000_000, 200, 1_000_000),
    "oauth": Plan(110, None, 150, None),
}


@dataclass(frozen=True)
class Exceeded:
    policy: str
    message: str


@dataclass(frozen=True)
class Usage:
    """Calls of the day, of how many, and when the count begins anew."""

    limit: int | None
    used: int
    resets_ms: int


class Window:
    """At most so many calls in any stretch of so many seconds."""

    def __init__(self, most: int, seconds: float, seconds_now: Callable[[], float]) -> None:
        self.most, self._seconds, self._now = most, seconds, seconds_now
        self._calls: deque[float] = deque()

    def remaining(self) -> int:
        now = self._now()
        while self._calls and self._calls[0] <= now - self._seconds:
            self._calls.popleft()
        return self.most - len(self._calls)

    def since(self, seconds: float) -> int:
        """Calls in the last so many seconds."""
        now = self._now()
        return sum(called > now - seconds for called in tuple(self._calls))  # others call meanwhile

    def take(self) -> bool:
        if self.remaining() <= 0:
            return False
        self._calls.append(self._now())
        return True


class Limits:
    """Counts calls and says when one is too many."""

    def __init__(self, plan: str, seconds_now: Callable[[], float] = time.monotonic) -> None:
        self.plan, self._now = PLANS[plan], seconds_now
        self._search = Window(SEARCH_MOST, SEARCH_SECONDS, seconds_now)
        self._bursts: dict[tuple[str, int], Window] = {}
        self._day, self._today = "", {ORDINARY: 0, ASSOCIATIONS: 0}

    def take(self, day: str, *, of: str = ORDINARY, app_id: int = 0) -> Exceeded | None:
        """Count one call on this day of the account's calendar."""
        if day != self._day:
            self._day, self._today = day, dict.fromkeys(self._today, 0)
        counted = ASSOCIATIONS if of == ASSOCIATIONS else ORDINARY
        most = self.plan.association_daily if of == ASSOCIATIONS else self.plan.daily
        if most is not None and self._today[counted] >= most:
            return Exceeded("DAILY", "You have reached your daily limit.")
        if of == SEARCHES and not self._search.take():
            return Exceeded("SECONDLY", "You have reached your secondly limit.")
        if of != SEARCHES and not self._burst(of, app_id).take():
            return Exceeded("TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit.")
        self._today[counted] += 1
        return None

    def used(self, day: str) -> int:
        """Ordinary calls so far, as the account's usage shows them."""
        return self._today[ORDINARY] if day == self._day else 0

    def headers(self, *, of: str = ORDINARY, app_id: int = 0) -> dict[str, str]:
        """A search is answered with the daily pair alone; a tenth of the burst is told as a figure for each second."""
        daily = {} if self.plan.daily is None else self._daily(self.plan.daily)
        if of == SEARCHES:
            return daily
        burst = self._burst(of, app_id)
        secondly = burst.most // BURST_SECONDS
        return daily | {
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(BURST_SECONDS * 1000),
            "X-HubSpot-RateLimit-Max": str(burst.most),
            "X-HubSpot-RateLimit-Remaining": str(max(0, burst.remaining())),
            "X-HubSpot-RateLimit-Secondly": str(secondly),
            "X-HubSpot-RateLimit-Secondly-Remaining": str(max(0, secondly - burst.since(1))),
        }

    def _daily(self, most: int) -> dict[str, str]:
        left = str(most - self._today[ORDINARY])
        return {"X-HubSpot-RateLimit-Daily": str(most), "X-HubSpot-RateLimit-Daily-Remaining": left}

    def _burst(self, of: str, app_id: int) -> Window:
        most = self.plan.association_burst if of == ASSOCIATIONS else self.plan.burst
        return self._bursts.setdefault((of, app_id), Window(most, BURST_SECONDS, self._now))

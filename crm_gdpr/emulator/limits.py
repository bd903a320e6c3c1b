"""The call limits of an account, by plan. Real seconds for the bursts, the account's own day for the daily one."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

BURST_SECONDS, SEARCH_SECONDS, SEARCH_MOST = 10, 1, 5


@dataclass(frozen=True)
class Plan:
    burst: int
    daily: int


PLANS = {
    "free": Plan(100, 250_000),
    "starter": Plan(100, 250_000),
    "professional": Plan(190, 625_000),
    "enterprise": Plan(190, 1_000_000),
    "increased": Plan(250, 2_000_000),
}


@dataclass(frozen=True)
class Exceeded:
    policy: str
    message: str


class Window:
    """At most so many calls in any stretch of so many seconds."""

    def __init__(self, most: int, seconds: float, seconds_now: Callable[[], float]) -> None:
        self._most, self._seconds, self._now = most, seconds, seconds_now
        self._calls: deque[float] = deque()

    def remaining(self) -> int:
        while self._calls and self._calls[0] <= self._now() - self._seconds:
            self._calls.popleft()
        return self._most - len(self._calls)

    def take(self) -> bool:
        if self.remaining() <= 0:
            return False
        self._calls.append(self._now())
        return True


class Limits:
    """Counts calls and says when one is too many. Searches have a window of their own."""

    def __init__(self, plan: str, seconds_now: Callable[[], float] = time.monotonic) -> None:
        self.plan = PLANS[plan]
        self._burst = Window(self.plan.burst, BURST_SECONDS, seconds_now)
        self._search = Window(SEARCH_MOST, SEARCH_SECONDS, seconds_now)
        self._day, self._today = "", 0

    def take(self, day: str, *, is_search: bool) -> Exceeded | None:
        """Count one call on this day of the account's calendar."""
        if day != self._day:
            self._day, self._today = day, 0
        if self._today >= self.plan.daily:
            return Exceeded("DAILY", "You have reached your daily limit.")
        if is_search and not self._search.take():
            return Exceeded("SECONDLY", "You have reached your secondly limit.")
        if not is_search and not self._burst.take():
            return Exceeded("TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit.")
        self._today += 1
        return None

    def headers(self) -> dict[str, str]:
        return {
            "X-HubSpot-RateLimit-Daily": str(self.plan.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(self.plan.daily - self._today),
            "X-HubSpot-RateLimit-Interval-Milliseconds": str(BURST_SECONDS * 1000),
            "X-HubSpot-RateLimit-Max": str(self.plan.burst),
            "X-HubSpot-RateLimit-Remaining": str(max(0, self._burst.remaining())),
        }

"""One budget of calls for the account, shared by all processes through Redis.

HubSpot counts calls per account in a rolling window; this admits them a little slower than that, so that a 429 is
the exception.  Two lanes share each allowance: `interactive` may always go a few calls deeper than `bulk`, so a
person never waits behind a scan, and what nobody interactive uses, the scan may.  Without Redis each process goes
on alone at a quarter of the rate.  Redis holds counters only: flushed, it costs a few seconds of caution at most.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Literal
from zoneinfo import ZoneInfo

from pyrate_limiter import GCRA, Decision, InMemoryStateStore, Rate, RedisStateStore, StateStore
from redis import Redis, RedisError

from crm_gdpr.sync.errors import DAILY, Limited, Said

Lane = Literal["interactive", "bulk"]
Family = Literal["general", "associations", "search"]

FAMILIES: tuple[Family, ...] = ("general", "associations", "search")
PATIENCE: Mapping[Lane, float] = {"interactive": 15.0, "bulk": 300.0}  # seconds of waiting before giving up
PROCESSES = 4  # how many may run alone when Redis is gone, and still stay inside the limit together
ALONE = 5.0  # seconds before a lost Redis is asked again
SPENT = 900.0  # seconds that a spent day stops all calls before HubSpot is asked again

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """So many calls in a window of so many milliseconds."""

    calls: int
    window_ms: int = 10_000

    def rate(self, lane: Lane, reserve: float, share: int = 1) -> Rate:
        """A steady rate and a burst that together stay within the limit in every window.

        The reserve is burst that only the interactive lane may use.
        """
        kept, slack = ceil(self.calls * reserve), max(1, self.calls // 50)
        burst = slack if lane == "bulk" else slack + kept
        return Rate(max(1, (self.calls - kept - slack) // share), self.window_ms, burst=burst)


@dataclass(frozen=True)
class Plan:
    """What an account may call, by its subscription."""

    general: Limit
    associations: Limit
    daily: int
    search: Limit = Limit(5, 1_000)

    def limit(self, family: Family) -> Limit:
        return {"general": self.general, "associations": self.associations, "search": self.search}[family]


PLANS: Mapping[str, Plan] = {
    "free": Plan(Limit(100), Limit(100), daily=250_000),
    "professional": Plan(Limit(190), Limit(150), daily=625_000),
    "enterprise": Plan(Limit(190), Limit(150), daily=1_000_000),
    "addon": Plan(Limit(250), Limit(200), daily=1_625_000),
}


def families_of(path: str) -> tuple[Family, ...]:
    """Which allowances a call is taken from.

    Search has its own.  Batches of associations have theirs too; HubSpot's files exempt them from the general one, but
    not every account behaves so, and taken from both they meet no 429 either way.
    """
    if path.endswith("/search"):
        return ("search",)
    return ("associations", "general") if path.startswith("/crm/v4/associations/") else ("general",)


class Budget:
    """Admits calls to one portal; `acquire` returns when a call may be made."""

    def __init__(
        self,
        redis: Redis,
        portal: str,
        plan: str = "free",
        *,
        reserve: float = 0.1,
        zone: str = "Europe/Stockholm",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._redis, self._plan, self._reserve, self._sleep = redis, PLANS[plan], reserve, sleep
        self._key = f"crm_gdpr:budget:{portal}"
        self._zone = ZoneInfo(zone)  # HubSpot's day ends at midnight where the account is
        self._shared: dict[Family, StateStore] = {
            family: RedisStateStore(redis, f"{self._key}:{family}", ttl_ms=60_000) for family in FAMILIES
        }
        self._own: dict[Family, StateStore] = {family: InMemoryStateStore() for family in FAMILIES}
        self._alone_until = 0.0

    @staticmethod
    def of(plan: str, portal: int, redis: Redis) -> Budget:
        """The budget of a plan by its name; `unlimited` is one of them."""
        if plan == "unlimited":
            return Budget.unlimited()
        if plan not in PLANS:
            raise ValueError(f"HUBSPOT_PLAN is {plan!r}; it may be {', '.join(PLANS)}")
        return Budget(redis, str(portal), plan)

    @staticmethod
    def unlimited() -> Budget:
        """No limits, for an emulator that has none."""
        return _Unlimited()

    def acquire(self, family: Family, lane: Lane) -> None:
        """Wait until one call may be made; `Limited` where the day is spent or patience ends."""
        give_up_at = time.monotonic() + PATIENCE[lane]
        while wait := self._wait(family, lane):
            if time.monotonic() + wait > give_up_at:
                raise Limited(Said(policy="BUDGET", retry_after=wait))
            self._sleep(wait)

    def pause(self, family: Family, seconds: float) -> None:
        """HubSpot answered 429: every process waits so long before its next call of this family."""
        self._quietly(lambda: self._redis.set(f"{self._key}:pause:{family}", 1, px=max(1, int(seconds * 1000))))

    def day_is_spent(self) -> None:
        """HubSpot says the day's calls are used up: no process asks again for a while."""
        self._quietly(lambda: self._redis.set(f"{self._key}:pause:day", 1, px=int(SPENT * 1000)))

    def spent_today(self) -> int:
        """Calls made since midnight, by all processes; 0 where Redis does not answer."""
        count: list[int] = []
        self._quietly(lambda: count.append(_number(self._redis.get(self._today()))))
        return sum(count)

    def _wait(self, family: Family, lane: Lane) -> float:
        """Seconds to wait before asking again; 0: the call is admitted, and counted."""
        if time.monotonic() >= self._alone_until:
            try:
                return self._paused(family, lane) or self._admit_shared(family, lane)
            except RedisError:
                self._alone_until = time.monotonic() + ALONE
                log.warning("Redis does not answer: this process keeps to a quarter of HubSpot's limit by itself")
        rate = self._plan.limit(family).rate(lane, self._reserve, share=PROCESSES)
        return _ask(self._own[family], rate)

    def _paused(self, family: Family, lane: Lane) -> float:
        """Seconds that a 429 still stops this family; a spent day raises."""
        keys = self._redis.pipeline(transaction=False)
        keys.pttl(f"{self._key}:pause:day")
        keys.pttl(f"{self._key}:pause:{family}")
        keys.get(self._today())
        day_ms, family_ms, spent = keys.execute()
        kept = self._reserve if lane == "bulk" else 0.0
        if day_ms > 0 or _number(spent) >= self._plan.daily * (1 - kept):
            raise Limited(Said(policy=DAILY, retry_after=SPENT))
        return max(0.0, float(family_ms) / 1000)

    def _admit_shared(self, family: Family, lane: Lane) -> float:
        wait = _ask(self._shared[family], self._plan.limit(family).rate(lane, self._reserve))
        if not wait and family != "associations":  # these are taken from the general allowance too, and counted there
            counts = self._redis.pipeline(transaction=False)
            counts.incr(self._today())
            counts.expire(self._today(), 2 * 86_400)
            counts.execute()
        return wait

    def _today(self) -> str:
        return f"{self._key}:day:{datetime.now(self._zone).date().isoformat()}"

    def _quietly(self, note: Callable[[], object]) -> None:
        """What is lost with Redis is caution; the call itself goes on."""
        try:
            note()
        except RedisError:
            log.warning("Redis does not answer: other processes were not told to wait")


def _ask(store: StateStore, rate: Rate) -> float:
    """Seconds until one more call fits; 0: it fits now, and has been taken."""
    decision = store.check(GCRA(), [rate], time.time_ns() // 1_000_000, 1)
    if not isinstance(decision, Decision):
        raise TypeError("the budget needs a blocking Redis client")
    return 0.0 if decision.allowed else max(1, decision.retry_after_ms or 1) / 1000


def _number(value: object) -> int:
    return int(value) if isinstance(value, bytes | str | int) else 0


class _Unlimited(Budget):
    """Admits everything and remembers nothing."""

    def __init__(self) -> None:
        """Needs no Redis."""

    def acquire(self, family: Family, lane: Lane) -> None:
        """Admitted."""

    def pause(self, family: Family, seconds: float) -> None:
        """The transport itself waits."""

    def day_is_spent(self) -> None:
        """Nobody to tell."""

    def spent_today(self) -> int:
        return 0

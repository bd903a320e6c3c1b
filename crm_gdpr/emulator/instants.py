"""Instants as HubSpot writes them, and a clock that runs with real time and can be moved."""

import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from crm_gdpr.emulator.errors import Malformed

DAY_MS = 24 * 3600 * 1000
_LAST_MS = 221_845_392_000_000  # 9000-01-01, so that periods can be added to it
_REMEMBERED = 65_536  # one instant is written and read again and again, and kept once


@lru_cache(_REMEMBERED)
def text(ms: int) -> str:
    """Write an instant as HubSpot does: UTC, milliseconds only where there are any."""
    instant = datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000, tzinfo=None)
    return instant.isoformat(timespec="milliseconds" if ms % 1000 else "seconds") + "Z"


@lru_cache(_REMEMBERED)
def to_ms(value: str) -> int:
    """Read an ISO instant or epoch milliseconds; ValueError for anything else."""
    if value.lstrip("-").isdigit():
        return int(value)
    instant = datetime.fromisoformat(value)
    return round((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp() * 1000)


class Clock:
    """The account's own time: set to any instant, then running with real time from there, or standing still."""

    _start_ms: int
    _started: float | None

    def __init__(self, now: str) -> None:
        self.set(now)

    def set(self, now: str) -> None:
        try:
            at_ms = to_ms(now)
        except ValueError:
            raise Malformed(f"The clock is set to an instant such as 2026-11-02T08:00:00Z, not {now}") from None
        self._start_ms, self._started = _in_range(at_ms), time.monotonic()

    def stop(self, at_ms: int) -> None:
        """Stand still at a moment until set again."""
        self._start_ms, self._started = at_ms, None

    def advance(self, **by: float) -> None:
        try:
            ahead_ms = int(timedelta(**by) / timedelta(milliseconds=1))
        except (TypeError, ValueError, OverflowError):
            raise Malformed(f"The clock is moved by days, hours, minutes or seconds, not by {by}") from None
        self._start_ms = _in_range(self._start_ms + ahead_ms)

    def __getstate__(self) -> dict[str, int]:
        return {"at_ms": self.now_ms()}

    def __setstate__(self, kept: dict[str, int]) -> None:
        self._start_ms, self._started = kept["at_ms"], time.monotonic()

    def now_ms(self) -> int:
        if self._started is None:
            return self._start_ms
        return self._start_ms + int((time.monotonic() - self._started) * 1000)

    def now(self) -> str:
        return text(self.now_ms())


def _in_range(at_ms: int) -> int:
    if not 0 <= at_ms < _LAST_MS:
        raise Malformed("The clock goes from the year 1970 to the year 9000")
    return at_ms

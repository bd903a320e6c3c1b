"""Instants as HubSpot writes them, and a clock that runs with real time and can be moved."""

import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache

DAY_MS = 24 * 3600 * 1000
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

    def __init__(self, now: str) -> None:
        self.set(now)

    def set(self, now: str) -> None:
        self._start_ms = to_ms(now)
        self._started: float | None = time.monotonic()

    def stop(self, at_ms: int) -> None:
        """Stand still at a moment until set again."""
        self._start_ms, self._started = at_ms, None

    def advance(self, **by: float) -> None:
        self._start_ms += int(timedelta(**by) / timedelta(milliseconds=1))

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

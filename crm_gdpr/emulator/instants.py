"""Instants as HubSpot writes them, and a clock that runs with real time and can be moved."""

import time
from datetime import UTC, datetime, timedelta

DAY_MS = 24 * 3600 * 1000


def text(ms: int) -> str:
    """Write an instant as HubSpot does: UTC, milliseconds only where there are any."""
    instant = datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000, tzinfo=None)
    return instant.isoformat(timespec="milliseconds" if ms % 1000 else "seconds") + "Z"


def to_ms(value: str) -> int:
    """Read an ISO instant or epoch milliseconds; ValueError for anything else."""
    if value.lstrip("-").isdigit():
        return int(value)
    instant = datetime.fromisoformat(value)
    return round((instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp() * 1000)


class Clock:
    """The account's own time: set to any instant, then running with real time from there."""

    def __init__(self, now: str) -> None:
        self.set(now)

    def set(self, now: str) -> None:
        self._start_ms = to_ms(now)
        self._started = time.monotonic()

    def advance(self, **by: float) -> None:
        self._start_ms += int(timedelta(**by) / timedelta(milliseconds=1))

    def now_ms(self) -> int:
        return self._start_ms + int((time.monotonic() - self._started) * 1000)

    def now(self) -> str:
        return text(self.now_ms())

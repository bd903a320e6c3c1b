"""The one switch that stops all destruction, and what the breakers that throw it remember from day to day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta

from crm_gdpr.store.notes import Notes

BREAKER = "breaker"
HOURS = 72
MEMORY = timedelta(days=30)


@dataclass(frozen=True)
class Stop:
    """Who or what stopped destruction, when and why; `measure` is what a breaker counted."""

    by: str
    on: str
    why: str
    measure: Mapping[str, int] = field(default_factory=dict)


class Pause:
    """Stopped until a named person lets it go on; counts what was destroyed and what is usual."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def now(self) -> Stop | None:
        value = self._notes.get("pause")
        return None if value is None else Stop(**value)

    def stop(self, by: str, on: date, why: str, **measure: int) -> bool:
        """Throw the switch; the first cause stands until somebody resumes.  True when it was not thrown before."""
        if self.now() is not None:
            return False
        self._notes.put("pause", asdict(Stop(by, on.isoformat(), why, measure)))
        return True

    def resume(self, on: date) -> None:
        """Let it go on; what the breaker measured is from now on taken for right."""
        stop = self.now()
        if stop is not None:
            for name, count in stop.measure.items():
                self._notes.put(f"usual.{name}", {on.isoformat(): count})
        self._notes.drop("pause")
        self.saw(on)

    def saw(self, on: date) -> None:
        """Remember the newest day the calendar was seen to stand on."""
        self._notes.put("calendar", on.isoformat())

    def watch_calendar(self, on: date, allowed_days: int) -> bool:
        """Throw the switch when the calendar moved further than allowed since it was last seen; tell whether it did."""
        seen = self._notes.get("calendar")
        moved = 0 if seen is None else (on - date.fromisoformat(seen)).days
        if 0 <= moved <= allowed_days:
            return False
        self.stop(BREAKER, on, f"the calendar moved {moved} days since it was last seen")
        return True

    def remember(self, name: str, on: date, count: int) -> None:
        """Keep a day's count, and those of the thirty days before."""
        self._notes.put(f"usual.{name}", {**self._remembered(name, on), on.isoformat(): count})

    def highest(self, name: str, on: date) -> int:
        """Return the highest count of the last thirty days, or the newest before them; 0 when none is known."""
        return max(self._remembered(name, on).values(), default=0)

    def destroyed(self, on: date) -> int:
        """Return how many people were archived or erased on a day."""
        return sum(n for hour, n in self._hours().items() if hour.startswith(on.isoformat()))

    def destroyed_in_hour(self, on: date, hour: int) -> int:
        """Return how many people were archived or erased in an hour of a day."""
        return self._hours().get(_hour(on, hour), 0)

    def count(self, on: date, hour: int) -> None:
        """Count one person archived or erased."""
        self._notes.bump("destroyed", _hour(on, hour), HOURS)

    def _hours(self) -> Mapping[str, int]:
        return self._notes.get("destroyed") or {}

    def _remembered(self, name: str, on: date) -> dict[str, int]:
        kept = self._notes.get(f"usual.{name}") or {}
        since = (on - MEMORY).isoformat()
        return {day: n for day, n in kept.items() if since <= day or day == max(kept)}


def _hour(on: date, hour: int) -> str:
    return f"{on.isoformat()}T{hour:02}"

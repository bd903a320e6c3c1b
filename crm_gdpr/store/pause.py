"""The one switch that stops all destruction, and the breakers that throw it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from crm_gdpr.store.notes import Notes


@dataclass(frozen=True)
class Stop:
    """Who or what stopped destruction, when and why."""

    by: str
    on: str
    why: str


class Pause:
    """Stopped until a named person lets it go on; counts what was destroyed on a day."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def now(self) -> Stop | None:
        value = self._notes.get("pause")
        return None if value is None else Stop(**value)

    def stop(self, by: str, on: date, why: str) -> None:
        """Throw the switch; the first cause stands until somebody resumes."""
        if self.now() is None:
            self._notes.put("pause", asdict(Stop(by, on.isoformat(), why)))

    def resume(self, on: date) -> None:
        """Let it go on, with the calendar as it is now taken for right."""
        self._notes.drop("pause")
        self.saw(on)

    def saw(self, on: date) -> None:
        """Remember the newest day the calendar was seen to stand on."""
        self._notes.put("calendar", on.isoformat())

    def jumped(self, on: date, allowed_days: int) -> int:
        """Return by how many days the calendar moved since it was last seen, when more than allowed; else 0."""
        seen = self._notes.get("calendar")
        moved = 0 if seen is None else (on - date.fromisoformat(seen)).days
        return moved if moved < 0 or moved > allowed_days else 0

    def destroyed(self, on: date) -> int:
        """Return how many people were archived or erased on a day."""
        value = self._notes.get("destroyed") or {}
        return int(value.get(on.isoformat(), 0))

    def count(self, on: date) -> None:
        self._notes.put("destroyed", {on.isoformat(): self.destroyed(on) + 1})

"""One request to an app, with every attempt to hand it over, and when the next is due."""

import random
from dataclasses import dataclass, field, fields
from typing import Any

from crm_gdpr.emulator.errors import Malformed

RETRY_MINUTES = (1, 5, 15, 30, 60, 120, 180, 240, 300, 480)
"""Ten retries within a day. HubSpot publishes no schedule, only that delays vary at random."""

_SHORTEST = 0.8


def retry_after_ms(attempt: int, lot: random.Random) -> int:
    """How long after a failed attempt the next is due, on the account's clock."""
    return round(RETRY_MINUTES[attempt] * 60_000 * lot.uniform(_SHORTEST, 1))


def fast_retry_seconds(attempt: int) -> float:
    """The other way a retry falls due: 1, 2, 4 … at most 30 real seconds."""
    return float(min(30, 2**attempt))


@dataclass(frozen=True)
class Attempt:
    number: int
    at: str
    status: int | None
    error: str = ""


@dataclass
class Delivery:
    """Up to a hundred notifications in one request."""

    id: int
    events: list[dict[str, object]]
    state: str = "waiting"  # waiting, sending, delivered, given up, dropped
    attempts: list[Attempt] = field(default_factory=list)
    due_ms: float = 0
    due_real: float = 0

    def is_due(self, now_ms: int, now_real: float) -> bool:
        return self.due_ms <= now_ms or self.due_real <= now_real


@dataclass
class Trouble:
    """The share of deliveries that arrive twice, late or never."""

    duplicate: float = 0
    shuffle: float = 0
    drop: float = 0


def trouble_from(given: object) -> Trouble:
    """Refuses names it does not know and what is no share."""
    known = [field.name for field in fields(Trouble)]
    shares: dict[str, Any] = given if isinstance(given, dict) else {"": given}
    for name, share in shares.items():
        if name not in known or type(share) not in (int, float) or not 0 <= share <= 1:
            raise Malformed(f"Trouble is a share from 0 to 1 for {', '.join(known)}, not {given!r}")
    return Trouble(**shares)

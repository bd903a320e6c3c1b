"""When a call is sent again, and after how long.  Pure: the transport sends and sleeps.

What may be repeated follows from what a call means, not from its method: a search is a POST that only reads.
"""

from enum import Enum
from random import SystemRandom

from crm_gdpr.sync.errors import DAILY, HubSpotError, Limited, Unavailable

ATTEMPTS = 5
LOCKED = 2.0  # HubSpot asks for at least two seconds after a 423
MOVING = 10.0  # a 477 names its own wait; this is for one that does not
LONGEST = 10.0  # the window of the burst limit: after it, the allowance is whole again

_random = SystemRandom()


class Intent(Enum):
    """What repeating a call would do."""

    READ = "changes nothing"
    REPEATABLE = "ends in the same state however often it is sent"
    ONCE = "may be applied twice"


def intent_of(method: str, path: str) -> Intent:
    """What repeating this call would do; what is not known to be harmless is sent once."""
    if method == "GET" or path.endswith(("/search", "/batch/read")):
        return Intent.READ
    if method in ("PATCH", "PUT") or path.endswith("/batch/update") or "/communication-preferences/" in path:
        return Intent.REPEATABLE  # a refusal sent twice is one refusal
    return Intent.ONCE


def wait_before(retry: int, error: HubSpotError, intent: Intent) -> float | None:
    """Seconds to wait before the retry of this number (1, 2, ...); None: do not send again."""
    if retry >= ATTEMPTS:
        return None
    if isinstance(error, Limited):
        return _until_allowed(retry, error)
    if not isinstance(error, Unavailable):
        return None
    if error.status in (423, 477):  # nothing was applied, whatever the intent
        return error.said.retry_after or (LOCKED if error.status == 423 else MOVING)
    if intent is Intent.ONCE and error.applied_unknown:
        return None
    return _backoff(retry)


def _until_allowed(retry: int, error: Limited) -> float | None:
    """A spent day is not waited for; a spent second or ten seconds are."""
    if error.policy == DAILY or error.status is None:
        return None
    if error.retry_after is not None:
        return min(error.retry_after, LONGEST)
    return 1.0 if error.policy == "SECONDLY" else min(2.0**retry, LONGEST)


def _backoff(retry: int) -> float:
    """0.5, 1, 2, 4 seconds, each less a random part so that workers do not return in step."""
    return min(2.0 ** (retry - 2), LONGEST) * _random.uniform(0.5, 1.0)

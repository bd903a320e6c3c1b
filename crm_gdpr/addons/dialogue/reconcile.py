"""Read HubSpot into the dialogue index by many hands, then conclude for whom it matters and write back what changed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crm_gdpr.addons.dialogue import hands
from crm_gdpr.addons.dialogue.conclude import conclude, facts_of, judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_gdpr.env import Env
    from crm_gdpr.store.scans import Reading

__all__ = ["begin", "conclude", "facts_of", "finish", "judge", "read", "reconcile", "reconcile_fully", "start"]

OVERLAP = timedelta(minutes=10)  # the search index lags behind a write
HANDS = 4  # how many processes may read at once


def reconcile(env: Env, *, full: bool = False) -> None:
    """Read what changed since the last reading, or everything, in this process; return when it is concluded."""
    reading = begin(env, full=full)
    hands.read(env, reading, "here")
    finish(env, reading.id)


def reconcile_fully(env: Env) -> None:
    """Read everything, in this process."""
    reconcile(env, full=True)


def nightly(env: Env) -> None:
    """Let what changed since the last reading be read."""
    start(env, full=False)


def weekly(env: Env) -> None:
    """Let everything be read: what neither a search nor a webhook shows is closed by this."""
    start(env, full=True)


def start(env: Env, *, full: bool) -> tuple[Reading, Sequence[str]]:
    """Open a scan and leave work for the hands; returns the keys of that work."""
    reading = begin(env, full=full)
    stamp = int(env.clock.now().timestamp())
    keys = [f"scan-{reading.id}-{stamp}-hand-{n}" for n in range(HANDS)]
    env.queue.enqueue_many("dialogue.read", [(key, {"scan_id": reading.id, "hand": key}) for key in keys])
    return reading, keys


def begin(env: Env, *, full: bool) -> Reading:
    """Open a scan of everything, or of what changed since the last one that came to its end."""
    mark = env.store.scans.watermark()
    since = None if full or mark is None else mark - OVERLAP
    return env.store.scans.begin(since=since, at=env.clock.now(), kinds=env.scan().kinds)


def read(env: Env, scan_id: int, hand: str) -> None:
    """Read as one of the hands; the last to leave lets it be concluded."""
    reading = env.store.scans.get(scan_id)
    if reading is None:
        return
    hands.read(env, reading, hand)
    if not env.store.scans.undone(scan_id):
        env.queue.enqueue("dialogue.conclude", conclusion(scan_id), scan_id=scan_id)


def conclusion(scan_id: int) -> str:
    """Return the key of the work that ends a scan."""
    return f"scan-{scan_id}-conclude"


def finish(env: Env, scan_id: int) -> None:
    """Drop what is gone, conclude for whom it matters, and tell the ledger."""
    reading = env.store.scans.get(scan_id)
    if reading is None or env.store.scans.undone(scan_id):
        return
    env.store.scans.close(reading)
    written, calls = conclude(env)
    told = env.store.scans.told(reading, written=written, calls=calls)
    env.record("dialogue.reconciled", actor="dialogue", detail=told)
    env.store.scans.finish(reading, at=env.clock.now(), told=told)

"""Hands that read: each takes parts of a scan until none is left.  They may run in any process, die, and be added.

One hand reads several parts at a time, since a single cursor waits for HubSpot most of the time.  A long part gives
its upper half away, so that the kind that takes longest is read by many.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from crm_gdpr.addons.dialogue.mirror import MIRROR

if TYPE_CHECKING:
    from collections.abc import Collection

    from crm_gdpr.env import Env
    from crm_gdpr.store.scans import Part, Reading
    from crm_gdpr.sync.scan import Page, Scan

LANES = 8  # parts that a hand reads at a time: at 190 calls per ten seconds and 0.25 s a call five are in flight
OPEN_PARTS = 12  # so many cursors spend the allowance even where a call takes half a second
LONG = 1_000  # records left to a part that gives half of them away: a split costs at most two calls
ONE_CURSOR = "scan_with_one_cursor"
IDLE_S = 0.1


def read(env: Env, reading: Reading, hand: str) -> None:
    """Read until no part is left to take; while some are read, one of them may give half of itself away."""
    busy: dict[Future[None], int] = {}
    with ThreadPoolExecutor(LANES) as lanes:
        while True:
            free = LANES - len(busy)
            for part in env.store.scans.claim(reading.id, hand, most=free, but=busy.values()) if free else ():
                busy[lanes.submit(read_part, env, reading, part)] = part.id
            if not busy:
                return
            for finished in wait(busy, IDLE_S, FIRST_COMPLETED).done:
                del busy[finished]
                finished.result()


def read_part(env: Env, reading: Reading, part: Part) -> None:
    """Read a part from its cursor to its end, keeping each batch together with the cursor behind it."""
    scan, calls, now = env.scan(reading.since, MIRROR), 0, part
    while not now.done:
        page = scan.page(now.kind, now.after, now.before)
        if not _is_believed(now, page):
            env.store.notes.put(ONE_CURSOR, reading.id)
            env.store.scans.start_over(now)
            return
        kept = _keep(env, scan, reading, now, page, calls)
        if kept is None:
            return
        calls = scan.hubspot.calls
        now = _share(env, scan, page, kept) if reading.since is None and page.orderly else kept


def _keep(env: Env, scan: Scan, reading: Reading, part: Part, page: Page, calls: int) -> Part | None:
    """Look closely only at what HubSpot says something new about."""
    archived = _greet_the_restored(env, part.kind, page.digests)
    same = env.store.index.same(part.kind, page.digests) - archived
    rows = scan.rows(part.kind, page, page.digests.keys() - same - archived)
    spent = scan.hubspot.calls - calls
    return env.store.scans.keep(
        part, rows, reading.number, same=same, read=len(page.digests), after=page.after, calls=spent
    )


def _greet_the_restored(env: Env, kind: str, ids: Collection[str]) -> set[str]:
    """Someone brought back from the recycle bin starts over: a person in HubSpot wanted them kept.

    Returns those who are in the bin after all: they were archived after the page was read.
    """
    archived = env.store.stages.at("archive", list(ids)) if kind == "contacts" else []
    alive = env.hubspot.read_many("contacts", archived, ("createdate",))
    for contact_id in alive:
        env.store.stages.clear(contact_id)
        env.store.cases.restored(contact_id, env.today())
        env.record("archive.undone", actor="somebody in HubSpot", contact_id=contact_id)
    return set(archived) - alive.keys()


def _is_believed(part: Part, page: Page) -> bool:
    """A cursor of our own choice is believed only where the account lists by id."""
    is_ours = part.before is not None or (part.pages == 0 and part.after is not None)
    is_empty = part.pages == 0 and part.before is None and not page.digests
    return not is_ours or (page.orderly and not is_empty)


def _share(env: Env, scan: Scan, page: Page, part: Part) -> Part:
    """Give away the upper half of what is left of a long part, as long as there are hands for it."""
    if part.done or not _has_hands(env, part):
        return part
    at, end = int(part.after or 0), part.before or scan.newest(part.kind)
    first = int(next(iter(page.digests), at))
    left = (end - at) * len(page.digests) / max(1, at - first)
    return (env.store.scans.split(part, (at + end) // 2) or part) if left >= LONG and end - at > 1 else part


def _has_hands(env: Env, part: Part) -> bool:
    return env.store.notes.get(ONE_CURSOR) != part.scan and env.store.scans.undone(part.scan) < OPEN_PARTS

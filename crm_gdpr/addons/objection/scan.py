"""Every night, whoever changed since the last one; every week everyone: what no webhook told is found here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crm_gdpr.addons.objection.person import OPT_OUT, PROPERTIES, TO_MEET
from crm_gdpr.addons.objection.returning import meet
from crm_gdpr.policy import add_months

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import Record

OVERLAP = timedelta(minutes=10)  # the search index lags behind a write
MARK = "objection_scan"
NEWEST = "objection_scan_newest"
KEEP_ENDED_MONTHS = 24
PASSES = 3  # a no found in the first may be somebody's who was met before it


def scan(env: Env, *, full: bool = False) -> None:
    """Meet everyone who changed since the last scan, or everyone; again where that told of a no unheard of before.

    A no said since then may be the no of somebody who is here under other ways of writing: then everyone is met too.
    """
    started, last = env.clock.now(), env.store.notes.get(MARK)
    newest = max((held.id for held in env.store.objections.all(1)), default=0)
    full = full or last is None or newest != env.store.notes.get(NEWEST)
    since = None if full else datetime.fromisoformat(str(last)) - OVERLAP
    types = tuple(f"{OPT_OUT}_{each.id}" for each in env.hubspot.subscription_types())
    why = "found" if last is None else "taken"  # years of unsubscriptions are no reason for as many letters today
    for _ in range(PASSES):
        known = env.store.suppression.count()
        for page in _pages(env, since, (*PROPERTIES, *types)):
            unmet = meet(env, page, by="HubSpot: seen in the night", when=f"{started:%Y%m%d%H%M%S}", why=why)
            env.store.lists.add(TO_MEET, unmet, at=started)
        if env.store.suppression.count() == known:
            break
    env.store.notes.put(MARK, started.isoformat())
    env.store.notes.put(NEWEST, newest)
    if env.store.lists.count(TO_MEET):
        env.queue.wake("objection.meet_waiting")


def scan_fully(env: Env) -> None:
    """Meet everyone: what a search does not show is closed by this."""
    scan(env, full=True)


def forget(env: Env) -> None:
    """Let go of what the person withdrew, and of what was overruled, when its period has passed."""
    env.store.objections.forget(add_months(env.today(), -KEEP_ENDED_MONTHS))


def _pages(env: Env, since: datetime | None, properties: tuple[str, ...]) -> Iterator[list[Record]]:
    if since is None:
        yield from env.hubspot.pages("contacts", properties)
    else:
        yield from env.hubspot.changed("contacts", since, properties)

"""Every night, whoever changed since the last one; every week everyone: what no webhook told is found here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crm_gdpr.addons.objection.person import OPT_OUT, PROPERTIES
from crm_gdpr.addons.objection.returning import meet
from crm_gdpr.policy import add_months

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import Record

OVERLAP = timedelta(minutes=10)  # the search index lags behind a write
MARK = "objection_scan"
KEEP_ENDED_MONTHS = 24
PASSES = 3  # a no found in the first may be somebody's who was met before it


def scan(env: Env, *, full: bool = False) -> None:
    """Meet everyone who changed since the last scan, or everyone; again where that told of a no unheard of before."""
    started, last = env.clock.now(), env.store.notes.get(MARK)
    since = None if full or last is None else datetime.fromisoformat(last) - OVERLAP
    types = tuple(f"{OPT_OUT}_{each.id}" for each in env.hubspot.subscription_types())
    why = "found" if last is None else "taken"  # years of unsubscriptions are no reason for as many letters today
    for _ in range(PASSES):
        known = env.store.suppression.count()
        for page in _pages(env, since, (*PROPERTIES, *types)):
            meet(env, page, by="HubSpot: seen in the night", when=f"{started:%Y%m%d}", why=why)
        if env.store.suppression.count() == known:
            break
    env.store.notes.put(MARK, started.isoformat())


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

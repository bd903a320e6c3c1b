"""Put the parts together: settings, policy, addons, store, HubSpot and queue make one `Env` per process."""

from __future__ import annotations

import gc
from functools import cache

from crm_gdpr.env import Clock, Env, Settings
from crm_gdpr.jobs.queue import WorkQueue, connect
from crm_gdpr.logs import quiet
from crm_gdpr.policy import load_policy
from crm_gdpr.registry import load
from crm_gdpr.store import Store
from crm_gdpr.sync import Budget, HubSpot


@cache
def boot() -> Env:
    """Return this process's `Env`, made from the environment on first use."""
    quiet()
    settle()
    return assemble(Settings.read())


def settle() -> None:
    """Let the garbage collector pass over what is loaded, and look less often at pages, which hold no cycles."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def assemble(settings: Settings) -> Env:
    """Make an `Env` from settings; nothing is called yet."""
    connection = connect(settings.redis_url)
    store, registry, clock = Store(settings.database_url, settings.journal), load(), Clock(settings.clock_url)
    hubspot = HubSpot(
        access_token=settings.access_token,
        base_url=settings.base_url,
        api_version=settings.api_version,
        budget=Budget.of(settings.plan, settings.portal_id, connection),
    )
    return Env(
        settings=settings,
        policy=load_policy(settings.policy_file),
        registry=registry,
        clock=clock,
        hubspot=hubspot,
        store=store,
        queue=WorkQueue(store, registry, clock, connection),
    )

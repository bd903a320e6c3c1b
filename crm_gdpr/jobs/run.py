"""Perform work items in a worker: claim, run, mark done.  Idempotent: a second worker finds nothing to claim."""

from __future__ import annotations

import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import structlog

from crm_gdpr.env import Env
from crm_gdpr.gate import CapReached, Refused
from crm_gdpr.jobs.boot import boot
from crm_gdpr.jobs.lease import Lease
from crm_gdpr.store.suppression import WrongKey
from crm_gdpr.store.work import Item
from crm_gdpr.sync import HubSpotError
from crm_gdpr.sync.errors import Limited, Unauthorised, Unavailable

log = structlog.get_logger()
ATTEMPTS = 8
PATIENT_ATTEMPTS = 450  # three days, ten minutes apart: HubSpot away, the day's calls spent, a token or a key replaced
MAY_PASS = (Limited, Unavailable, Unauthorised, WrongKey)
LEASE_S = 60.0
PATIENCE = timedelta(minutes=1)


def perform(keys: Sequence[str]) -> None:
    """Work through the items behind these keys; called by RQ."""
    env = boot()
    with suppress(OSError):  # a journal that cannot be read holds nothing up but destruction
        env.store.journal.catch_up()
    together = perform_together(env, keys)
    patient = [job.name for job in env.registry.jobs.values() if job.patient]
    for key in keys:
        if key in together:
            continue
        if env.store.work.gives_way(key, patient, env.clock.now() - PATIENCE):
            continue  # the sweeper sends it again
        perform_one(env, key)


def perform_together(env: Env, keys: Sequence[str]) -> set[str]:
    """Run the items whose job takes many at once; returns their keys."""
    many = [job.name for job in env.registry.jobs.values() if job.many]
    claimed = env.store.work.claim_many(keys, many, now_s=time.time(), lease_s=LEASE_S)
    for name in dict.fromkeys(item.job for item in claimed):
        _perform(env, [item for item in claimed if item.job == name])
    return {item.key for item in claimed}


def perform_one(env: Env, key: str) -> None:
    """Run one item under a lease, unless it is done or somebody else holds it."""
    item = env.store.work.claim(key, now_s=time.time(), lease_s=LEASE_S)
    if item is not None:
        _perform(env, [item])


def _perform(env: Env, items: Sequence[Item]) -> None:
    """Run items of one job, one of them or as many as it takes at once, and note how it went."""
    keys = [item.key for item in items]
    try:
        with Lease(env.store.work, keys, LEASE_S):
            _run(env, items)
    except CapReached:  # done for now; what waits is taken up when there is room
        log.info("work.capped", job=items[0].job, key=keys[0])
    except Refused as refusal:  # asking again would be refused again
        for key in keys:
            env.store.work.fail(key, error=str(refusal), at=env.clock.now())
        return
    except Exception as error:  # every failure is recorded and tried again or given to a person
        for item in items:
            _give_back(env, item, error)
        return
    env.store.work.done(*keys, at=env.clock.now())


def _run(env: Env, items: Sequence[Item]) -> None:
    job = env.registry.jobs[items[0].job]
    if job.queue == "interactive":  # goes before a nightly reading in the account's allowance of calls too
        env = replace(env, hubspot=env.hubspot.interactive())
    if job.many:
        job.run(env, [item.ids for item in items])
    for item in items:
        if not job.many:
            job.run(env, **item.ids)
        _follow(env, item)


def _follow(env: Env, item: Item) -> None:
    for job in env.registry.jobs.values():
        if item.job in job.after:
            env.queue.enqueue(job.name, f"{job.name}-after-{item.key}")


def _give_back(env: Env, item: Item, error: Exception) -> None:
    text = where(error)
    log.warning("work.failed", job=item.job, key=item.key, attempt=item.attempt, error=text)
    if item.attempt >= (PATIENT_ATTEMPTS if isinstance(error, MAY_PASS) else ATTEMPTS):
        env.store.work.fail(item.key, error=text, at=env.clock.now())
    else:
        wait_s = min(600.0, 2.0 ** min(item.attempt, ATTEMPTS + 2))
        env.store.work.give_back(item.key, error=text, due_s=time.time() + wait_s)


def where(error: Exception) -> str:
    """Name the error and its place; only our own errors are sure to hold nobody's data."""
    if isinstance(error, HubSpotError):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "crm_gdpr" in f.filename] or frames
    return f"{type(error).__name__} in {ours[-1].name}, line {ours[-1].lineno}" if ours else type(error).__name__

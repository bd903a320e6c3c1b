"""The clock: queue what is due, and find again what was lost.  Two clocks do no harm: every key names its slot."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from croniter import croniter

from crm_gdpr.addon import Job
from crm_gdpr.env import Env
from crm_gdpr.jobs.queue import GRACE_S, QUEUES, clean
from crm_gdpr.store.work import Item

log = structlog.get_logger()


def run(env: Env, stopped: Callable[[float], bool], every_s: float = 1.0) -> None:
    """Tick until `stopped(seconds)`, which waits that long, says so."""
    while not stopped(every_s):
        try:
            tick(env)
        except Exception as error:  # a tick that fails is followed by another
            log.warning("clock.tick_failed", error=type(error).__name__)


def tick(env: Env) -> None:
    """Queue every due slot once, and sweep."""
    now = env.clock.now().astimezone(ZoneInfo(env.policy.controller.timezone))
    for job in env.registry.jobs.values():
        if job.cron is not None:
            _queue_due(env, job, now)
    sweep(env)


def _queue_due(env: Env, job: Job, now: datetime) -> None:
    last, slot = env.store.work.last_slot(job.name), newest_slot(str(job.cron), now)
    if last is not None and slot > last:
        env.queue.enqueue(job.name, clean(f"{job.name}-{slot:%Y%m%dT%H%M}"))
    if last is None or slot > last:  # a new installation starts with the slot to come
        env.store.work.save_slot(job.name, slot)


def newest_slot(cron: str, now: datetime) -> datetime:
    """Return the last slot not after `now`; after any downtime it is the only one caught up with."""
    slot: datetime = croniter(cron, now).get_prev(datetime)
    return now.replace(second=0, microsecond=0) if croniter.match(cron, now) else slot


def sweep(env: Env) -> None:
    """Send again what is waiting past its time or held by a worker that died; drain what nobody drained."""
    short = [queue for queue in QUEUES if not env.queue.is_long(queue)]
    overdue: list[Item] = env.store.work.overdue(time.time(), short)
    env.store.work.postpone([item.key for item in overdue], due_s=time.time() + GRACE_S)
    env.queue.send(overdue)
    if env.store.inbox.waiting():
        env.queue.wake("webhooks.drain")

"""Leave work once: the item in the store, its key on the wire.  Redis may lose the key; the sweeper finds the item."""

from __future__ import annotations

import re
import secrets
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry as RedisRetry
from rq import Queue as Transport
from rq import Retry
from rq.exceptions import DuplicateJobError

from crm_gdpr.env import Clock
from crm_gdpr.registry import Registry
from crm_gdpr.store import Store
from crm_gdpr.store.work import Item

QUEUES = ("interactive", "bulk")
CHUNK = 100
GRACE_S = 10.0  # how long a key may be on its way before the sweeper sends it again
LONG = 10  # so many RQ jobs before it, and a key that waits is late but not lost
JOB_TIMEOUT_S = 1800
DAY_S = 86_400


def connect(url: str) -> redis.Redis:
    """Return a connection that rides out a fail-over: a worker without retries exits on it."""
    errors = [redis.ConnectionError, redis.TimeoutError, redis.ReadOnlyError]
    retry = RedisRetry(ExponentialBackoff(cap=1, base=0.05), 5)
    return redis.Redis.from_url(url, retry=retry, retry_on_error=errors)


class WorkQueue:
    """The queue that handlers see: durable in the store, fast through RQ."""

    def __init__(self, store: Store, registry: Registry, clock: Clock, connection: redis.Redis) -> None:
        self._store = store
        self._registry = registry
        self._clock = clock
        self._connection = connection

    def enqueue(self, job: str, key: str, **ids: Any) -> bool:
        """Leave one piece of work; False when its key is known."""
        return self.enqueue_many(job, [(key, ids)]) == 1

    def enqueue_many(self, job: str, pieces: Iterable[tuple[str, dict[str, Any]]]) -> int:
        """Leave several pieces of the same job; returns how many were new."""
        fresh = self.leave(job, pieces)
        self.send(fresh)
        return len(fresh)

    def leave(self, job: str, pieces: Iterable[tuple[str, dict[str, Any]]]) -> list[Item]:
        """Leave pieces for whoever does them now; should they die over it, the sweeper sends what is left."""
        items = [self._item(job, key, ids) for key, ids in pieces]
        lasting = self._registry.jobs[job].lasting
        return self._store.work.add_many(items, at=self._clock.now(), due_s=time.time() + GRACE_S, lasting=lasting)

    def wake(self, job: str) -> None:
        """Let a job that looks for its own work run soon; one that waits to be begun is enough."""
        item = self._item(job, f"{job}-{secrets.token_hex(8)}", {})
        if self._store.work.add_unless_waiting(item, at=self._clock.now(), due_s=time.time() + GRACE_S):
            self.send([item])

    def is_long(self, queue: str) -> bool:
        """Tell whether so much is on the wire that what waits is behind it, and not lost."""
        try:
            return Transport(queue, connection=self._connection).count >= LONG
        except redis.RedisError:
            return True  # nothing can be sent now

    def _item(self, job: str, key: str, ids: dict[str, Any]) -> Item:
        return Item(key=clean(key), job=job, queue=self._registry.jobs[job].queue, ids=ids, attempt=0)

    def send(self, items: Iterable[Item]) -> None:
        """Put the keys on the wire, a chunk of one queue's keys per RQ job."""
        by_queue: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            by_queue[item.queue].append(item)
        for queue, waiting in by_queue.items():
            for start in range(0, len(waiting), CHUNK):
                self._send(queue, waiting[start : start + CHUNK])

    def _send(self, queue: str, items: list[Item]) -> None:
        transport = Transport(queue, connection=self._connection, serializer="json")
        first = items[0]
        try:
            transport.enqueue(
                "crm_gdpr.jobs.run.perform",
                kwargs={"keys": [item.key for item in items]},
                job_id=f"{first.key}-{first.attempt}-{int(time.time() // GRACE_S)}",
                unique=True,
                retry=Retry(max=2),
                job_timeout=JOB_TIMEOUT_S,
                result_ttl=0,
                failure_ttl=DAY_S,
            )
        except (redis.RedisError, DuplicateJobError):
            return  # the item is in the store: the sweeper sends it again


def clean(key: str) -> str:
    """RQ allows letters, digits, _ and - in a job id."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", key)

"""One worker process for one queue.  With two queues RQ can lose a job when the process is killed."""

from __future__ import annotations

import logging

from rq import Queue, Worker

from crm_gdpr.env import Settings
from crm_gdpr.jobs import run
from crm_gdpr.jobs.boot import settle
from crm_gdpr.jobs.queue import connect
from crm_gdpr.logs import quiet
from crm_gdpr.registry import load
from crm_gdpr.sync.client import preload


def work(queue: str, settings: Settings) -> None:
    """Work on one queue until told to stop; what every job needs is imported before the first fork."""
    quiet()
    load()
    preload()
    settle()
    run.log.info("worker.ready", queue=queue)
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    connection = connect(settings.redis_url)
    worker = Worker(
        [Queue(queue, connection=connection, serializer="json")],
        connection=connection,
        serializer="json",
        worker_ttl=60,
        maintenance_interval=30,
    )
    worker.work(with_scheduler=True, logging_level="WARNING")

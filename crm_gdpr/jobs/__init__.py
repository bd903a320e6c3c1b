"""The clock and the queue: leave work once, run it under a lease, find it again when a process died."""

from crm_gdpr.jobs.boot import assemble, boot
from crm_gdpr.jobs.queue import QUEUES, WorkQueue

__all__ = ["QUEUES", "WorkQueue", "assemble", "boot"]

"""A system with jobs of a test's own."""

from __future__ import annotations

from dataclasses import replace

from crm_gdpr.addon import Addon, Job
from crm_gdpr.env import Env
from crm_gdpr.jobs import WorkQueue
from crm_gdpr.jobs.queue import connect
from crm_gdpr.registry import assemble


def with_jobs(env: Env, *jobs: Job) -> Env:
    """The same system with these jobs and no other."""
    registry = assemble([Addon(name="made-up", summary="Jobs for a test.", jobs=jobs)])
    queue = WorkQueue(env.store, registry, env.clock, connect(env.settings.redis_url))
    return replace(env, registry=registry, queue=queue)

"""How many events were answered."""

from __future__ import annotations

from sqlalchemy import func, select

from crm_gdpr.env import Env
from crm_gdpr.store.tables import work


def answered(env: Env) -> int:
    """Count the events whose work is done, each once however often it was told."""
    query = select(func.count()).where(work.c.job == "webhooks.handle", work.c.state == "done")
    with env.store.database.read() as connection:
        return connection.execute(query).scalar_one()

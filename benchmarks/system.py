"""The whole system over an emulated portal, for measuring."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from crm_gdpr.definitions import definitions
from crm_gdpr.env import Env, Settings
from crm_gdpr.jobs import assemble
from crm_gdpr.sync import install


def system(url: str, home: Path, redis_url: str, plan: str = "unlimited") -> Env:
    """Return the system with its properties installed in the portal."""
    settings = Settings(
        access_token=secrets.token_hex(8),
        client_secret=secrets.token_hex(8),
        secret_key=secrets.token_hex(8),
        pseudonym_key=secrets.token_hex(8),
        redis_url=redis_url,
        database_url=f"sqlite:///{home / 'store.db'}",
        portal_id=26_000_001,
        app_id="4200001",
        base_url=url,
        plan=plan,
        files=home / "files",
        clock_url=f"{url}/_emulator/clock",
    )
    env = assemble(settings)
    env.store.database.migrate()
    wanted = definitions(env.registry)
    install.apply(env.hubspot, install.plan(wanted, install.present(env.hubspot, wanted)))
    return env


def environment(env: Env) -> dict[str, str]:
    """The same settings for a process of its own."""
    s = env.settings
    return {
        **os.environ,
        "HUBSPOT_ACCESS_TOKEN": s.access_token,
        "HUBSPOT_CLIENT_SECRET": s.client_secret,
        "HUBSPOT_PORTAL_ID": str(s.portal_id),
        "HUBSPOT_APP_ID": str(s.app_id),
        "HUBSPOT_BASE_URL": s.base_url,
        "HUBSPOT_PLAN": s.plan,
        "REDIS_URL": s.redis_url,
        "DATABASE_URL": s.database_url,
        "CRM_GDPR_SECRET_KEY": s.secret_key,
        "CRM_GDPR_PSEUDONYM_KEY": s.pseudonym_key,
        "CRM_GDPR_FILES": str(s.files),
        "CRM_GDPR_CLOCK_URL": str(s.clock_url),
    }

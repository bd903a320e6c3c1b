"""`python3 dev.py bench`: what a full reading costs, beside its lower bound and a call for every contact."""

from __future__ import annotations

import math
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import requests

from benchmarks import burst, emulator
from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.cli.show import print_table
from crm_gdpr.definitions import definitions
from crm_gdpr.embedded import Redis
from crm_gdpr.emulator import Portal, Running, serve
from crm_gdpr.emulator.population import populate
from crm_gdpr.env import Env, Settings
from crm_gdpr.jobs import assemble
from crm_gdpr.sync import install

CONTACTS = 2_000


def main() -> None:
    """Read the same portal three ways, and print calls and seconds of each."""
    portal = Portal()
    populate(portal, CONTACTS, 1)
    running = serve(portal)
    with tempfile.TemporaryDirectory(prefix="bench-") as home, Redis(Path(home)) as redis_url:
        env = _system(portal, running, Path(home), redis_url)
        first = _measured(running, lambda: reconcile(env, full=True))
        again = _measured(running, lambda: reconcile(env, full=True))
        bound = sum(math.ceil(count / 100) for count in env.store.scans.last()["read"].values())
        naive = _measured(running, lambda: _one_call_each(env))
        env.store.database.close()
    running.stop()
    rows = [
        ("first full reading, everyone written back", *first, f"{first[0] / bound:.2f}"),
        ("full reading, nothing changed", *again, f"{again[0] / bound:.2f}"),
        ("one call for every contact, nothing else", *naive, f"{naive[0] / bound:.2f}"),
    ]
    columns = ("what", "calls", "seconds", "calls per lower bound")
    print_table(f"{CONTACTS} contacts; lower bound {bound} calls, a hundred records each", columns, rows)


def _system(portal: Portal, running: Running, home: Path, redis_url: str) -> Env:
    settings = Settings(
        access_token=secrets.token_hex(8),
        client_secret=secrets.token_hex(8),
        secret_key=secrets.token_hex(8),
        pseudonym_key=secrets.token_hex(8),
        redis_url=redis_url,
        database_url=f"sqlite:///{home / 'store.db'}",
        portal_id=portal.portal_id,
        app_id=str(portal.app_id),
        base_url=running.url,
        plan="unlimited",
        files=home / "files",
        clock_url=f"{running.url}/_emulator/clock",
    )
    env = assemble(settings)
    env.store.database.migrate()
    wanted = definitions(env.registry)
    install.apply(env.hubspot, install.plan(wanted, install.present(env.hubspot, wanted)))
    return env


def _measured(running: Running, work: Callable[[], object]) -> tuple[int, str]:
    """Return the calls the portal saw, and the seconds it took."""
    requests.delete(f"{running.url}/_emulator/stats", timeout=10)
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    calls = requests.get(f"{running.url}/_emulator/stats", timeout=10).json()["total"]
    return calls, f"{seconds:.1f}"


def _one_call_each(env: Env) -> None:
    for known in env.store.index.everyone():
        env.hubspot.read("contacts", known.contact_id, ("createdate",))


{"emulator": emulator.main, "burst": burst.main}.get("".join(sys.argv[1:2]), main)()

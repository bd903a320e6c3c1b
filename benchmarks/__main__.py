"""`python3 dev.py bench`: what a full reading costs with HubSpot's limits on, beside its lower bound and other ways."""

from __future__ import annotations

import math
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hubspot
import requests

from benchmarks import burst, emulator, memory, own, pace
from benchmarks.system import system
from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.cli.show import print_table
from crm_gdpr.embedded import Redis
from crm_gdpr.emulator import Limits, Portal, Running, serve
from crm_gdpr.emulator.population import populate
from crm_gdpr.env import Env

CONTACTS = 500


def main() -> None:
    """Read the same portal three ways, and print calls and seconds of each."""
    portal = Portal()
    populate(portal, CONTACTS, 1)
    running = serve(portal, limits=Limits("professional"))
    with tempfile.TemporaryDirectory(prefix="bench-") as home, Redis(Path(home)) as redis_url:
        env = system(running.url, Path(home), redis_url, plan="professional")
        first = _measured(running, lambda: reconcile(env, full=True))
        again = _measured(running, lambda: reconcile(env, full=True))
        bound = sum(math.ceil(count / 100) for count in env.store.scans.last()["read"].values())
        official = _measured(running, lambda: _official(env))
        naive = _measured(running, lambda: _one_call_each(env))
        env.store.database.close()
    running.stop()
    rows = [
        ("first full reading, everyone written back", *first, f"{first[0] / bound:.2f}"),
        ("full reading, nothing changed", *again, f"{again[0] / bound:.2f}"),
        ("the official client's get_all: contacts alone, no events", *official, f"{official[0] / bound:.2f}"),
        ("one call for every contact, nothing else", *naive, f"{naive[0] / bound:.2f}"),
    ]
    columns = ("what", "calls", "seconds", "calls per lower bound")
    print_table(f"{CONTACTS} contacts; lower bound {bound} calls, a hundred records each", columns, rows)


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


def _official(env: Env) -> None:
    """As its README says, with nothing but the address changed."""

    def api(package: Any, name: str, _config: Any) -> Any:
        configuration = package.Configuration(host=env.settings.base_url)
        configuration.access_token = env.settings.access_token
        return getattr(package, name)(api_client=package.ApiClient(configuration=configuration))

    hubspot.HubSpot(api_factory=api).crm.contacts.get_all(properties=["createdate"])


KINDS = {"emulator": emulator.main, "burst": burst.main, "pace": pace.main, "hand": pace.hand}
KINDS |= {"own": own.main, "memory": memory.main, "reader": memory.reader, "alone": memory.alone}
name, *given = sys.argv[1:] or [""]
KINDS.get(name, main)(*given)

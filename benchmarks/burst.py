"""`python3 dev.py bench burst [N]`: from webhook to tag when many contacts come at once, with HubSpot's limits on.

The whole system as it runs: web process, workers and clock, against an emulated account that refuses what is too much.
What is measured is what HubSpot keeps: the moment each contact was made, and the moment its source was written.  The
CPU is that of all processes, the emulated HubSpot among them, so that a busy machine tells something too.
"""

from __future__ import annotations

import resource
import tempfile
import time
from datetime import datetime
from pathlib import Path
from statistics import quantiles

import requests

from crm_gdpr.cli.show import print_table
from crm_gdpr.definitions import definitions
from crm_gdpr.demo.stack import Stack, free_port
from crm_gdpr.env import Env
from crm_gdpr.sync import install

CONTACTS, PORTION = 5_000, 500
PATIENCE_S = 900
LOOK_EVERY_S = 5  # the ledger is read whole each time
PLACE = "https://branschlista.example.se/2026"


def main(contacts: str = str(CONTACTS)) -> None:
    """Import the contacts, wait until all are tagged, and print p50 and p95."""
    count = int(contacts)
    with (
        tempfile.TemporaryDirectory(prefix="burst-") as home,
        Stack(Path(home) / "stack", free_port(), free_port(), contacts=1, seed=1, limits="real") as stack,
    ):
        env = stack.env()
        _prepare(env, stack.crm_url)
        started = time.perf_counter()
        _import(stack.crm_url, count)
        imported_s = time.perf_counter() - started
        _wait(env, count)
        tagged_s = time.perf_counter() - started
        calls = requests.get(f"{stack.crm_url}/_emulator/stats", timeout=30).json()["calls"]
        waited = _waited(env)
        env.store.database.close()
    refused = sum(call["count"] for call in calls if call["status"] == 429)
    used = sum(call["count"] for call in calls if "/crm/" in call["path"])
    apart = sum(call["count"] for call in calls if "/communication-preferences/" in call["path"])
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    p50, p95 = quantiles(waited, n=100)[49], quantiles(waited, n=100)[94]
    seconds = (imported_s, tagged_s, p50, p95, spent.ru_utime + spent.ru_stime)
    row = (len(waited), *(f"{each:.0f}" for each in seconds), used, apart, refused)
    names = ("people", "made s", "tagged s", "p50 s", "p95 s", "CPU s", "CRM calls", "prefs", "429")
    print_table("From webhook to tag, burst with HubSpot's limits on", names, [row])


def _prepare(env: Env, crm: str) -> None:
    """Install the properties, and subscribe to what the addons answer."""
    wanted = definitions(env.registry)
    install.apply(env.hubspot, install.plan(wanted, install.present(env.hubspot, wanted)))
    named = sorted({f"{s.event_type}:{s.property_name or ''}".rstrip(":") for s in env.registry.subscriptions})
    requests.put(f"{crm}/_emulator/webhooks", json={"subscriptions": named}, timeout=30).raise_for_status()
    requests.delete(f"{crm}/_emulator/stats", timeout=30).raise_for_status()


def _import(crm: str, count: int) -> None:
    """Make the contacts as an import does, in files of a few hundred rows."""
    for start in range(0, count, PORTION):
        rows = [
            f"p{n}@import.example.se,Person,Controller,Bolaget AB" for n in range(start, min(start + PORTION, count))
        ]
        file = "\n".join(["email,firstname,jobtitle,company", *rows])
        answer = requests.post(
            f"{crm}/app/import", data={"name": PLACE, "csv": file}, timeout=300, allow_redirects=False
        )
        answer.raise_for_status()


def _wait(env: Env, count: int) -> None:
    """Wait for the ledger to name everyone; HubSpot is not asked, its calls are counted."""
    until = time.monotonic() + PATIENCE_S
    while _tagged(env) < count:
        if time.monotonic() > until:
            raise SystemExit(f"burst: {_tagged(env)} of {count} tagged after {PATIENCE_S} seconds")
        time.sleep(LOOK_EVERY_S)


def _tagged(env: Env) -> int:
    return len({line.subject for line in env.store.ledger.lines() if line.action == "source.tagged"})


def _waited(env: Env) -> list[float]:
    """Seconds between the creation of each contact and its tag, both as HubSpot dates them."""
    burst = [{"propertyName": "email", "operator": "CONTAINS_TOKEN", "value": "*@import.example.se"}]
    ids = {
        r.id: r.properties["createdate"]
        for page in env.hubspot.search("contacts", burst, ("createdate",))
        for r in page
    }
    written = env.hubspot.authors("contacts", ids, ("gdpr_collected_on",))
    return [_seconds(str(made), written[id_]["gdpr_collected_on"].at) for id_, made in ids.items()]


def _seconds(made: str, tagged: str) -> float:
    return (datetime.fromisoformat(tagged) - datetime.fromisoformat(made)).total_seconds()

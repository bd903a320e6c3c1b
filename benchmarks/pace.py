"""`python3 dev.py bench pace`: with HubSpot's limits on, how much of the allowance a reading uses, and who waits.

The emulator counts calls in HubSpot's own rolling window and answers 429 past it.  A person's calls go on meanwhile,
and are counted with the reading's: both come out of one allowance.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from benchmarks.system import environment, system
from crm_gdpr.addons.dialogue.reconcile import begin, finish, read
from crm_gdpr.cli.show import print_table
from crm_gdpr.embedded import Redis
from crm_gdpr.env import Env
from crm_gdpr.jobs import boot

CONTACTS = 20_000
BURST, RESERVE, WINDOW_S = 190, 0.1, 10.0
LATENCY_MS = 250
A_PERSON_EVERY_S = 0.5


@dataclass
class Pace:
    """What a reading did in its steady state, from the first full window on."""

    calls: int
    seconds: float
    limited: int
    waits: list[float]

    @property
    def used(self) -> float:
        return self.calls / self.seconds * WINDOW_S / (BURST * (1 - RESERVE))

    def row(self, who: str) -> tuple[str, ...]:
        p95 = statistics.quantiles(self.waits, n=20)[-1] if len(self.waits) > 1 else float("nan")
        return (
            who,
            str(self.calls),
            f"{self.seconds:.0f}",
            f"{self.used:.1%}",
            str(self.limited),
            f"{p95 * 1000:.0f} ms",
        )


def main() -> None:
    """Read the same portal with one process and with four, and print how fast and who waited."""
    rows = []
    for hands in (1, 4):
        with (
            tempfile.TemporaryDirectory(prefix="bench-") as home,
            Redis(Path(home)) as redis_url,
            emulated(CONTACTS, "real") as url,
        ):
            env = system(url, Path(home), redis_url, plan="professional")
            rows.append(_read(env, url, hands).row(f"{hands} process{'es' if hands > 1 else ''}"))
            env.store.database.close()
    columns = ("who reads", "calls", "seconds", "of the allowance less the reserve", "429", "a person waits, p95")
    print_table(f"{CONTACTS} contacts, {LATENCY_MS} ms a call, {BURST} calls in ten seconds", columns, rows)


def hand(scan_id: str, name: str) -> None:
    """Read as one hand, in a process of its own."""
    read(boot(), int(scan_id), name)


def _read(env: Env, url: str, hands: int) -> Pace:
    reading = begin(env, full=True)
    requests.post(
        f"{url}/_emulator/faults", json={"match": "/", "status": 0, "delay_ms": LATENCY_MS, "times": 10**9}, timeout=10
    )
    over, waits = threading.Event(), list[float]()
    person = threading.Thread(target=_a_person, args=(env, over, waits))
    command = [sys.executable, "-m", "benchmarks", "hand", str(reading.id)]
    readers = [subprocess.Popen([*command, f"hand-{n}"], env=environment(env)) for n in range(hands)]  # noqa: S603 - ours
    _until(lambda: env.store.scans.progress(reading).calls > 0)
    before, started = _stats(url), time.monotonic()
    person.start()
    seen, ended = before, started
    while any(reader.poll() is None for reader in readers):
        if env.store.scans.undone(reading.id) > 1:
            seen, ended = _stats(url), time.monotonic()
        time.sleep(0.5)
    over.set()
    person.join()
    finish(env, reading.id)
    calls, limited = seen[0] - before[0], seen[1] - before[1]
    return Pace(calls, ended - started, limited, waits)


def _a_person(env: Env, over: threading.Event, waits: list[float]) -> None:
    """Somebody opens a page now and then; what they wait is the time until the call may be made."""
    details = f"{env.settings.base_url}/account-info/v3/details"
    bearer = {"Authorization": f"Bearer {env.settings.access_token}"}
    while not over.wait(A_PERSON_EVERY_S):
        started = time.monotonic()
        env.hubspot._transport.budget.acquire("general", "interactive")
        waits.append(time.monotonic() - started)
        requests.get(details, headers=bearer, timeout=10)


def _stats(url: str) -> tuple[int, int]:
    calls: list[dict[str, Any]] = requests.get(f"{url}/_emulator/stats", timeout=10).json()["calls"]
    general = [each for each in calls if not each["path"].endswith("/search")]
    return sum(each["count"] for each in general), sum(each["count"] for each in calls if each["status"] == 429)


def _until(holds: Any) -> None:
    while not holds():
        time.sleep(0.05)


@contextmanager
def emulated(contacts: int, limits: str) -> Iterator[str]:
    """The emulator in a process of its own."""
    command = [sys.executable, "-m", "crm_gdpr.cli", "emulator", "--port", "0", "--limits", limits]
    command += ["--contacts", str(contacts)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as one:  # noqa: S603 - our own
        said = one.stdout.readline() if one.stdout else ""
        yield next(word for word in said.split() if word.startswith("http")).rstrip("/")
        one.terminate()

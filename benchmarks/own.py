"""`python3 dev.py bench own [CONTACTS]`: our own work on one core, HubSpot's answers already in memory.

In seconds of this process's own time, the best of several rounds: a weekly reading, that is parse the list pages, tell
what changed, keep the cursor, decide who is to be judged and compare with what HubSpot shows; then judging everyone
anew, as after a change of policy.  Parsing alone is beside it, to know the machine by.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.system import system
from crm_gdpr.addons.dialogue import hands
from crm_gdpr.addons.dialogue.conclude import conclude
from crm_gdpr.addons.dialogue.reconcile import begin, finish, reconcile
from crm_gdpr.cli.show import print_table
from crm_gdpr.embedded import Redis
from crm_gdpr.emulator import Portal, serve
from crm_gdpr.emulator.population import populate
from crm_gdpr.env import Env
from crm_gdpr.jobs.boot import settle

CONTACTS = 10_000
ROUNDS = 5


def main(contacts: str = str(CONTACTS)) -> None:
    """Measure a reading from memory, and judging everyone."""
    portal, many = Portal(), int(contacts)
    populate(portal, many, 1)
    running = serve(portal)
    with tempfile.TemporaryDirectory(prefix="bench-") as home, Redis(Path(home)) as redis_url:
        env = system(running.url, Path(home), redis_url)
        reconcile(env, full=True)
        remembered = Remembered(env.hubspot._transport.session)
        env.hubspot._speak_over(replace(env.hubspot._transport, session=remembered))
        reconcile(env, full=True)
        remembered.only = True
        records = sum(env.store.scans.last()["read"].values())
        settle()
        read_s = _seconds(lambda: _read(env))
        judged_s = _seconds(lambda: conclude(env, everyone=True))
        parsed_s = _seconds(remembered.parse)
        env.store.database.close()
    running.stop()
    rows = [
        ("a weekly reading, nothing changed: read, decide, compare", read_s, records),
        ("judge everyone anew and compare", judged_s, None),
        ("both", read_s + judged_s, records),
        ("beside it: the standard library parses the same answers", parsed_s, records),
    ]
    print_table(
        f"{many} contacts, {records} records, one core",
        ("what", "contacts a second", "records a second"),
        [(what, f"{many / took:,.0f}", f"{count / took:,.0f}" if count else "") for what, took, count in rows],
    )


class Remembered:
    """A session that answers what it has answered before."""

    def __init__(self, session: Any) -> None:
        self._session, self._known, self.only = session, dict[Any, Any](), False

    def request(self, method: str, url: str, **more: Any) -> Any:
        key = (method, url, str(more.get("params")), more.get("data"))
        if self.only and key in self._known:
            return self._known[key]
        answer = self._known[key] = self._session.request(method, url, **more)
        return answer

    def parse(self) -> None:
        for answer in self._known.values():
            json.loads(answer.content)


def _read(env: Env) -> None:
    reading = begin(env, full=True)
    while parts := env.store.scans.claim(reading.id, "one", most=1):
        hands.read_part(env, reading, parts[0])
    finish(env, reading.id)


def _seconds(work: Callable[[], object]) -> float:
    """Seconds of this process's own time in the best round; others use the machine in the rest."""
    return min(_once(work) for _ in range(ROUNDS))


def _once(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started

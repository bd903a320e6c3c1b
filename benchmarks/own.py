"""`python3 dev.py bench own [CONTACTS]`: our own work on one core, HubSpot's answers already in memory, and the memory.

Measured in seconds of this process's own time: parse the list pages, tell what changed, keep the cursor, and decide.
"""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
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
from crm_gdpr.policy import Contact, Event
from crm_gdpr.sync.scan import Found, Person, Rows

CONTACTS = 10_000
ON_THE_INDEX_ALONE = 1_000_000
DAY = date(2026, 11, 2)


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
        read_s, records = _seconds(lambda: _read(env)), sum(env.store.scans.last()["read"].values())
        judged_s = _seconds(lambda: conclude(env, everyone=True))
        env.store.database.close()
    running.stop()
    rows = [
        ("read, compare, decide where anything changed", f"{many / read_s:,.0f}", f"{records / read_s:,.0f}"),
        ("judge everyone anew", f"{many / judged_s:,.0f}", ""),
    ]
    print_table(
        f"{many} contacts, {records} records, one core", ("what", "contacts a second", "records a second"), rows
    )


def alone(contacts: str = str(ON_THE_INDEX_ALONE)) -> None:
    """Fill the index with so many contacts and judge them all; print the most memory this took."""
    many = int(contacts)
    with tempfile.TemporaryDirectory(prefix="bench-") as home, Redis(Path(home)) as redis_url:
        env = _bare(Path(home), redis_url)
        for rows in _made_up(many):
            env.store.index.keep("contacts", replace(rows, events=()), 1)
            env.store.index.keep("emails", replace(rows, people=()), 1)
        judged_s = _seconds(lambda: conclude(replace(env, hubspot=_Nobody()), everyone=True))
        env.store.database.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print_table(
        f"{many} contacts on the index alone",
        ("contacts judged a second", "most memory, MB"),
        [(f"{many / judged_s:,.0f}", peak)],
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


class _Nobody:
    """HubSpot, where everything is written and nothing is kept."""

    calls = 0

    def counted(self) -> _Nobody:
        return self

    def update_many(self, _kind: str, changes: dict[str, Any]) -> Any:
        return type("Written", (), {"done": tuple(changes), "refused": {}})


def _bare(home: Path, redis_url: str) -> Env:
    portal = Portal()
    running = serve(portal)
    env = system(running.url, home, redis_url)
    running.stop()
    return replace(env, clock=_Today())


class _Today:
    def now(self) -> Any:
        from datetime import UTC, datetime

        return datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC)


def _read(env: Env) -> None:
    reading = begin(env, full=True)
    while part := env.store.scans.claim(reading.id, "one"):
        hands.read_part(env, reading, part)
    finish(env, reading.id)


def _made_up(many: int) -> Iterator[Rows]:
    """People in thousands, each with two mails."""
    for start in range(1, many + 1, 1000):
        ids = [str(n) for n in range(start, min(start + 1000, many + 1))]
        yield Rows(people=[_person(id_) for id_ in ids], events=[_mail(id_, n) for id_ in ids for n in (0, 1)])


def _person(id_: str) -> Person:
    known = {"hold": None, "restricted": False, "objected_on": None, "attested": (), "review_answer": None}
    contact = Contact(id=id_, created_on=date(2023, 1, 10), source="website", **known)
    return Person(replace(contact, erasure_requested_on=None, not_relevant=None), f"c{int(id_) % 250_000}", {})


def _mail(id_: str, number: int) -> Found:
    on = date(2025 + number, 1 + int(id_) % 12, 1 + int(id_) % 28)
    return Found(
        Event(ref=f"emails/{id_}{number}", kind="email", on=on, direction="in", status="SENT"), contacts=(id_,)
    )


def _seconds(work: Any) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started

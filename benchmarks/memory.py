"""`python3 dev.py bench memory [CONTACTS]`: the most memory that a reading takes, in a process of its own.

`bench alone [CONTACTS]`: the index alone filled with so many people, a company for every four and two mails each, and
all of them judged; what HubSpot would be told is taken for written.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.pace import emulated
from benchmarks.system import environment, system
from crm_gdpr.addons.dialogue.conclude import conclude
from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.cli.show import print_table
from crm_gdpr.embedded import Redis
from crm_gdpr.emulator import Portal, serve
from crm_gdpr.env import Env
from crm_gdpr.jobs import boot
from crm_gdpr.jobs.boot import settle
from crm_gdpr.policy import Contact, Event, Organisation
from crm_gdpr.sync.scan import Company, Found, Person, Rows

CONTACTS = 10_000
ON_THE_INDEX_ALONE = 1_000_000
COLLEAGUES = 4
DAY = date(2026, 11, 2)


def main(contacts: str = str(CONTACTS)) -> None:
    """Read a portal of so many contacts in a process of its own, twice: everything new, nothing new."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as home,
        Redis(Path(home)) as redis_url,
        emulated(int(contacts), limits="off") as url,
    ):
        env = system(url, Path(home), redis_url)
        env.store.database.close()
        command = [sys.executable, "-m", "benchmarks", "reader"]
        peaks = [subprocess.check_output(command, env=environment(env), text=True).strip() for _ in range(2)]  # noqa: S603 - ours
        records = sum(env.store.scans.last()["read"].values())
        env.store.database.close()
    rows = [("everything is new", peaks[0]), ("nothing is", peaks[1])]
    print_table(f"{contacts} contacts, {records} records", ("a full reading", "most memory, MB"), rows)


def reader() -> None:
    """Read everything as a process of its own, and print its peak."""
    reconcile(boot(), full=True)
    sys.stdout.write(f"{_peak_mb()}\n")


def alone(contacts: str = str(ON_THE_INDEX_ALONE)) -> None:
    """Fill the index with so many contacts and judge them all; print the most memory this took."""
    many = int(contacts)
    with tempfile.TemporaryDirectory(prefix="bench-") as home, Redis(Path(home)) as redis_url:
        env = _bare(Path(home), redis_url)
        settle()
        for rows in _made_up(many):
            env.store.index.keep("companies", replace(rows, people=(), events=()), 1)
            env.store.index.keep("contacts", replace(rows, companies=(), events=()), 1)
            env.store.index.keep("emails", replace(rows, people=(), companies=()), 1)
        started = time.process_time()
        conclude(replace(env, hubspot=_Nobody()), everyone=True)
        judged_s = time.process_time() - started
        env.store.database.close()
    columns = ("contacts judged a second, the first time", "most memory, MB")
    print_table(f"{many} contacts on the index alone", columns, [(f"{many / judged_s:,.0f}", str(_peak_mb()))])


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class _Nobody:
    """HubSpot, where everything is written and nothing is kept."""

    calls = 0

    def counted(self) -> _Nobody:
        return self

    def update_many(self, _kind: str, changes: dict[str, Any]) -> Any:
        return type("Written", (), {"done": tuple(changes), "refused": {}})


def _bare(home: Path, redis_url: str) -> Env:
    running = serve(Portal())
    env = system(running.url, home, redis_url)
    running.stop()
    return replace(env, clock=_Today())


class _Today:
    def now(self) -> datetime:
        return datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC)


def _made_up(many: int) -> Iterator[Rows]:
    """People in thousands."""
    for start in range(1, many + 1, 1000):
        ids = range(start, min(start + 1000, many + 1))
        yield Rows(
            people=[_person(id_) for id_ in ids],
            companies=[_company(id_ // COLLEAGUES) for id_ in ids if id_ % COLLEAGUES == 0],
            events=[_mail(id_, n) for id_ in ids for n in (0, 1)],
        )


def _person(id_: int) -> Person:
    known = {"hold": None, "restricted": False, "objected_on": None, "attested": (), "review_answer": None}
    contact = Contact(id=str(id_), created_on=date(2023, 1, 10), source="website", **known)
    return Person(replace(contact, erasure_requested_on=None, not_relevant=None), str(id_ // COLLEAGUES), {})


def _company(id_: int) -> Company:
    known = Organisation(id=str(id_), customer=False, contract_until=None, relationship_ended_on=None)
    return Company(known, held=False)


def _mail(id_: int, number: int) -> Found:
    on = date(2025 + number, 1 + id_ % 12, 1 + id_ % 28)
    event = Event(ref=f"emails/{id_}{number}", kind="email", on=on, direction="in", status="SENT")
    return Found(event, contacts=(str(id_),), companies=(str(id_ // COLLEAGUES),))

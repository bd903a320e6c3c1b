"""HubSpot's limits on: the largest person in the time their calls allow, and fifty requests beside a nightly scan."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from benchmarks.system import system
from crm_gdpr.addons.access import identity, jobs, steps
from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.emulator import Limits, Portal, Running, serve
from crm_gdpr.emulator.population import populate
from crm_gdpr.env import Env
from crm_gdpr.jobs.queue import connect
from crm_gdpr.policy import Right
from crm_gdpr.sync.budget import PLANS
from tests.addons.test_completeness import BODIES

pytestmark = pytest.mark.slow
PLAN = "professional"


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def limited(portal: Portal) -> Iterator[Running]:
    """The account with HubSpot's limits."""
    running = serve(portal, limits=Limits(PLAN))
    yield running
    running.stop()


@pytest.fixture
def env(portal: Portal, emulator: Running, limited: Running, tmp_path: Path, redis_url: str) -> Iterator[Env]:
    """The system, installed before the limits hold."""
    connect(redis_url).flushall()
    system(emulator.url, tmp_path, redis_url).store.database.close()
    env = system(limited.url, tmp_path, redis_url, plan=PLAN)
    yield env
    env.store.database.close()


def confirmed(env: Env, contact_id: str) -> int:
    number = steps.open_request(env, right=Right.ACCESS, received_on=env.today(), contact_id=contact_id, by="kim")
    identity.confirm(env, env.store.requests.get(number), "called back", by="kim")
    return number or 0


def seen(running: Running) -> dict[str, int]:
    calls = requests.get(f"{running.url}/_emulator/stats", timeout=10).json()
    requests.delete(f"{running.url}/_emulator/stats", timeout=10)
    return {"total": calls["total"], "limited": sum(each["count"] for each in calls["calls"] if each["status"] == 429)}


def allowed_s(calls: int) -> float:
    """The seconds that so many calls take one who has the whole allowance, after the first burst."""
    rate = PLANS[PLAN].general.rate("interactive", 0.1)
    return max(0, calls - (rate.burst or 0)) / (rate.limit / rate.interval * 1000)


def test_the_largest_person_is_answered_in_the_time_the_calls_allow(env, portal, limited):
    anna, bo = (portal.add_contact(email=f"{name}@example.com", firstname=name.title()) for name in ("anna", "bo"))
    portal.advance(days=1)
    for kind, body in BODIES.items():
        for number in range(2_000 // len(BODIES) + 1):
            portal.log(kind, [anna, bo] if number % 10 == 0 else [anna], **{body: f"Hej! {number} " + "text " * 40})
    number = confirmed(env, anna)
    seen(limited)
    started, worked = time.perf_counter(), time.process_time()
    jobs.prepare(env, number)
    took_s, worked_s, calls = time.perf_counter() - started, time.process_time() - worked, seen(limited)
    print(f"2,000 engagements: {calls['total']} calls, {took_s:.1f} s, {allowed_s(calls['total']):.1f} s allowed")
    assert env.store.requests.package_of(number) is not None
    assert calls["limited"] == 0
    assert worked_s <= 1.1 * allowed_s(calls["total"]), "our own work, and the emulator's, fits into the waiting"


def test_fifty_requests_are_served_beside_a_nightly_scan(env, portal, limited):
    populate(portal, 400, 1)
    portal.advance(days=1)
    people = [str(record.id) for record in list(portal.live["contacts"])[:50]]
    numbers = [confirmed(env, each) for each in people]
    scan = threading.Thread(target=reconcile, args=(env,), kwargs={"full": True}, daemon=True)
    seen(limited)
    started = time.perf_counter()
    scan.start()
    done_s = []
    for number in numbers:
        jobs.prepare(env, number)
        done_s.append(time.perf_counter() - started)
    scan.join(timeout=300)
    calls = seen(limited)
    waits = [after - before for before, after in zip([0.0, *done_s], done_s, strict=False)]
    print(f"50 requests beside a scan: {calls}, last after {done_s[-1]:.0f} s, the slowest took {max(waits):.1f} s")
    assert not scan.is_alive()
    assert env.store.scans.last() is not None
    assert all(env.store.requests.package_of(number) for number in numbers)
    assert max(waits) <= 4 * sorted(waits)[len(waits) // 2] + 5

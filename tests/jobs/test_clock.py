"""Every slot once, however many clocks there are and however long none was."""

from __future__ import annotations

from datetime import datetime
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest

from crm_gdpr.addon import Job
from crm_gdpr.jobs import clock
from crm_gdpr.jobs.clock import newest_slot, tick
from tests.jobs.made_up import with_jobs

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def nothing(env):
    """Do nothing."""


@pytest.fixture
def nightly(bare_env):
    """A system with one job, every night at two."""
    return with_jobs(bare_env, Job(name="made.nightly", run=nothing, cron="0 2 * * *"))


def queued(env):
    return env.store.work.open(["made.nightly"])


def test_a_new_installation_waits_for_the_slot_to_come(nightly):
    tick(nightly)
    assert queued(nightly) == 0


def test_a_slot_is_queued_once(portal, nightly):
    tick(nightly)
    portal.advance(days=1)
    for _ in range(3):
        tick(nightly)
    assert queued(nightly) == 1


def test_two_clocks_queue_a_slot_once(portal, nightly):
    tick(nightly)
    portal.advance(days=1)
    start = Barrier(4)

    def another():
        start.wait(5)
        tick(nightly)

    threads = [Thread(target=another) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert queued(nightly) == 1


def test_after_a_downtime_it_catches_up_once(portal, nightly):
    tick(nightly)
    portal.advance(days=9)
    tick(nightly)
    assert queued(nightly) == 1


def test_every_night_has_its_slot(portal, nightly):
    tick(nightly)
    for night in range(1, 4):
        portal.advance(days=1)
        tick(nightly)
        assert queued(nightly) == night


def test_a_clock_set_back_queues_nothing_twice(portal, nightly):
    tick(nightly)
    portal.advance(days=1)
    tick(nightly)
    portal.clock.advance(days=-1)
    tick(nightly)
    portal.clock.advance(days=1)
    tick(nightly)
    assert queued(nightly) == 1


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        pytest.param((2026, 11, 3, 2, 0), (2026, 11, 3, 2, 0), id="on the minute"),
        pytest.param((2026, 11, 3, 1, 59), (2026, 11, 2, 2, 0), id="the minute before"),
        pytest.param((2026, 11, 3, 23, 0), (2026, 11, 3, 2, 0), id="later that day"),
    ],
)
def test_the_newest_slot_is_not_after_now(now, slot):
    found = newest_slot("0 2 * * *", datetime(*now, tzinfo=STOCKHOLM))
    assert found.replace(tzinfo=None) == datetime(*slot)  # noqa: DTZ001 - wall clock is what a cron line means


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 29, 12, tzinfo=STOCKHOLM), datetime(2026, 10, 25, 12, tzinfo=STOCKHOLM)]
)
def test_a_night_with_an_hour_more_or_less_has_one_slot(day):
    found = newest_slot("0 2 * * *", day)
    assert found <= day
    assert (day - found).total_seconds() < 86_400


def test_a_tick_that_fails_is_followed_by_another(nightly, monkeypatch):
    ticks = []

    def fail(env):
        ticks.append(1)
        raise OSError

    monkeypatch.setattr(clock, "tick", fail)
    clock.run(nightly, lambda _seconds: len(ticks) == 3)
    assert len(ticks) == 3

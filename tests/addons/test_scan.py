"""Readings: what they cost, who may die in them, and that the index ends the same."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from crm_gdpr.addons.dialogue import hands
from crm_gdpr.addons.dialogue.reconcile import begin, finish, read, reconcile, start
from crm_gdpr.definitions import definitions
from crm_gdpr.emulator.population import populate
from crm_gdpr.sync import HubSpot, install
from crm_gdpr.sync.scan import Scan
from tests.addons.nights import silent
from tests.addons.readings import index_of, rebuilt

SMALL = 400


@pytest.fixture
def town(portal, env):
    """A portal with some hundred people and what was said with them."""
    for number in range(130):
        person = silent(portal, f"p{number}@example.com")
        portal.log("call", contacts=[person])
        portal.log("note", contacts=[person])
    return portal


def calls(emulator) -> int:
    return requests.get(f"{emulator.url}/_emulator/stats", timeout=10).json()["total"]


def forget_calls(emulator) -> None:
    requests.delete(f"{emulator.url}/_emulator/stats", timeout=10)


def records(portal) -> int:
    return sum(len(portal.live[kind]) for kind in Scan.kinds)


def trouble(emulator, **fault) -> None:
    requests.post(f"{emulator.url}/_emulator/faults", json=fault, timeout=10)


@pytest.fixture
def cut_small(monkeypatch):
    """Parts give half away after every batch, and a batch is one page."""
    monkeypatch.setattr(hands, "LONG", 1)
    monkeypatch.setattr("crm_gdpr.sync.scan.AT_ONCE", 1)


def test_a_full_reading_costs_hardly_more_than_its_lower_bound(portal, bare_env, emulator):
    populate(portal, SMALL, 1)
    wanted = definitions(bare_env.registry)
    install.apply(bare_env.hubspot, install.plan(wanted, install.present(bare_env.hubspot, wanted)))
    for _ in ("everyone is written back", "nobody is"):
        forget_calls(emulator)
        reconcile(bare_env, full=True)
        told = bare_env.store.scans.last()
        bound = sum(max(1, math.ceil(len(portal.live[kind]) / 100)) for kind in Scan.kinds)
        assert calls(emulator) <= 1.05 * (bound + math.ceil(told["written"] / 100))


def test_what_a_reading_tells_counts_every_record_once(town, env):
    reconcile(env, full=True)
    assert sum(env.store.scans.last()["read"].values()) == records(town)


def test_parts_that_were_split_end_in_the_same_index(town, env, tmp_path, cut_small):
    reading = begin(env, full=True)
    hands.read(env, reading, "here")
    progress = env.store.scans.progress(reading)
    assert progress.parts > len(Scan.kinds)
    assert progress.total == records(town)
    finish(env, reading.id)
    assert index_of(env.store) == rebuilt(env, tmp_path)


def test_an_account_that_does_not_list_by_id_is_read_with_one_cursor(town, env, tmp_path, cut_small, monkeypatch):
    sheet, known = HubSpot.sheet, {None}

    def from_the_start(hubspot, kind, after, *args):
        found = sheet(hubspot, kind, after if (kind, after) in known else None, *args)
        known.add((kind, found.after))
        return found

    monkeypatch.setattr(HubSpot, "sheet", from_the_start)
    reconcile(env, full=True)
    assert sum(env.store.scans.last()["read"].values()) == records(town)
    monkeypatch.undo()
    assert index_of(env.store) == rebuilt(env, tmp_path)


def test_several_hands_read_no_page_twice(town, env, emulator, cut_small):
    reading = begin(env, full=True)
    with ThreadPoolExecutor(3) as pool:
        for hand in [pool.submit(read, env, reading.id, f"hand-{n}") for n in range(3)]:
            hand.result()
    assert env.store.scans.progress(reading).total == records(town)
    assert env.store.work.state(f"scan-{reading.id}-conclude") == "waiting"


def test_a_reading_left_for_workers_is_read_and_concluded_by_them(town, env, work):
    start(env, full=True)
    assert env.store.scans.going()
    work()
    assert env.store.scans.going() is None
    assert sum(env.store.index.counts().values()) == 130


KILLED = """
import os, signal, sys
from crm_gdpr.addons.dialogue import hands
from crm_gdpr.addons.dialogue.reconcile import begin
from crm_gdpr.jobs import boot
from crm_gdpr.store.scans import Scans

env, at, after = boot(), int(sys.argv[1]), sys.argv[2] == "after"
hands.LANES = 1
keep, count = Scans.keep, 0

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def counted(self, *args, **kwargs):
    global count
    count += 1
    if count == at and not after:
        die()
    kept = keep(self, *args, **kwargs)
    if count == at:
        die()
    return kept

Scans.keep = counted
hands.read(env, begin(env, full=True), "mortal")
"""


def environment(env) -> dict[str, str]:
    s = env.settings
    return {
        **os.environ,
        "HUBSPOT_ACCESS_TOKEN": s.access_token,
        "HUBSPOT_CLIENT_SECRET": s.client_secret,
        "HUBSPOT_PORTAL_ID": str(s.portal_id),
        "HUBSPOT_BASE_URL": s.base_url,
        "HUBSPOT_PLAN": s.plan,
        "REDIS_URL": s.redis_url,
        "DATABASE_URL": s.database_url,
        "CRM_GDPR_SECRET_KEY": s.secret_key,
        "CRM_GDPR_PSEUDONYM_KEY": s.pseudonym_key,
        "CRM_GDPR_FILES": str(s.files),
        "CRM_GDPR_CLOCK_URL": str(s.clock_url),
    }


def killed_at(env, batch: int, when: str) -> None:
    """Let a process read until it is killed at a batch."""
    reader = subprocess.run(
        [sys.executable, "-c", KILLED, str(batch), when], env=environment(env), capture_output=True, timeout=60
    )
    assert reader.returncode == -9, reader.stderr.decode()[-500:]


@pytest.mark.parametrize(
    ("batch", "when"),
    [
        pytest.param(2, "before", id="before a page is kept"),
        pytest.param(3, "after", id="after it is kept"),
        *(pytest.param(n, w, marks=pytest.mark.slow) for n in range(1, 11) for w in ("before", "after")),
    ],
)
def test_a_worker_killed_at_a_page_loses_nothing_and_counts_nothing_twice(town, env, tmp_path, batch, when):
    killed_at(env, batch, when)
    reading = env.store.scans.going()
    hands.read(env, reading, "mortal")
    finish(env, reading.id)
    assert sum(env.store.scans.last()["read"].values()) == records(town)
    assert index_of(env.store) == rebuilt(env, tmp_path)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"status": 429, "times": 4, "retry_after": 0}, id="a storm of 429"),
        pytest.param({"status": 503, "times": 3}, id="the server fails"),
        pytest.param({"reset": True, "times": 3}, id="the line is cut"),
    ],
)
def test_trouble_on_the_way_ends_in_the_same_index(town, env, emulator, tmp_path, fault):
    trouble(emulator, match="/objects/", method="GET", after=1, **fault)
    reconcile(env, full=True)
    assert index_of(env.store) == rebuilt(env, tmp_path)


def test_a_lagging_search_index_is_waited_out_by_the_overlap(portal, env, emulator, tmp_path):
    jane = silent(portal)
    reconcile(env, full=True)
    requests.post(f"{emulator.url}/_emulator/switches", json={"search_lag_ms": 30_000}, timeout=10)
    portal.advance(hours=5)
    portal.log("call", contacts=[jane])
    reconcile(env)
    portal.advance(minutes=2)
    reconcile(env)
    assert index_of(env.store) == rebuilt(env, tmp_path)


def test_drift_is_told_by_kind(town, env):
    reconcile(env, full=True)
    reconcile(env, full=True)
    assert env.store.scans.last()["missed"] == {}
    person = silent(town, "new@example.com")
    town.log("email", contacts=[person])
    town.archive("calls", str(next(iter(town.live["calls"])).id))
    reconcile(env, full=True)
    assert env.store.scans.last()["missed"] == {"contacts": 1, "emails": 1, "calls": 1}
    assert len(env.store.scans.nights()) == 3


def test_an_incremental_night_costs_little_more_than_what_changed(town, env, emulator):
    reconcile(env, full=True)
    town.advance(hours=30)
    reconcile(env)
    town.advance(hours=30)
    for contact in list(town.live["contacts"])[:120]:
        town.log("email", contacts=[str(contact.id)], hs_email_direction="INCOMING_EMAIL")
    forget_calls(emulator)
    reconcile(env)
    told = env.store.scans.last()
    read = told["read"]
    bound = sum(math.ceil(n / 200) + 2 * math.ceil(n / 1000) for n in read.values()) + math.ceil(told["written"] / 100)
    assert told["written"] > 100
    assert calls(emulator) <= 1.1 * bound + 40


def test_the_calls_that_are_told_are_the_calls_that_were_made(town, env, emulator):
    forget_calls(emulator)
    reconcile(env, full=True)
    assert env.store.scans.last()["calls"] == calls(emulator)

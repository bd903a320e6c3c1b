"""A worker killed (SIGKILL) at every call boundary of a run, in turn: the lease runs out and the next one goes on.

One plan; worker after worker dies one boundary later than the one before: before a call to HubSpot, after its answer,
after a write to the store.  The end is that of a run left in peace, and HubSpot was told everything once.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from crm_gdpr.addons.retention.approving import start_plan
from tests.addons.nights import approved, in_bin, in_review, silent, states, told
from tests.addons.test_scan import environment

WORKERS = """
import os, signal, sys, time
from contextlib import contextmanager
from crm_gdpr.jobs import boot, run
from crm_gdpr.store.database import Database
from crm_gdpr.sync.transport import Transport

key, first, stride = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
run.LEASE_S = 1.0
real = time.time

def work(at):
    send, write, met = Transport._send, Database.write, 0
    def boundary():
        nonlocal met
        met += 1
        if met == at:
            os.kill(os.getpid(), signal.SIGKILL)
    def mortal_send(self, *args, **kwargs):
        boundary()
        try:
            return send(self, *args, **kwargs)
        finally:  # also where HubSpot refuses
            boundary()
    @contextmanager
    def mortal_write(self):
        with write(self) as connection:
            yield connection
        boundary()
    Transport._send, Database.write = mortal_send, mortal_write
    env = boot()
    run.perform_one(env, key)
    os._exit(0 if env.store.work.state(key) == "done" else 1)

at, over = first, 0.0
time.time = lambda: real() + over
while True:
    worker = os.fork()
    if worker == 0:
        work(at)
    status = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
    if status != -signal.SIGKILL:
        print(at)
        sys.exit(status)
    at += stride
    over += run.LEASE_S  # the lease of the dead has run out
"""
STRIDES = [pytest.param(1, marks=pytest.mark.slow, id="every boundary"), pytest.param(47, id="some")]


@pytest.fixture
def policy_file(policy_file):
    text = policy_file.read_text()
    policy_file.write_text(text.replace("max_share = 0.05", "max_share = 1.0"))
    return policy_file


@pytest.fixture
def people(portal, env):
    """Two people with a call of their own each, and a mail with somebody else in it."""
    other = portal.add_contact(email="other@example.com", gdpr_source="website")
    found = []
    for number in range(2):
        person = silent(portal, f"p{number}@example.com")
        portal.log("call", contacts=[person], hs_timestamp="2023-02-01T10:00:00Z")
        text = {"hs_email_text": f"Hej p{number}@example.com", "hs_timestamp": "2023-02-01T10:00:00Z"}
        portal.log("email", contacts=[person, other], **text)
        found.append(person)
    return found


def killed_again_and_again(env, plan, stride: int) -> int:
    """Let workers die one after the other until one lives to the end; returns the boundary it did not reach."""
    key = start_plan(env, plan.id)
    mortal = {**environment(env), "CRM_GDPR_POLICY": str(env.settings.policy_file), "PYTHONPATH": "."}
    command = [sys.executable, "-c", WORKERS, key, "1", str(stride)]
    ran = subprocess.run(command, env=mortal, capture_output=True, text=True, check=False, timeout=3000)
    assert ran.returncode == 0, ran.stderr[-800:]
    return int(ran.stdout)


def deletions(emulator):
    """Count what HubSpot was asked to delete, record by record."""
    return Counter({path: n for (method, path, _), n in emulator.guard.calls.items() if method == "DELETE"})


@pytest.mark.parametrize("stride", STRIDES)
def test_an_apply_killed_at_every_boundary_ends_as_one_left_in_peace(portal, env, emulator, people, stride):
    in_review(env, portal)
    plan = approved(env)
    emulator.guard.calls.clear()
    assert killed_again_and_again(env, plan, stride) > stride
    assert states(env, plan) == dict.fromkeys(people, ("archive", "done"))
    assert all(portal.is_archived(person) for person in people)
    assert sum(deletions(emulator).values()) == len(people), "archived once each"
    assert all(env.store.stages.get(person)[0] == "archive" for person in people)
    assert all(told(env, person).count("archive.done") >= 1 for person in people)
    assert env.store.ledger.verify().holds


@pytest.mark.parametrize("stride", STRIDES)
@pytest.mark.parametrize("way", ["on request", pytest.param("from the bin", marks=pytest.mark.slow)])
def test_an_erasure_killed_at_every_boundary_ends_as_one_left_in_peace(portal, env, emulator, people, way, stride):
    if way == "from the bin":
        in_bin(env, portal)
    else:
        for person in people:
            portal.edit("contacts", person, gdpr_erasure_requested_on="2026-11-01")
    plan = approved(env)
    mails = len(portal.live["emails"])
    emulator.guard.calls.clear()
    assert killed_again_and_again(env, plan, stride) > stride
    assert states(env, plan) == dict.fromkeys(people, ("erase", "done"))
    assert not any(portal.is_live(person) for person in people)
    assert len(portal.live["emails"]) == mails, "what others share is made anew once, not twice"
    assert not any("p0@" in m.properties.get("hs_email_text", "") for m in portal.live["emails"])
    assert env.store.ledger.verify().holds

"""A worker that erases somebody with a bit of everything, killed (SIGKILL) once in each life, at every call to HubSpot.

Another takes the work up when the lease is over, and the end is that of the run that nobody disturbed.

One process boots and forks for each life, so that hundreds of workers can die in a minute.
"""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from crm_gdpr.addons.retention.approving import start_plan
from crm_gdpr.jobs.run import perform_one
from tests.addons.copies import Copy
from tests.addons.nights import approved, in_bin, silent, states, told, uncapped
from tests.addons.test_scan import environment

SOME = 2  # calls at which the ordinary suite kills; the long profile takes every one
WORKERS = """
import os, signal, sys
from crm_gdpr.jobs import boot, run
from crm_gdpr.sync.client import preload
from crm_gdpr.sync.transport import Transport

preload()
run.LEASE_S = float(sys.argv[1])
send = Transport._send

def work(key, at, after):
    calls = 0
    def mortal(self, *args, **kwargs):
        nonlocal calls
        calls += 1
        if calls == at and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        try:
            return send(self, *args, **kwargs)
        finally:  # also where HubSpot refuses
            if calls == at:
                os.kill(os.getpid(), signal.SIGKILL)
    Transport._send = mortal
    run.perform_one(boot(), key)
    return calls

for line in sys.stdin:
    key, at, when = line.split()
    out, back = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(back, str(work(key, int(at), when == "after")).encode())
        finally:
            os._exit(0)
    os.close(back)
    _, status = os.waitpid(child, 0)
    calls = os.read(out, 20).decode() or "0"
    os.close(out)
    print(os.WTERMSIG(status), calls, flush=True)
"""
LEASE = "1"  # seconds
PLANS = {"on request": lambda *_: None, "from the bin": in_bin}


class Workers:
    """Lets a worker live for as many calls as it is given."""

    def __init__(self, env):
        command = [sys.executable, "-c", WORKERS, LEASE]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        armed = {**environment(env), "CRM_GDPR_POLICY": str(env.settings.policy_file)}
        self.process = subprocess.Popen(command, env=armed, **pipes)

    def work(self, key, at=10**9, when="before"):
        """Return by what signal the worker died, 0 for none, and how many calls it made."""
        self.process.stdin.write(f"{key} {at} {when}\n")
        self.process.stdin.flush()
        died, calls = self.process.stdout.readline().split()
        return int(died), int(calls)

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


@pytest.fixture
def workers(env):
    found = Workers(env)
    yield found
    found.close()


class Before:
    """The account and the store as they were when the plan was approved."""

    def __init__(self, env, portal):
        self.portal, self.account, self.store = portal, portal.snapshot(), Copy(env)

    def again(self):
        self.store.put_back(journal_too=True)
        self.portal.restore_snapshot(self.account)


def peopled(portal):
    """Somebody with a bit of everything, and a colleague, long ago."""
    now = portal.clock.now()
    portal.clock.set("2023-02-01T10:00:00Z")
    jane = silent(portal, firstname="Jane", lastname="Doe", gdpr_erasure_requested_on="2026-11-01")
    other = portal.add_contact(email="other@example.com", gdpr_source="website")
    firm = portal.add_company(name="Exempel")
    for who in (jane, other):
        portal.link(("contacts", who), ("companies", firm))
    at = {"hs_timestamp": "2023-02-01T10:00:00Z"}
    file = portal.add_file("cv.pdf", b"cv")
    portal.log("call", [jane], hs_attachment_ids=file, **at)
    portal.log("note", [jane, other], hs_note_body="Jane Doe sade ja", **at)
    portal.log("note", [other], [firm], hs_note_body="Doe, Jane ringde", **at)
    portal.add_ticket(contacts=[jane], subject="Fråga", hs_pipeline_stage="4")
    portal.add_deal(contacts=[jane], dealname="Till Jane Doe", dealstage="closedlost")
    portal.clock.set(now)
    return jane


def end_state(env, portal, plan, jane):
    """Return everything that must not depend on who was killed where."""
    case = env.store.cases.of(jane)
    shelves = {"live": portal.live, "bin": portal.bin}
    texts = ("hs_note_body", "email", "subject", "dealname", "hs_attachment_ids", "hs_timestamp")
    return {
        "records": sorted(
            (where, kind, *(str(record.properties.get(name)) for name in texts))
            for where, kinds in shelves.items()
            for kind, shelf in kinds.items()
            if kind != "tasks"  # the review that is asked for in the same run, at the moment it is
            for record in shelf
        ),
        "associations": sorted(len(portal.associated(note, "contacts")) for note in portal.live["notes"]),
        "files": [file.id for file in portal.files.live()],
        "item": states(env, plan)[jane],
        "case": case and (case.state, case.way, {k: v for k, v in case.frozen.items() if k not in ("made", "begun")}),
        "made": case and len(case.frozen.get("made", ())),
        "told": {action: told(env, jane).count(action) for action in ("erase.done", "archive.done", "usage.let_go")},
        "destroyed": env.store.pause.destroyed(env.today()) > 0,
        "known": env.store.index.known(jane) is not None,
    }


@pytest.mark.parametrize(
    ("what", "purge", "most"),
    [
        ("on request", "refuse", SOME),
        *(pytest.param(what, purge, None, marks=pytest.mark.slow) for what in PLANS for purge in ("accept", "refuse")),
    ],
)
def test_a_worker_killed_at_a_call_leaves_nothing_half_done_or_done_twice(env, portal, workers, what, purge, most):
    portal.switches = portal.switches.changed(purge_archived=purge)
    env, jane = uncapped(env), peopled(portal)
    if what != "on request":
        portal.edit("contacts", jane, gdpr_erasure_requested_on="")
    PLANS[what](env, portal)
    plan = approved(env)
    key = start_plan(env, plan.id)
    before = Before(env, portal)
    died, calls = workers.work(key)
    assert (died, calls > 5) == (0, True)
    undisturbed = end_state(env, portal, plan, jane)
    assert undisturbed["item"][1] == "done"
    points = range(1, calls + 1) if most is None else sorted({1 + n * (calls - 1) // most for n in range(1, most + 1)})
    when = "before" if purge == "accept" else "after"  # after one call is before the next, but for the store between
    for at in points:
        before.again()
        assert workers.work(key, at, when) == (signal.SIGKILL, 0)
        while env.store.work.state(key) == "running":  # until the lease is over
            perform_one(env, key)
        assert end_state(env, portal, plan, jane) == undisturbed, f"killed {when} call {at} of {calls}"
        assert env.store.ledger.verify().holds

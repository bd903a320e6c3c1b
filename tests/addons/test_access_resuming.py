"""An answer that is broken off goes on where it stopped: a worker killed at any step, HubSpot failing half-way."""

from __future__ import annotations

import subprocess
import sys

import pytest
import requests

from crm_gdpr.addons.access import identity, jobs, steps
from crm_gdpr.addons.access.drafts import draft_of
from crm_gdpr.emulator.faults import Fault
from crm_gdpr.jobs.run import perform_one
from crm_gdpr.policy import Right
from tests.addons.pages import sign_in
from tests.addons.test_scan import environment

KILLED = """
import os, signal, sys
from crm_gdpr.addons.access import gather
from crm_gdpr.addons.access.jobs import prepare
from crm_gdpr.jobs import boot

env, at, after, keep = boot(), sys.argv[2], sys.argv[3] == "after", gather.keep

def mortal(env, name, value):
    it_is_time = name.endswith("-" + at)
    if it_is_time and not after:
        os.kill(os.getpid(), signal.SIGKILL)
    keep(env, name, value)
    if it_is_time:
        os.kill(os.getpid(), signal.SIGKILL)

gather.keep = mortal
prepare(env, int(sys.argv[1]))
"""


@pytest.fixture
def number(env, portal) -> int:
    """A request whose answer is about to be made."""
    anna = portal.add_contact(email="anna@example.com", firstname="Anna")
    for kind in ("email", "call", "note", "task"):
        portal.log(kind, [anna], **{f"hs_{kind}_body" if kind != "email" else "hs_email_text": "text"})
    portal.advance(days=1)
    number = steps.open_request(env, right=Right.ACCESS, received_on=env.today(), contact_id=anna, by="kim")
    identity.confirm(env, env.store.requests.get(number), "called back", by="kim")
    return number


def batches(emulator) -> int:
    """Return how many batches of records were read since it was last asked."""
    stats = requests.get(f"{emulator.url}/_emulator/stats", timeout=10).json()["calls"]
    requests.delete(f"{emulator.url}/_emulator/stats", timeout=10)
    return sum(each["count"] for each in stats if each["path"].endswith("/<kind>/batch/read"))


def read_again(env, number: int) -> dict[str, int]:
    package = env.store.requests.package_of(number)
    return {part.kind: part.found for part in draft_of(env, package).answer.parts if part.kind != "section"}


@pytest.mark.parametrize(
    ("step", "when", "left"),
    [
        pytest.param("notes", "after", 2, id="after a step is kept"),
        *(
            pytest.param(*each, marks=pytest.mark.slow)
            for each in (
                *(("contact", "before", 6), ("contact", "after", 5), ("emails", "before", 5), ("emails", "after", 4)),
                *(("notes", "before", 3), ("staff", "before", 1), ("staff", "after", 1)),
            )
        ),
    ],
)
def test_a_worker_killed_while_it_reads_does_not_begin_anew(env, emulator, client, number, step, when, left):
    """The contact itself is read again; of the rest only what was not kept."""
    script = [sys.executable, "-c", KILLED, str(number), step, when]
    killed = subprocess.run(script, env=environment(env), capture_output=True, timeout=60)
    assert killed.returncode == -9, killed.stderr.decode()[-500:]
    assert env.store.requests.package_of(number) is None
    sign_in(client, env, role="support", name="sam")
    assert f": {step}</p>" in client.get(f"/console/requests/{number}").text
    batches(emulator)
    jobs.prepare(env, number)
    assert batches(emulator) == left
    assert {"emails", "calls", "notes", "tasks"} <= {kind for kind, found in read_again(env, number).items() if found}
    assert client.get(f"/console/requests/{number}/report/sv").status_code == 200


def test_hubspot_failing_half_way_is_taken_up_where_it_stopped(env, emulator, number):
    emulator.guard.faults.waiting = [Fault(match="/tasks/batch/read", status=400, times=1)]
    (item,) = (each for each in env.store.work.overdue(float("inf")) if each.job == "access.prepare")
    perform_one(env, item.key)
    assert env.store.requests.package_of(number) is None
    batches(emulator)
    jobs.prepare(env, number)
    assert batches(emulator) == 2
    assert read_again(env, number)["tasks"] == 1

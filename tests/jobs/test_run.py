"""Work is done under a lease: once, again after a failure, and never for ever."""

from __future__ import annotations

import time
from threading import Barrier, Thread

import pytest

from crm_gdpr.addon import Job
from crm_gdpr.gate import Refused
from crm_gdpr.jobs import run
from crm_gdpr.jobs.clock import sweep
from crm_gdpr.jobs.lease import Lease
from crm_gdpr.jobs.queue import clean
from crm_gdpr.jobs.run import ATTEMPTS, LEASE_S, perform_one
from crm_gdpr.store.suppression import WrongKey
from crm_gdpr.sync.errors import Limited, Said, Unauthorised, Unavailable
from tests.jobs.made_up import with_jobs

SECRET = "astrid@example.com"


class Doing:
    """A job that counts, and fails as long as it is told to."""

    def __init__(self, error: Exception | None = None, times: int = 0) -> None:
        self.error, self.times, self.calls = error, times, 0

    def __call__(self, env, **ids) -> None:
        self.calls += 1
        if self.error is not None and self.calls <= self.times:
            raise self.error


@pytest.fixture
def system(bare_env):
    """Return a system whose one job is this, with one piece of work left for it."""

    def make(doing, *more: Job):
        env = with_jobs(bare_env, Job(name="made.up", run=doing), *more)
        env.queue.enqueue("made.up", "one")
        return env

    return make


def test_work_is_done_once(system):
    doing = Doing()
    env = system(doing)
    for _ in range(3):
        perform_one(env, "one")
    assert doing.calls == 1
    assert env.store.work.state("one") == "done"


def test_a_key_nobody_left_is_nothing_to_do(system):
    perform_one(system(Doing()), "unknown")


def test_a_failure_is_given_back_and_tried_again(system):
    doing = Doing(ValueError("no"), times=2)
    env = system(doing)
    for state in ("waiting", "waiting", "done", "done"):
        perform_one(env, "one")
        assert env.store.work.state("one") == state
    assert doing.calls == 3


def test_each_wait_is_longer_than_the_one_before(system):
    env = system(Doing(ValueError("no"), times=99))
    waits = []
    for _ in range(ATTEMPTS - 1):
        perform_one(env, "one")
        waits.append(next(w for w in range(1, 700) if env.store.work.overdue(time.time() + w)))
    assert waits == sorted(waits)
    assert waits[0] <= 3
    assert waits[-1] <= 600


def test_what_fails_to_the_last_attempt_is_given_to_a_person(system):
    doing = Doing(ValueError("no"), times=99)
    env = system(doing)
    for _ in range(ATTEMPTS + 3):
        perform_one(env, "one")
    assert doing.calls == ATTEMPTS
    assert env.store.work.state("one") == "failed"
    assert env.store.work.overdue(float("inf")) == []


@pytest.mark.parametrize(
    "error",
    [
        Unavailable(Said(status=503)),
        Limited(Said(status=429, policy="DAILY")),
        Unauthorised(Said(status=401)),
        WrongKey(),
    ],
    ids=["HubSpot is away", "the day is spent", "the token was revoked", "another pseudonym key"],
)
def test_what_may_pass_is_tried_for_days_and_the_operator_is_told(system, error):
    """A no that came while HubSpot was away for ten minutes was given up."""
    doing = Doing(error, times=ATTEMPTS + 2)
    env = system(doing)
    for _ in range(ATTEMPTS + 2):
        perform_one(env, "one")
    assert env.store.work.failed() == []
    (late,) = env.store.work.struggling(ATTEMPTS)
    assert late["attempt"] == ATTEMPTS + 2
    perform_one(env, "one")
    assert env.store.work.state("one") == "done"


def test_work_that_somebody_waits_for_goes_before_readings_in_the_allowance_of_calls(bare_env):
    lanes = []
    jobs = [
        Job(name=f"made.{queue}", run=lambda env: lanes.append(env.hubspot._transport.lane), queue=queue)
        for queue in ("interactive", "bulk")
    ]
    env = with_jobs(bare_env, *jobs)
    for job in jobs:
        env.queue.enqueue(job.name, job.name)
        perform_one(env, clean(job.name))
    assert lanes == ["interactive", "bulk"]


def test_a_failure_is_named_without_what_it_said(system):
    env = system(Doing(ValueError(SECRET), times=99))
    for _ in range(ATTEMPTS):
        perform_one(env, "one")
    (item,) = env.store.work.failed()
    assert "ValueError" in item["error"]
    assert SECRET not in str(item)


def test_a_refusal_of_the_gate_fails_at_once_and_says_why(system):
    doing = Doing(Refused("nothing is armed: set `[destruction] armed = true`"), times=99)
    env = system(doing)
    for _ in range(3):
        perform_one(env, "one")
    assert doing.calls == 1
    (item,) = env.store.work.failed()
    assert item["error"] == "nothing is armed: set `[destruction] armed = true`"


def test_work_that_somebody_holds_is_left_to_them(system):
    doing = Doing()
    env = system(doing)
    assert env.store.work.claim("one", now_s=time.time(), lease_s=LEASE_S)
    perform_one(env, "one")
    assert doing.calls == 0


def test_the_work_of_a_killed_worker_is_found_when_its_lease_has_run_out(system):
    doing = Doing()
    env = system(doing)
    env.store.work.claim("one", now_s=time.time() - LEASE_S - 1, lease_s=LEASE_S)
    assert [item.key for item in env.store.work.overdue(time.time())] == ["one"]
    sweep(env)
    perform_one(env, "one")
    assert doing.calls == 1
    assert env.store.work.state("one") == "done"


def test_the_work_of_a_living_worker_is_not_taken_from_it(system):
    env = system(Doing())
    env.store.work.claim("one", now_s=time.time(), lease_s=LEASE_S)
    sweep(env)
    assert env.store.work.state("one") == "running"


def test_a_lease_is_renewed_for_as_long_as_the_work_takes(system):
    env = system(Doing())
    env.store.work.claim("one", now_s=time.time(), lease_s=0.03)
    renewed = []
    original = env.store.work.renew

    class Watched:
        def renew(self, key, *, due_s):
            original(key, due_s=due_s)
            renewed.append(key)
            enough.wait(5)

    enough = Barrier(2)
    with Lease(Watched(), ["one"], 0.03):
        enough.wait(5)
    assert renewed[0] == "one"


def test_two_workers_with_one_key_do_the_work_once(system):
    doing = Doing()
    env = system(doing)
    start = Barrier(4)

    def worker():
        start.wait(5)
        perform_one(env, "one")

    threads = [Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert doing.calls == 1


def test_what_follows_is_left_when_the_work_is_done_and_only_then(system):
    doing = Doing(ValueError("no"), times=1)
    env = system(doing, Job(name="made.after", run=Doing(), after=("made.up",)))
    perform_one(env, "one")
    assert env.store.work.state("made-after-after-one") is None
    perform_one(env, "one")
    assert env.store.work.state("made-after-after-one") == "waiting"


def test_finished_work_is_let_go_after_its_period(portal, system):
    env = system(Doing())
    perform_one(env, "one")
    portal.advance(days=29)
    env.store.work.forget(env.clock.now())
    assert env.store.work.counts() == {"done": 1}
    portal.advance(days=2)
    env.store.work.forget(env.clock.now())
    assert env.store.work.counts() == {}


@pytest.fixture
def patient(bare_env, monkeypatch):
    """A system with patient work left for it, and hurried work after."""
    slow, hurried = Doing(), Doing()
    jobs = (Job(name="made.slow", run=slow, patient=True), Job(name="made.hurried", run=hurried))
    env = with_jobs(bare_env, *jobs)
    monkeypatch.setattr(run, "boot", lambda: env)
    env.queue.enqueue("made.slow", "slow")
    env.queue.enqueue("made.hurried", "hurried")
    return env, slow


def test_patient_work_lets_new_work_of_its_queue_go_first(patient):
    _, slow = patient
    run.perform(["slow"])
    assert slow.calls == 0
    run.perform(["hurried"])
    run.perform(["slow"])
    assert slow.calls == 1


def test_patience_has_an_end(portal, patient):
    _, slow = patient
    portal.advance(minutes=2)
    run.perform(["slow"])
    assert slow.calls == 1


def test_work_that_failed_holds_up_no_patient_work(patient):
    env, slow = patient
    env.store.work.claim("hurried", now_s=time.time(), lease_s=LEASE_S)
    env.store.work.give_back("hurried", error="no", due_s=time.time())
    run.perform(["slow"])
    assert slow.calls == 1

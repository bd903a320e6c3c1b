"""Work is left once, survives the loss of Redis, and carries nothing but keys."""

from __future__ import annotations

import time

import pytest
from rq import Queue

from crm_gdpr.jobs.clock import sweep
from crm_gdpr.jobs.queue import CHUNK, LONG, QUEUES, clean, connect


@pytest.fixture
def wire(bare_env):
    """What lies in Redis, all queues together."""

    def keys() -> list[str]:
        connection = connect(bare_env.settings.redis_url)
        queues = [Queue(name, connection=connection, serializer="json") for name in QUEUES]
        return [key for queue in queues for job in queue.jobs for key in job.kwargs["keys"]]

    return keys


def leave(env, key="work-1", job="webhooks.forget", **ids):
    return env.queue.enqueue(job, key, **ids)


def test_a_key_is_used_once(bare_env, wire):
    assert leave(bare_env)
    assert not leave(bare_env)
    assert wire() == ["work-1"]
    assert bare_env.store.work.counts() == {"waiting": 1}


def test_a_key_stays_used_when_its_work_is_done(bare_env, work):
    leave(bare_env)
    work()
    assert not leave(bare_env)
    assert bare_env.store.work.counts() == {"done": 1}


def test_many_pieces_travel_in_few_jobs(bare_env):
    pieces = [(f"work-{n}", {}) for n in range(CHUNK * 2 + 1)]
    assert bare_env.queue.enqueue_many("webhooks.forget", [*pieces, pieces[0]]) == CHUNK * 2 + 1
    queue = Queue("bulk", connection=connect(bare_env.settings.redis_url), serializer="json")
    assert sorted(len(job.kwargs["keys"]) for job in queue.jobs) == [1, CHUNK, CHUNK]


def test_each_job_goes_to_its_own_queue(bare_env):
    bare_env.queue.wake("webhooks.drain")
    leave(bare_env)
    connection = connect(bare_env.settings.redis_url)
    queued = {name: len(Queue(name, connection=connection, serializer="json").jobs) for name in QUEUES}
    assert queued == {"interactive": 1, "bulk": 1}


def test_only_keys_travel(bare_env):
    leave(bare_env, "answer-1", "webhooks.answer", delivery_id=4711)
    (job,) = Queue("interactive", connection=connect(bare_env.settings.redis_url), serializer="json").jobs
    assert job.kwargs == {"keys": ["answer-1"]}
    assert not job.args
    assert "4711" not in str(job.description)


@pytest.mark.parametrize(("key", "cleaned"), [("a:b c/d", "a-b-c-d"), ("å", "-"), ("ok_1-2", "ok_1-2")])
def test_a_key_is_made_fit_for_the_transport(key, cleaned):
    assert clean(key) == cleaned


def test_work_for_a_job_that_no_addon_declares_is_an_error(bare_env):
    with pytest.raises(KeyError):
        leave(bare_env, job="nobody.knows")


def test_nothing_is_lost_when_redis_forgets_everything(bare_env, wire, work):
    for number in range(3):
        leave(bare_env, f"work-{number}")
    connect(bare_env.settings.redis_url).flushall()
    assert wire() == []
    for number in range(3):
        bare_env.store.work.postpone([f"work-{number}"], due_s=0)
    sweep(bare_env)
    assert sorted(wire()) == ["work-0", "work-1", "work-2"]
    work()
    assert bare_env.store.work.counts() == {"done": 3}


def test_the_sweeper_leaves_alone_what_is_on_its_way(bare_env, wire):
    leave(bare_env)
    connect(bare_env.settings.redis_url).flushall()
    sweep(bare_env)
    assert wire() == []


def test_the_sweeper_does_not_send_the_same_work_at_every_tick(bare_env, wire):
    leave(bare_env)
    connect(bare_env.settings.redis_url).flushall()
    bare_env.store.work.postpone(["work-1"], due_s=time.time() - 1)
    for _ in range(3):
        sweep(bare_env)
    assert wire() == ["work-1"]


def test_the_sweeper_sends_nothing_again_while_the_queue_before_it_is_long(bare_env, wire):
    """What waits behind other work is late; sent again every few seconds it would only make the queue longer."""
    for number in range(LONG):
        leave(bare_env, f"work-{number}")
        bare_env.store.work.postpone([f"work-{number}"], due_s=0)
    sweep(bare_env)
    assert len(wire()) == LONG
    connect(bare_env.settings.redis_url).flushall()
    sweep(bare_env)
    assert len(wire()) == LONG


def test_a_long_queue_keeps_no_other_from_being_sent_again(bare_env, wire):
    leave(bare_env, "answer-1", "webhooks.answer")
    connect(bare_env.settings.redis_url).flushall()
    for number in range(LONG):
        leave(bare_env, f"bulk-{number}")
    bare_env.store.work.postpone(["answer-1", "bulk-1"], due_s=0)
    sweep(bare_env)
    assert wire()[0] == "answer-1"
    assert len(wire()) == LONG + 1


def test_waking_a_job_that_waits_to_be_begun_is_enough_once(bare_env, wire):
    for _ in range(3):
        bare_env.queue.wake("webhooks.drain")
    (key,) = wire()
    bare_env.store.work.claim(key, now_s=time.time(), lease_s=60)
    bare_env.queue.wake("webhooks.drain")
    assert len(wire()) == 2


def test_a_job_that_waits_for_another_attempt_is_woken_for_what_is_new(bare_env, wire):
    bare_env.queue.wake("webhooks.drain")
    (key,) = wire()
    bare_env.store.work.claim(key, now_s=time.time(), lease_s=60)
    bare_env.store.work.give_back(key, error="no", due_s=time.time() + 600)
    bare_env.queue.wake("webhooks.drain")
    assert len(wire()) == 2

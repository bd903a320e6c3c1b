"""From a delivery to the events that somebody answers; the rest is set aside, and nothing personal travels."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import pytest
from rq import Queue
from sqlalchemy import select

from crm_gdpr.addon import Addon, Subscription
from crm_gdpr.env import Event
from crm_gdpr.jobs import WorkQueue
from crm_gdpr.jobs.queue import connect
from crm_gdpr.jobs.run import perform_one, perform_together
from crm_gdpr.registry import assemble
from crm_gdpr.store.tables import work as work_items
from crm_gdpr.webhooks import drain as draining
from crm_gdpr.webhooks.__manifest__ import addon as door
from crm_gdpr.webhooks.drain import TOGETHER, TURN
from tests.events import created, event
from tests.webhooks.answered import answered

SAMPLES = Path(__file__).parents[3] / "shared" / "vectors" / "webhook_samples.json"
CANARY = "canary-astrid@example.com"


def why_aside(env):
    return [row["why"] for row in env.store.inbox.aside()]


def test_one_bad_event_does_not_spoil_the_batch(portal, env, deliver, work):
    jane, kim = portal.add_contact(email="jane@example.com"), portal.add_contact(email="kim@example.com")
    assert deliver(created(portal, jane), {"objectId": "no id"}, 7, None, [], created(portal, kim)).status_code == 204
    work()
    assert portal.value("contacts", jane, "gdpr_source")
    assert portal.value("contacts", kim, "gdpr_source")
    assert len(env.store.inbox.aside()) == 4
    assert env.store.work.failed() == []


def test_an_event_nobody_answers_is_set_aside(portal, env, deliver, work):
    assert deliver(event(portal, "contact.newThing", "1")).status_code == 204
    work()
    assert why_aside(env) == ["nobody answers this type"]


def test_an_event_of_another_portal_is_set_aside_without_its_value(portal, env, deliver, work):
    told = event(portal, "contact.propertyChange", "1", portalId=1, propertyName="email", propertyValue=CANARY)
    assert deliver(told).status_code == 204
    work()
    (row,) = env.store.inbox.aside()
    assert row["why"] == "of another portal"
    assert row["event"]["objectId"] == 1
    assert CANARY not in json.dumps(row["event"])


def test_an_event_that_cannot_be_understood_is_set_aside_without_its_value(portal, env, deliver, work):
    told = {**event(portal, "contact.propertyChange", "1", propertyValue=CANARY), "occurredAt": "then"}
    deliver(told)
    work()
    (row,) = env.store.inbox.aside()
    assert "occurredAt" in row["why"]
    assert CANARY not in str(row)


def test_our_own_writes_do_not_wake_us(portal, env, deliver, work):
    jane = portal.add_contact(email="jane@example.com")
    deliver(created(portal, jane, changeSource="INTEGRATION", sourceId=str(portal.app_id)))
    work()
    assert portal.value("contacts", jane, "gdpr_source") is None
    assert env.store.inbox.aside() == []


@pytest.mark.parametrize(
    "by",
    [{"changeSource": "INTEGRATION", "sourceId": "7"}, {"changeSource": "CRM_UI", "sourceId": "4200001"}],
    ids=["another app", "a person"],
)
def test_what_somebody_else_did_is_answered(portal, deliver, work, by):
    jane = portal.add_contact(email="jane@example.com")
    deliver(created(portal, jane, **by))
    work()
    assert portal.value("contacts", jane, "gdpr_source")


def test_a_contact_gone_before_its_event_is_recorded_and_left(portal, env, deliver, work):
    jane = portal.add_contact(email="jane@example.com")
    portal.purge(jane)
    deliver(created(portal, jane))
    work()
    (line,) = env.store.ledger.lines()
    assert (line.action, line.subject) == ("contact.gone", env.pseudonym(jane))
    assert answered(env) == 1
    assert env.store.work.open() == 0


def test_a_redelivery_of_an_event_is_handled_once(portal, env, deliver, work):
    jane = portal.add_contact(email="jane@example.com")
    first = created(portal, jane)
    for attempt in range(3):
        assert deliver({**first, "attemptNumber": attempt, "eventId": attempt}).status_code == 204
    work()
    assert answered(env) == 1
    assert [line.action for line in env.store.ledger.lines()] == ["source.tagged"]


def test_two_changes_of_one_property_are_two_events(portal, env, deliver, work):
    first = event(portal, "contact.propertyChange", "1", propertyName="hs_email_optout")
    deliver(first, {**first, "occurredAt": first["occurredAt"] + 1})
    work()
    assert answered(env) == 2


def test_queued_payloads_hold_no_personal_data(portal, env, deliver):
    jane = portal.add_contact(email=CANARY)
    deliver(
        event(portal, "contact.propertyChange", jane, propertyName="gdpr_attested_on", propertyValue=CANARY),
        created(portal, jane, propertyValue=CANARY),
    )
    (drained,) = env.store.work.overdue(float("inf"))
    perform_one(env, drained.key)
    queue = Queue("interactive", connection=connect(env.settings.redis_url), serializer="json")
    assert queue.jobs
    assert all(set(job.kwargs) == {"keys"} and not job.args for job in queue.jobs)
    assert all(CANARY not in key for job in queue.jobs for key in job.kwargs["keys"])
    with env.store.database.read() as connection:
        rows = [dict(row._mapping) for row in connection.execute(select(work_items))]
    assert CANARY not in str(rows)
    assert {key for row in rows for key in row["ids"]} == {"event", "handler"}


def test_a_drained_delivery_keeps_no_body(portal, env, deliver, work):
    deliver(created(portal, "1", propertyValue=CANARY))
    work()
    assert not env.store.inbox.waiting()


def test_draining_again_does_nothing(portal, env, deliver, work):
    deliver(created(portal, portal.add_contact(email="jane@example.com")))
    work()
    before = env.store.work.counts()
    env.queue.wake("webhooks.drain")
    work()
    assert env.store.work.counts() == {"done": before["done"] + 1}


def test_however_many_deliveries_wait_one_drain_is_enough(portal, env, deliver, work):
    people = [portal.add_contact(email=f"p{n}@example.com") for n in range(TOGETHER * TURN + 1)]
    for jane in people:
        deliver(created(portal, jane))
    assert env.store.work.counts() == {"waiting": 1}
    work()
    assert all(portal.value("contacts", jane, "gdpr_source") for jane in people)
    assert not env.store.inbox.waiting()
    assert answered(env) == len(people)


def test_a_delivery_that_comes_while_the_inbox_is_drained_is_not_left_there(portal, env, deliver, work):
    deliver(created(portal, portal.add_contact(email="jane@example.com")))
    (first,) = env.store.work.overdue(float("inf"))
    env.store.work.claim(first.key, now_s=time.time(), lease_s=60)  # begun, and perhaps past the last look
    deliver(created(portal, portal.add_contact(email="kim@example.com")))
    assert env.store.work.counts() == {"running": 1, "waiting": 1}


def test_a_drain_broken_off_after_a_delivery_was_taken_in_answers_its_events_all_the_same(portal, env, deliver, work):
    jane = portal.add_contact(email="jane@example.com")
    deliver(created(portal, jane))
    with pytest.MonkeyPatch.context() as dying:
        dying.setattr(draining, "perform_together", lambda *_: sys.exit(1))
        with pytest.raises(SystemExit):
            draining.drain(env)
    assert not env.store.inbox.waiting()
    env.queue.send(env.store.work.overdue(float("inf")))
    work()
    assert portal.value("contacts", jane, "gdpr_source")


@pytest.mark.parametrize("odd", [{"objectId": 1e400}, {"objectId": "9" * 5000}, {"occurredAt": 1e400}])
def test_an_event_with_numbers_out_of_this_world_holds_up_nobody(portal, env, deliver, work, odd):
    jane = portal.add_contact(email="jane@example.com")
    assert deliver({**created(portal, "1"), **odd}, created(portal, jane)).status_code == 204
    work()
    assert portal.value("contacts", jane, "gdpr_source")
    assert env.store.work.failed() == []
    assert len(env.store.inbox.aside()) == 1


def test_a_delivery_after_the_inbox_was_emptied_is_handled(portal, env, deliver, work):
    """Numbers are never given twice: a new delivery must not look like one that is drained already."""
    deliver(created(portal, portal.add_contact(email="jane@example.com")))
    work()
    env.store.inbox.forget(env.clock.now() + timedelta(days=3))
    assert env.store.inbox.count() == 0
    kim = portal.add_contact(email="kim@example.com")
    deliver(created(portal, kim))
    assert [*env.store.inbox.bodies()] == [2]
    work()
    assert portal.value("contacts", kim, "gdpr_source")


def test_what_was_set_aside_is_let_go_after_its_period(portal, env, deliver, work):
    deliver(event(portal, "contact.newThing", "1"))
    work()
    env.store.inbox.forget(env.clock.now() + timedelta(days=6))
    assert len(env.store.inbox.aside()) == 1
    env.store.inbox.forget(env.clock.now() + timedelta(days=8))
    assert env.store.inbox.aside() == []


@pytest.mark.parametrize("ours", [False, True], ids=["as recorded", "as if for us"])
def test_every_kind_of_delivery_that_was_ever_seen_drains(portal, env, deliver, work, ours):
    if not SAMPLES.exists():
        pytest.skip(f"{SAMPLES.name} is not beside the checkout")
    payloads = [sample["payload"] for sample in json.loads(SAMPLES.read_text())]
    for payload in payloads:
        events = payload if isinstance(payload, list) else [payload]
        told = [{**e, "portalId": portal.portal_id} if ours else e for e in events]
        assert deliver(*told).status_code == 204
    work()
    assert not env.store.inbox.waiting()
    assert env.store.work.failed() == []
    assert env.store.work.open() == 0


# Many events are answered together, and one handler that raises stops nobody


class Hearing:
    """A handler that notes what it is given, and raises while the event of one contact is with it."""

    def __init__(self, name, cannot=None):
        self.__qualname__, self.cannot, self.given = name, cannot, []

    def __call__(self, env, events):
        ids = [event.object_id for event in (events if isinstance(events, list) else [events])]
        self.given.append(ids)
        if self.cannot in ids:
            raise ValueError(CANARY)


@pytest.fixture
def answered_by(bare_env):
    """Deliver creations to handlers of a test's own, and work until nothing is due."""

    def answer_with(*handlers, many, contacts):
        said = [Subscription(event_type="contact.creation", handler=each, many=many) for each in handlers]
        registry = assemble([door, Addon(name="made-up", summary="Answers of a test.", subscriptions=tuple(said))])
        queue = WorkQueue(bare_env.store, registry, bare_env.clock, connect(bare_env.settings.redis_url))
        env = replace(bare_env, registry=registry, queue=queue)
        pieces = [
            (f"event-{n}", {"event": asdict(Event(type="contact.creation", object_id=str(n), occurred_ms=1))})
            for n in range(contacts)
        ]
        env.queue.enqueue_many("webhooks.handle", pieces)
        perform_together(env, [key for key, _ in pieces])
        for item in env.store.work.overdue(float("inf")):
            perform_one(env, item.key)
        return env

    return answer_with


def test_a_hundred_events_are_given_to_a_handler_that_takes_many_at_once(answered_by):
    first, second = Hearing("first"), Hearing("second")
    env = answered_by(first, second, many=True, contacts=100)
    assert [len(ids) for ids in first.given] == [len(ids) for ids in second.given] == [100]
    assert env.store.work.counts() == {"done": 100}


def test_a_handler_that_takes_one_is_given_them_one_by_one(answered_by):
    hearing = Hearing("one")
    answered_by(hearing, many=False, contacts=3)
    assert hearing.given == [["0"], ["1"], ["2"]]


@pytest.mark.parametrize("many", [True, False], ids=["many at once", "one by one"])
def test_a_handler_that_raises_stops_no_other_and_holds_up_one_event_alone(answered_by, many):
    poisoned, healthy = Hearing("poisoned", cannot="1"), Hearing("healthy")
    env = answered_by(poisoned, healthy, many=many, contacts=3)
    assert sorted(id_ for ids in healthy.given for id_ in ids) == ["0", "1", "2"]
    assert {tuple(ids) for ids in poisoned.given} >= {("0",), ("1",), ("2",)}
    (late,) = env.store.work.overdue(float("inf"))
    assert (late.job, late.ids["event"]["object_id"]) == ("webhooks.answer", "1")
    assert CANARY not in str(env.store.work.overdue(float("inf")))


def test_many_creations_cost_a_read_and_a_write_for_every_hundred(portal, emulator, env, deliver):
    people = [portal.add_contact(email=f"p{n}@example.com", hs_object_source="FORM") for n in range(150)]
    emulator.guard.calls.clear()
    for start in range(0, 150, 50):
        deliver(*(created(portal, jane) for jane in people[start : start + 50]))
    for item in env.store.work.overdue(float("inf")):  # the drain, and after it the wave
        perform_one(env, item.key)
    tagging = next(item for item in env.store.work.overdue(float("inf")) if item.job == "provenance.tag_waiting")
    perform_one(env, tagging.key)
    assert all(portal.value("contacts", jane, "gdpr_source") for jane in people)
    spent = {path: n for (_, path, _), n in emulator.guard.calls.items() if path.startswith("/crm/")}
    cost = {"objects/2026-09/<kind>/batch/read": 2, "objects/2026-09/<kind>/batch/update": 2}
    links = {"associations/2026-09/<kind>/<to_kind>/batch/read": 2}  # companies and deals, a thousand contacts a call
    assert spent == {f"/crm/{path}": n for path, n in (cost | links).items()}

"""From a delivery to the events that somebody answers; the rest is set aside, and nothing personal travels."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from rq import Queue
from sqlalchemy import select

from crm_gdpr.jobs.queue import connect
from crm_gdpr.jobs.run import perform_one
from crm_gdpr.store.tables import work as work_items
from tests.events import created, event

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
    assert env.store.work.counts() == {"done": 3}  # one delivery, one event, one tagging


def test_a_redelivery_of_an_event_is_handled_once(portal, env, deliver, work):
    jane = portal.add_contact(email="jane@example.com")
    first = created(portal, jane)
    for attempt in range(3):
        assert deliver({**first, "attemptNumber": attempt, "eventId": attempt}).status_code == 204
    work()
    assert env.store.work.counts() == {"done": 5}  # three deliveries, one event, one tagging
    assert [line.action for line in env.store.ledger.lines()] == ["source.tagged"]


def test_two_changes_of_one_property_are_two_events(portal, env, deliver, work):
    first = event(portal, "contact.propertyChange", "1", propertyName="hs_email_optout")
    deliver(first, {**first, "occurredAt": first["occurredAt"] + 1})
    work()
    assert env.store.work.counts() == {"done": 3}


def test_queued_payloads_hold_no_personal_data(portal, env, deliver):
    jane = portal.add_contact(email=CANARY)
    deliver(
        event(portal, "contact.propertyChange", jane, propertyName="hs_email_optout", propertyValue=CANARY),
        created(portal, jane, propertyValue=CANARY),
    )
    perform_one(env, "drain-1")
    queue = Queue("interactive", connection=connect(env.settings.redis_url), serializer="json")
    assert queue.jobs
    assert all(set(job.kwargs) == {"keys"} and not job.args for job in queue.jobs)
    assert all(CANARY not in key for job in queue.jobs for key in job.kwargs["keys"])
    with env.store.database.read() as connection:
        rows = [dict(row._mapping) for row in connection.execute(select(work_items))]
    assert CANARY not in str(rows)
    assert {key for row in rows for key in row["ids"]} == {"delivery_id", "event"}


def test_a_drained_delivery_keeps_no_body(portal, env, deliver, work):
    deliver(created(portal, "1", propertyValue=CANARY))
    work()
    assert env.store.inbox.body(1) is None
    assert env.store.inbox.waiting() == []


def test_draining_again_does_nothing(portal, env, deliver, work):
    deliver(created(portal, portal.add_contact(email="jane@example.com")))
    work()
    before = env.store.work.counts()
    env.queue.enqueue("webhooks.drain", "drain-again", delivery_id=1)
    work()
    assert env.store.work.counts() == {"done": before["done"] + 1}


def test_a_delivery_after_the_inbox_was_emptied_is_handled(portal, env, deliver, work):
    """Numbers are never given twice: a new delivery must not look like one that is drained already."""
    deliver(created(portal, portal.add_contact(email="jane@example.com")))
    work()
    env.store.inbox.forget(env.clock.now() + timedelta(days=3))
    assert env.store.inbox.count() == 0
    kim = portal.add_contact(email="kim@example.com")
    deliver(created(portal, kim))
    assert env.store.inbox.waiting() == [2]
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
    assert env.store.inbox.waiting() == []
    assert env.store.work.failed() == []
    assert env.store.work.open() == 0

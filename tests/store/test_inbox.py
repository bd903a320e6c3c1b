"""Deliveries: kept once, emptied when drained, and never given a number twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

AT = datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_a_delivery_is_kept_whole(store):
    number = store.inbox.add(b"[1]", AT)
    assert store.inbox.bodies() == {number: b"[1]"}
    assert [*store.inbox.bodies()] == [number]


def test_a_byte_identical_delivery_is_kept_once(store):
    assert store.inbox.add(b"[1]", AT) is not None
    assert store.inbox.add(b"[1]", AT + timedelta(hours=1)) is None
    assert store.inbox.count() == 1


def test_a_drained_delivery_is_recognised_without_its_body(store):
    number = store.inbox.add(b"[1]", AT)
    store.inbox.drained([number], AT)
    assert not store.inbox.waiting()
    assert store.inbox.add(b"[1]", AT) is None


def test_a_digest_outlives_hubspots_retries(store):
    store.inbox.drained([store.inbox.add(b"[1]", AT)], AT)
    store.inbox.forget(AT + timedelta(hours=25))
    assert store.inbox.add(b"[1]", AT) is None
    store.inbox.forget(AT + timedelta(days=2, seconds=1))
    assert store.inbox.add(b"[1]", AT) is not None


def test_a_delivery_that_waits_is_never_forgotten(store):
    number = store.inbox.add(b"[1]", AT)
    store.inbox.forget(AT + timedelta(days=400))
    assert [*store.inbox.bodies()] == [number]


def test_a_number_is_never_given_twice(store):
    first = store.inbox.add(b"[1]", AT)
    store.inbox.drained([first], AT)
    store.inbox.forget(AT + timedelta(days=3))
    assert store.inbox.count() == 0
    assert store.inbox.add(b"[2]", AT) == first + 1


def test_what_is_set_aside_keeps_no_value(store):
    store.inbox.set_aside("why", {"objectId": 1, "propertyValue": "astrid@example.com"}, AT)
    (row,) = store.inbox.aside()
    assert row["event"] == {"objectId": 1}


def test_a_drained_body_is_gone_from_the_file(store, tmp_path):
    store.inbox.drained([store.inbox.add(b'["canary-astrid"]', AT)], AT)
    store.database.close()
    assert b"canary-astrid" not in (tmp_path / "store.db").read_bytes()

"""Work items: left once, held by one worker at a time, and found again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm_gdpr.store.work import Item

AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
ONE = Item(key="one", job="made.up", queue="bulk", ids={"contact_id": "1"}, attempt=0)


@pytest.fixture
def work(store):
    store.work.add(ONE, at=AT, due_s=10.0)
    return store.work


def claim(work, now_s=0.0):
    return work.claim("one", now_s=now_s, lease_s=60.0)


def test_a_key_is_known_for_as_long_as_its_item(work):
    assert not work.add(ONE, at=AT, due_s=0.0)
    work.done("one", at=AT)
    assert not work.add(ONE, at=AT, due_s=0.0)
    work.forget(AT + timedelta(days=31))
    assert work.add(ONE, at=AT, due_s=0.0)


def test_an_item_is_held_by_one(work):
    assert claim(work).attempt == 1
    assert claim(work) is None


def test_a_lease_that_ran_out_frees_the_item(work):
    claim(work)
    assert claim(work, now_s=60.0) is None
    assert claim(work, now_s=60.1).attempt == 2


def test_a_renewed_lease_holds_longer(work):
    claim(work)
    work.renew("one", due_s=120.0)
    assert claim(work, now_s=100.0) is None


def test_a_lease_is_not_renewed_for_an_item_that_is_over(work):
    claim(work)
    work.done("one", at=AT)
    work.renew("one", due_s=999.0)
    assert work.state("one") == "done"


def test_what_is_over_is_not_claimed(work):
    work.done("one", at=AT)
    assert claim(work) is None


def test_what_was_given_to_a_person_is_not_claimed(work):
    work.fail("one", error="no", at=AT)
    assert claim(work) is None
    assert [row["error"] for row in work.failed()] == ["no"]


def test_what_was_given_back_is_claimed_again(work):
    claim(work)
    work.give_back("one", error="no", due_s=30.0)
    assert claim(work, now_s=31.0).attempt == 2


def test_overdue_is_what_should_run_and_does_not(work):
    assert work.overdue(10.0) == []
    assert [item.key for item in work.overdue(10.1)] == ["one"]
    claim(work)
    assert work.overdue(10.1) == []
    assert [item.key for item in work.overdue(60.1)] == ["one"]
    work.done("one", at=AT)
    assert work.overdue(float("inf")) == []


def test_an_item_that_is_over_is_not_postponed_back_to_life(work):
    work.done("one", at=AT)
    work.postpone(["one"], due_s=0.0)
    assert work.state("one") == "done"


def test_what_failed_is_kept_until_a_person_has_seen_it(work):
    work.fail("one", error="no", at=AT)
    work.forget(AT + timedelta(days=400))
    assert work.counts() == {"failed": 1}


def test_a_slot_never_goes_back(store):
    for at in (AT, AT - timedelta(days=1)):
        store.work.save_slot("made.up", at)
    assert store.work.last_slot("made.up") == AT

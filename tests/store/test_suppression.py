"""What is kept of a no: the fact, who carries it, and hashes that the right key alone can make again."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm_gdpr.store.suppression import WrongKey

DAY = date(2026, 11, 2)


def take(store, contact_id="1", scope="marketing", about=""):
    return store.objections.take(contact_id, scope=scope, about=about, on=DAY, channel="phone", by="kim")


def test_the_first_no_stands(store):
    assert take(store) == (1, True)
    assert take(store) == (1, False)


def test_a_no_to_one_thing_is_not_a_no_to_another(store):
    take(store)
    assert take(store, scope="type", about="12") == (2, True)
    assert take(store, scope="type", about="13") == (3, True)
    assert [o.scope for o in store.objections.of(["1"])] == ["marketing", "type", "type"]


def test_a_no_after_one_that_was_withdrawn_is_new(store):
    first, _ = take(store)
    assert store.objections.end(first, state="withdrawn", on=DAY, by="kim", why="phoned")
    assert not store.objections.end(first, state="withdrawn", on=DAY, by="kim", why="again")
    assert take(store) == (2, True)
    assert [o.in_force for o in store.objections.of(["1"])] == [False, True]


def test_a_no_is_carried_to_the_next_contact_until_a_person_says_it_is_somebody_else(store):
    number, _ = take(store)
    assert store.objections.carry(number, "2")
    assert not store.objections.carry(number, "2")
    assert store.objections.carried_by(number) == ["1", "2"]
    assert store.objections.carry(number, "2", same=False)
    assert store.objections.of(["2"]) == []
    assert store.objections.carried_by(number, same=False) == ["2"]


def test_digests_are_kept_once_and_go_with_the_no(store):
    assert store.suppression.keep(1, ["a", "b"]) == 2
    assert store.suppression.keep(1, ["b", "c"]) == 1
    assert store.suppression.keep(2, ["a"]) == 1
    assert store.suppression.known(["a", "x"]) == {"a": {1, 2}}
    store.suppression.lift(1)
    assert store.suppression.known(["a", "b", "c"]) == {"a": {2}}
    assert store.suppression.count() == store.suppression.count(2) == 1


def test_another_key_is_refused_before_it_misses_anybody(store):
    assert store.suppression.fingerprint() is None
    store.suppression.check("one")
    store.suppression.check("one")
    with pytest.raises(WrongKey, match="restore it from its backup"):
        store.suppression.check("another")
    assert store.suppression.fingerprint() == "one"


def test_a_statement_that_fails_tells_none_of_its_values(store):
    """The web log had the addresses in it."""
    with pytest.raises(DBAPIError) as failed, store.database.write() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:address)"), {"address": "anna@example.com"})
    assert "anna@example.com" not in str(failed.value)

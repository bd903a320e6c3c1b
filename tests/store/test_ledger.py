"""The ledger proves what was done: no line is changed, lost, slipped in or forked unseen."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from crm_gdpr.store import Store
from crm_gdpr.store.ledger import GENESIS, Line

AT = datetime(2026, 11, 2, 8, tzinfo=UTC)


def write(store, count=5, who="kim"):
    for number in range(count):
        store.ledger.write([Line("made.up", who, f"subject-{number}", {"number": number, "å": "ö"})], at=AT)


def tamper(store, *statements):
    """Do what somebody with the file in their hands could do."""
    with store.database.write() as connection:
        for what in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER ledger_no_{what}"))
        for statement in statements:
            connection.execute(text(statement))


def test_an_empty_ledger_holds(store):
    proof = store.ledger.verify()
    assert (proof.holds, proof.lines, proof.head) == (True, 0, GENESIS)


def test_every_line_holds(store):
    write(store)
    proof = store.ledger.verify()
    assert (proof.holds, proof.lines) == (True, 5)
    assert proof.head == store.ledger.lines()[-1].hash


def test_lines_are_read_as_they_were_written(store):
    write(store)
    assert [line.detail["number"] for line in store.ledger.lines()] == [0, 1, 2, 3, 4]
    assert [line.seq for line in store.ledger.lines(newest=2)] == [4, 5]
    assert [line.seq for line in store.ledger.lines(subject="subject-3")] == [4]


@pytest.mark.parametrize("statement", ["UPDATE ledger SET actor = 'other'", "DELETE FROM ledger"])
def test_the_database_refuses_to_change_or_remove_a_line(store, statement):
    write(store)
    with pytest.raises(DatabaseError, match="append-only"), store.database.write() as connection:
        connection.execute(text(statement))
    assert store.ledger.verify().lines == 5


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "'2026-11-02T08:00:00.001+00:00'"),
        ("actor", "'kin'"),
        ("action", "'made.uq'"),
        ("subject", "NULL"),
        ("detail", "replace(detail, '2', '3')"),
        ("hash", "'" + "0" * 64 + "'"),
        ("prev_hash", "'" + "f" * 64 + "'"),
    ],
)
def test_a_changed_line_is_named(store, column, value):
    write(store)
    tamper(store, f"UPDATE ledger SET {column} = {value} WHERE seq = 3")  # noqa: S608 - from the table above
    proof = store.ledger.verify()
    assert (proof.holds, proof.broken_at, proof.lines) == (False, 3, 2)


@pytest.mark.parametrize("seq", [1, 3])
def test_a_removed_line_is_noticed_at_the_next(store, seq):
    write(store)
    tamper(store, f"DELETE FROM ledger WHERE seq = {seq}")  # noqa: S608 - a number
    assert store.ledger.verify().broken_at == seq + 1


def test_a_removed_last_line_changes_the_head(store):
    write(store)
    head = store.ledger.verify().head
    tamper(store, "DELETE FROM ledger WHERE seq = 5")
    assert store.ledger.verify().head != head


def test_an_inserted_line_is_named(store):
    write(store)
    tamper(
        store,
        "UPDATE ledger SET seq = seq + 100 WHERE seq > 3",
        "UPDATE ledger SET seq = seq - 99 WHERE seq > 100",
        "INSERT INTO ledger (seq, at, actor, action, subject, detail, prev_hash, hash) "
        "SELECT 4, at, actor, 'slipped.in', subject, detail, 'x', 'y' FROM ledger WHERE seq = 3",
    )
    assert store.ledger.verify().broken_at == 4


def test_two_lines_changing_places_are_noticed(store):
    write(store)
    tamper(
        store,
        "UPDATE ledger SET seq = 99 WHERE seq = 2",
        "UPDATE ledger SET seq = 2 WHERE seq = 3",
        "UPDATE ledger SET seq = 3 WHERE seq = 99",
    )
    assert store.ledger.verify().broken_at == 2


def test_a_fork_is_refused_by_the_database(store):
    write(store)
    with pytest.raises(DatabaseError, match="prev_hash"), store.database.write() as connection:
        connection.execute(
            text("INSERT INTO ledger SELECT 6, at, actor, action, subject, detail, prev_hash, 'z' FROM ledger LIMIT 1")
        )


def test_lines_written_together_stand_together_or_not_at_all(store):
    with pytest.raises(TypeError):
        store.ledger.write([Line("made.up", "kim"), Line("made.up", "kim", None, {"no": object()})], at=AT)
    assert store.ledger.lines() == []


def test_threads_writing_at_once_never_fork(url, store):
    stores = [Store(url) for _ in range(4)]
    start = Barrier(len(stores))

    def writer(number, mine):
        start.wait(5)
        write(mine, 10, f"writer {number}")

    threads = [Thread(target=writer, args=pair) for pair in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in stores:
        each.database.close()
    assert (store.ledger.verify().holds, store.ledger.verify().lines) == (True, 40)


def write_from_another_process(url: str, who: str) -> None:
    store = Store(url)
    write(store, 20, who)
    store.database.close()


def test_processes_writing_at_once_never_fork(url, store):
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done in [pool.submit(write_from_another_process, url, who) for who in ("one", "other")]:
            done.result(60)
    proof = store.ledger.verify()
    assert (proof.holds, proof.lines) == (True, 40)

"""Who writes waits for who writes, and nobody for who reads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event

from crm_gdpr.store import Store
from crm_gdpr.store.notes import put


@pytest.fixture
def hasty(store: Store) -> Store:
    """A store whose SQLite does not wait for another writer, as one that is never let in does not for ever."""

    @event.listens_for(store.database.engine, "connect")
    def _(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout=0")

    store.database.close()
    return store


def test_the_threads_of_a_process_write_in_turn(hasty):
    writes, others = Event(), 4

    def note(name: str) -> None:
        with hasty.database.write() as connection:
            writes.set()
            put(connection, name, name)

    with ThreadPoolExecutor(others) as threads, hasty.database.write() as connection:
        put(connection, "first", "first")
        waiting = [threads.submit(note, str(n)) for n in range(others)]
        assert not writes.wait(0.05)
        assert hasty.notes.get("first") is None
    assert [each.exception() for each in waiting] == [None] * others
    assert [hasty.notes.get(str(n)) for n in range(others)] == [str(n) for n in range(others)]

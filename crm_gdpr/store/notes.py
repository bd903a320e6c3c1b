"""Small facts about the system itself, by name: the pause, the scan's watermark, the last night."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import notes


class Notes:
    """A JSON value under a name."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, name: str) -> Any:
        with self._db.read() as connection:
            return connection.execute(select(notes.c.value).where(notes.c.name == name)).scalar()

    def put(self, name: str, value: Any) -> None:
        with self._db.write() as connection:
            put(connection, name, value)

    def bump(self, name: str, key: str, keep: int) -> int:
        """Count one more under a key of a note, and return the count; only the newest keys are kept."""
        with self._db.write() as connection:
            value = connection.execute(select(notes.c.value).where(notes.c.name == name)).scalar() or {}
            counts = {**value, key: value.get(key, 0) + 1}
            put(connection, name, dict(sorted(counts.items())[-keep:]))
            return int(counts[key])

    def drop(self, name: str) -> None:
        with self._db.write() as connection:
            connection.execute(delete(notes).where(notes.c.name == name))


def put(connection: Connection, name: str, value: Any) -> None:
    """Keep a value under a name, in the transaction of something else."""
    connection.execute(delete(notes).where(notes.c.name == name))
    connection.execute(insert(notes).values(name=name, value=value))

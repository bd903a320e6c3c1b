"""Lists of ids that wait for something: contacts to be tagged, people a human should look at.

An id stands on a list once, since the first time it was put there.  Each time it is put there it gets a new token, so
that what was added again while it was being worked on stays.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import lists

PORTION = 500  # ids in one statement


@dataclass(frozen=True)
class Listed:
    """An id on a list, since when, and the token of the last time it was put there."""

    id: str
    since_at: datetime
    token: str


class Lists:
    """Put on, look at, take off."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, name: str, ids: Iterable[str], *, at: datetime) -> bool:
        """Put ids on a list; True when it was empty before, so that somebody must be woken."""
        wanted, token = list(dict.fromkeys(ids)), secrets.token_hex(8)
        with self._db.write() as connection:
            was_empty = connection.execute(select(lists.c.id).where(lists.c.name == name).limit(1)).first() is None
            for portion in _portions(wanted):
                _put(connection, name, portion, at, token)
        return was_empty and bool(wanted)

    def waiting(self, name: str, most: int) -> list[Listed]:
        """Return the ids that have stood there longest."""
        query = select(lists).where(lists.c.name == name).order_by(lists.c.since_at, lists.c.id).limit(most)
        with self._db.read() as connection:
            return [Listed(row.id, row.since_at, row.token) for row in connection.execute(query)]

    def done(self, name: str, items: Iterable[Listed]) -> None:
        """Take off what was worked on, unless it was put there again meanwhile."""
        with self._db.write() as connection:
            for portion in _portions(list(items)):
                same = or_(*(and_(lists.c.id == item.id, lists.c.token == item.token) for item in portion))
                connection.execute(delete(lists).where(lists.c.name == name, same))

    def remove(self, name: str, ids: Iterable[str]) -> None:
        """Take ids off a list."""
        with self._db.write() as connection:
            for portion in _portions(list(ids)):
                connection.execute(delete(lists).where(lists.c.name == name, lists.c.id.in_(portion)))

    def count(self, name: str, *, before: datetime | None = None) -> int:
        """Count the ids on a list, or only those put there before a moment."""
        query = select(func.count()).where(lists.c.name == name)
        if before is not None:
            query = query.where(lists.c.since_at < before)
        with self._db.read() as connection:
            return connection.execute(query).scalar_one()


def _put(connection: Connection, name: str, ids: list[str], at: datetime, token: str) -> None:
    here = and_(lists.c.name == name, lists.c.id.in_(ids))
    there = set(connection.execute(select(lists.c.id).where(here)).scalars())
    connection.execute(update(lists).where(here).values(token=token))
    fresh = [{"name": name, "id": id_, "since_at": at, "token": token} for id_ in ids if id_ not in there]
    if fresh:
        connection.execute(insert(lists), fresh)


def _portions(items: list[Any]) -> Iterable[list[Any]]:
    return [items[start : start + PORTION] for start in range(0, len(items), PORTION)]

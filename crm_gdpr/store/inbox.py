"""Webhook deliveries, kept from the moment they are acknowledged until they are drained."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import inbox, set_aside

# A replay can arrive for as long as HubSpot retries (24 h); the digest outlives that, the body does not.
KEEP_DIGEST = timedelta(days=2)
KEEP_SET_ASIDE = timedelta(days=7)


class Inbox:
    """Raw deliveries in, and out again once."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, body: bytes, at: datetime) -> int | None:
        """Keep a delivery; None when a byte-identical one is already here."""
        digest = hashlib.sha256(body).hexdigest()
        try:
            with self._db.write() as connection:
                result = connection.execute(insert(inbox).values(received_at=at, digest=digest, body=body))
                return int(result.inserted_primary_key[0])  # type: ignore[index]  # a single insert has one key
        except IntegrityError:
            return None

    def bodies(self, most: int | None = None) -> dict[int, bytes]:
        """Return the raw deliveries that nobody drained yet, those that have waited longest."""
        query = select(inbox.c.id, inbox.c.body).where(inbox.c.drained_at.is_(None)).order_by(inbox.c.id).limit(most)
        with self._db.read() as connection:
            return {row.id: row.body for row in connection.execute(query)}

    def waiting(self) -> bool:
        """Tell whether there is a delivery that nobody drained yet."""
        with self._db.read() as connection:
            query = select(inbox.c.id).where(inbox.c.drained_at.is_(None)).limit(1)
            return connection.execute(query).first() is not None

    def drained(self, delivery_ids: Iterable[int], at: datetime) -> None:
        """Forget the bodies: their events are work items now."""
        with self._db.write() as connection:
            these = update(inbox).where(inbox.c.id.in_(list(delivery_ids)))
            connection.execute(these.values(body=None, drained_at=at))

    def set_aside(self, why: str, event: Mapping[str, Any], at: datetime) -> None:
        """Keep what could not be understood for a person to look at, without its property value."""
        ids = {key: value for key, value in event.items() if key != "propertyValue"}
        with self._db.write() as connection:
            connection.execute(insert(set_aside).values(at=at, why=why, event=ids))

    def aside(self) -> list[Mapping[str, Any]]:
        with self._db.read() as connection:
            return [dict(row._mapping) for row in connection.execute(select(set_aside).order_by(set_aside.c.id))]

    def count(self) -> int:
        with self._db.read() as connection:
            return connection.execute(select(func.count()).select_from(inbox)).scalar_one()

    def forget(self, now: datetime) -> None:
        """Let go of what its period has passed."""
        with self._db.write() as connection:
            connection.execute(delete(inbox).where(inbox.c.drained_at < now - KEEP_DIGEST))
            connection.execute(delete(set_aside).where(set_aside.c.at < now - KEEP_SET_ASIDE))

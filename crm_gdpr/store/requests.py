"""What people asked of us under their rights, and the packages made for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import packages, requests

OPEN = ("initiated", "acknowledged", "accepted")


@dataclass(frozen=True)
class Request:
    """One request; statuses are those of DPV: initiated, acknowledged, accepted, fulfilled, rejected."""

    id: int
    right: str
    status: str
    received_on: date
    due_on: date
    contact_id: str | None
    ticket_id: str | None
    identity_note: str | None
    identity_by: str | None
    closed_on: date | None


@dataclass(frozen=True)
class Package:
    """An answer made ready: a file, its hash, and the one-time link to it."""

    id: int
    request_id: int
    contact_id: str
    file: str
    sha256: str
    token_hash: str | None
    made_at: datetime
    expires_at: datetime | None
    collected_at: datetime | None


class Requests:
    """The register of requests."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def open(
        self,
        *,
        right: str,
        received_on: date,
        due_on: date,
        contact_id: str | None,
        ticket_id: str | None = None,
    ) -> int | None:
        """Register a request; None when this ticket has opened one already."""
        values = {"right": right, "received_on": received_on, "due_on": due_on, "status": "initiated"}
        try:
            with self._db.write() as connection:
                query = insert(requests).values(contact_id=contact_id, ticket_id=ticket_id, **values)
                return int(connection.execute(query).inserted_primary_key[0])  # type: ignore[index]  # one key
        except IntegrityError:
            return None

    def get(self, request_id: int) -> Request | None:
        with self._db.read() as connection:
            row = connection.execute(select(requests).where(requests.c.id == request_id)).first()
        return None if row is None else Request(**row._mapping)

    def all(self, *, open_only: bool = False) -> list[Request]:
        query = select(requests).order_by(requests.c.due_on, requests.c.id)
        if open_only:
            query = query.where(requests.c.status.in_(OPEN))
        with self._db.read() as connection:
            return [Request(**row._mapping) for row in connection.execute(query)]

    def of(self, contact_id: str) -> list[Request]:
        with self._db.read() as connection:
            rows = connection.execute(select(requests).where(requests.c.contact_id == contact_id)).all()
        return [Request(**row._mapping) for row in rows]

    def is_open(self, contact_id: str) -> bool:
        """Tell whether something this person asked is still unanswered."""
        query = select(func.count()).where(requests.c.contact_id == contact_id, requests.c.status.in_(OPEN))
        with self._db.read() as connection:
            return connection.execute(query).scalar_one() > 0

    def with_open_request(self) -> frozenset[str]:
        """Return the contacts that have an open request."""
        query = select(requests.c.contact_id).where(requests.c.status.in_(OPEN), requests.c.contact_id.is_not(None))
        with self._db.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def change(self, request_id: int, **values: Any) -> None:
        _change(self._db, requests, request_id, values)

    def add_package(self, *, request_id: int, contact_id: str, file: str, sha256: str, made_at: datetime) -> int:
        values = {"request_id": request_id, "contact_id": contact_id, "file": file, "sha256": sha256}
        with self._db.write() as connection:
            key = connection.execute(insert(packages).values(made_at=made_at, **values)).inserted_primary_key
        return int(key[0])  # type: ignore[index]  # a single insert has one key

    def package_of(self, request_id: int) -> Package | None:
        """Return the newest package of a request."""
        query = select(packages).where(packages.c.request_id == request_id).order_by(packages.c.id.desc()).limit(1)
        return self._package(query)

    def package_by_token(self, token_hash: str) -> Package | None:
        return self._package(select(packages).where(packages.c.token_hash == token_hash))

    def packages_about(self, contact_id: str) -> list[Package]:
        with self._db.read() as connection:
            rows = connection.execute(select(packages).where(packages.c.contact_id == contact_id)).all()
        return [Package(**row._mapping) for row in rows]

    def change_package(self, package_id: int, **values: Any) -> None:
        _change(self._db, packages, package_id, values)

    def collect(self, package_id: int, at: datetime) -> bool:
        """Use the link up; False when somebody else already did."""
        free = (packages.c.id == package_id) & packages.c.collected_at.is_(None)
        with self._db.write() as connection:
            return connection.execute(update(packages).where(free).values(collected_at=at)).rowcount == 1

    def _package(self, query: Any) -> Package | None:
        with self._db.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else Package(**row._mapping)


def _change(database: Database, table: Table, id_: int, values: dict[str, Any]) -> None:
    with database.write() as connection:
        connection.execute(update(table).where(table.c.id == id_).values(**values))

"""What people asked of us under their rights, and the packages made for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from crm_gdpr.policy import due
from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import packages, requests

if TYPE_CHECKING:
    from crm_gdpr.store.journal import Journal

OPEN = ("initiated", "acknowledged", "accepted")
KEEPING = ("A15", "A16", "A18", "A20")  # while one of these is open, nothing about the person is archived or erased


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
    ref: str | None = None
    received_at: datetime | None = None
    language: str | None = None
    identity_second_by: str | None = None
    identity_at: datetime | None = None
    link_hash: str | None = None
    link_expires_at: datetime | None = None
    paused_on: date | None = None
    paused_days: int = 0
    extended_on: date | None = None
    extended_why: str | None = None
    detail: Mapping[str, Any] | None = None
    outcome: str | None = None
    outcome_why: str | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def last_day(self, on: date) -> date:
        """The last day to answer; while the identity is asked for it moves on with the calendar."""
        if self.paused_on is None:
            return self.due_on
        rested = self.paused_days + max(0, (on - self.paused_on).days)
        return due(self.received_on, self.extended_on is not None, rested).due_on

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id of the person it is about: the one in use, and those merged into it."""
        return () if self.contact_id is None else (self.contact_id, *(self.detail or {}).get("merged", ()))

    @property
    def candidates(self) -> tuple[str, ...]:
        """The contacts it may be about, until support has said which."""
        return tuple((self.detail or {}).get("candidates", ()))

    @property
    def address(self) -> str | None:
        """The address somebody asked by, where nobody is known by it."""
        return (self.detail or {}).get("address")


@dataclass(frozen=True)
class Package:
    """An answer made ready: a file, its hash, who read it through, and the one-time link to it."""

    id: int
    request_id: int
    contact_id: str
    file: str
    sha256: str
    original_sha256: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    token_hash: str | None
    made_at: datetime
    expires_at: datetime | None
    collected_at: datetime | None


class Requests:
    """The register of requests."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._db = database
        self._journal = journal

    def open(self, *, right: str, received_on: date, due_on: date, contact_id: str | None, **more: Any) -> int | None:
        """Register a request; None when this message has opened one for this right already."""
        values = {"right": right, "received_on": received_on, "due_on": due_on, "contact_id": contact_id, **more}
        try:
            with self._journal.write() as connection:
                query = insert(requests).values(status="initiated", **values)
                number = int(connection.execute(query).inserted_primary_key[0])  # type: ignore[index]  # one key
                self._journal.note(connection, requests, number)
                return number
        except IntegrityError:
            return None

    def get(self, request_id: int) -> Request | None:
        return self._one(requests.c.id == request_id)

    def by_ref(self, ref: str, right: str) -> Request | None:
        """Return the request that a message opened."""
        return self._one((requests.c.ref == ref) & (requests.c.right == right))

    def by_link(self, link_hash: str) -> Request | None:
        """Return the request whose identity a one-time link confirms."""
        return self._one(requests.c.link_hash == link_hash)

    def all(self, *, open_only: bool = False) -> list[Request]:
        query = select(requests).order_by(requests.c.due_on, requests.c.id)
        if open_only:
            query = query.where(requests.c.status.in_(OPEN))
        with self._db.read() as connection:
            return [Request(**row._mapping) for row in connection.execute(query)]

    def of(self, contact_id: str) -> list[Request]:
        """Return what a person asked, by any of their ids."""
        return [each for each in self.all() if contact_id in each.ids]

    def follow(self, merged: Collection[str], contact_id: str) -> list[Request]:
        """Let what was asked and made under merged ids be about the contact they became; returns the requests."""
        family = {contact_id, *merged}
        concerned = [each for each in self.all() if family & {*each.ids, *each.candidates}]
        for each in concerned:
            self.change(each.id, **_followed(each, family, contact_id))
        with self._db.write() as connection:
            theirs = packages.c.contact_id.in_(merged)
            connection.execute(update(packages).where(theirs).values(contact_id=contact_id))
        return concerned

    def is_open(self, contact_id: str) -> bool:
        """Tell whether something this person asked, or may have asked, keeps their data for the answer."""
        return contact_id in self.with_open_request()

    def first_received(self, contact_ids: Iterable[str]) -> dict[str, date]:
        """Return the day of the first request of those who made any."""
        query = select(requests.c.contact_id, func.min(requests.c.received_on)).group_by(requests.c.contact_id)
        asked = set(contact_ids)
        with self._db.read() as connection:
            return {id_: on for id_, on in connection.execute(query) if id_ in asked}

    def with_open_request(self) -> frozenset[str]:
        """Return the contacts whom an open request is or may be about; one for erasure or objection keeps nothing."""
        keeping = (each for each in self.all(open_only=True) if each.right in KEEPING)
        named = [each.ids or each.candidates for each in keeping]
        return frozenset(id_ for ids in named for id_ in ids)

    def change(self, request_id: int, **values: Any) -> None:
        with self._journal.write(requests, request_id) as connection:
            connection.execute(update(requests).where(requests.c.id == request_id).values(**values))

    def use_link(self, request_id: int, link_hash: str, **values: Any) -> bool:
        """Confirm by link, once; False when it was used or replaced in the meantime."""
        same = (requests.c.id == request_id) & (requests.c.link_hash == link_hash)
        with self._journal.write(requests, request_id) as connection:
            query = update(requests).where(same).values(link_hash=None, **values)
            return connection.execute(query).rowcount == 1

    def forget(self, closed_before: date) -> int:
        """Let go of requests whose period has passed, with their packages; returns how many."""
        over = select(requests.c.id).where(requests.c.closed_on < closed_before)
        with self._db.write() as connection:
            connection.execute(delete(packages).where(packages.c.request_id.in_(over)))
            return connection.execute(delete(requests).where(requests.c.closed_on < closed_before)).rowcount

    def add_package(
        self, *, request_id: int, contact_id: str, file: str, sha256: str, made_at: datetime, **more: Any
    ) -> int:
        values = {"request_id": request_id, "contact_id": contact_id, "file": file, "sha256": sha256, **more}
        with self._db.write() as connection:
            key = connection.execute(insert(packages).values(made_at=made_at, **values)).inserted_primary_key
        return int(key[0])  # type: ignore[index]  # a single insert has one key

    def packages(self) -> list[Package]:
        """Return the newest package of each request."""
        with self._db.read() as connection:
            rows = connection.execute(select(packages).order_by(packages.c.id)).all()
        return list({row.request_id: Package(**row._mapping) for row in rows}.values())

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
        with self._db.write() as connection:
            connection.execute(update(packages).where(packages.c.id == package_id).values(**values))

    def collect(self, package_id: int, at: datetime) -> bool:
        """Use the link up; False when somebody else already did."""
        free = (packages.c.id == package_id) & packages.c.collected_at.is_(None)
        with self._db.write() as connection:
            return connection.execute(update(packages).where(free).values(collected_at=at)).rowcount == 1

    def _one(self, where: Any) -> Request | None:
        with self._db.read() as connection:
            row = connection.execute(select(requests).where(where)).first()
        return None if row is None else Request(**row._mapping)

    def _package(self, query: Any) -> Package | None:
        with self._db.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else Package(**row._mapping)


def _followed(request: Request, family: Collection[str], contact_id: str) -> dict[str, Any]:
    """A request with the ids of a family put together under one of them."""
    detail = dict(request.detail or {})
    if request.contact_id is None:
        became = (contact_id if each in family else each for each in request.candidates)
        return {"detail": {**detail, "candidates": list(dict.fromkeys(became))}}
    known = {*request.ids, *family} - {contact_id}
    return {"contact_id": contact_id, "detail": {**detail, "merged": sorted(known)}}

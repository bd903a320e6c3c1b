"""Readings of the portal: their parts with a cursor each, who reads which, and what the last ones told.

A page and the cursor behind it are kept in one transaction, and only by whoever read from the cursor as it stands:
whatever dies or is run twice, no page is lost or counted twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from crm_gdpr.store import dropping, filling
from crm_gdpr.store.database import Database
from crm_gdpr.store.filling import Rows
from crm_gdpr.store.tables import met, scan_parts, scans

GONE = "gone"  # stands in place of a kind for what the end of a full scan dropped


@dataclass(frozen=True)
class Reading:
    """One scan: of everything, or of what changed `since`."""

    id: int
    number: int
    since: datetime | None
    started_at: datetime
    expected: int | None


@dataclass(frozen=True)
class Part:
    """A stretch of one kind: from the cursor `after` to the record with the id `before`, or to the end."""

    id: int
    scan: int
    kind: str
    after: str | None
    before: int | None
    done: bool
    pages: int


@dataclass(frozen=True)
class Progress:
    """How far a scan has come."""

    started_at: datetime
    read: Mapping[str, int]
    calls: int
    parts: int
    parts_done: int
    expected: int | None

    @property
    def total(self) -> int:
        return sum(self.read.values())

    def to_json(self, now: datetime) -> dict[str, Any]:
        """Counts, records a second, seconds left where they can be guessed, and calls spent."""
        seconds = max((now - self.started_at).total_seconds(), 0.001)
        rate = self.total / seconds
        left = None if not self.expected or not self.total else round(max(0, self.expected - self.total) / rate)
        counted = {"read": dict(self.read), "records": self.total, "calls": self.calls}
        return {**counted, "parts": f"{self.parts_done}/{self.parts}", "rate": round(rate), "seconds_left": left}


class Scans:
    """Open a scan, hand out its parts, keep what was read, close it."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def begin(self, *, since: datetime | None, at: datetime, kinds: Iterable[str]) -> Reading:
        """Open a scan, one part for each kind; one that is open and reads as much goes on, its parts free to take."""
        with self._db.write() as connection:
            going = _reading(connection, scans.c.finished_at.is_(None))
            if going is not None and (going.since is None or since is not None):
                connection.execute(update(scan_parts).where(scan_parts.c.scan == going.id).values(hand=None))
                return going
            if going is not None:
                _forget_parts(connection, going.id)
                connection.execute(delete(scans).where(scans.c.id == going.id))
            number = _number(connection) + (since is None)
            expected = _expected(connection, since)
            opened = insert(scans).values(number=number, since=since, started_at=at, expected=expected)
            scan_id = connection.execute(opened.returning(scans.c.id)).scalar_one()
            connection.execute(insert(scan_parts), [_fresh(scan_id, kind) for kind in kinds])
            return Reading(scan_id, number, since, at, expected)

    def get(self, scan_id: int) -> Reading | None:
        """Return a scan that is not finished."""
        with self._db.read() as connection:
            return _reading(connection, scans.c.id == scan_id, scans.c.finished_at.is_(None))

    def going(self) -> Reading | None:
        """Return the scan that is not finished, if there is one."""
        with self._db.read() as connection:
            return _reading(connection, scans.c.finished_at.is_(None))

    def number(self) -> int:
        """Return the number of the newest full scan: what is met from now on is marked with it."""
        with self._db.read() as connection:
            return _number(connection)

    def watermark(self) -> datetime | None:
        """Return when the last scan that came to its end began."""
        with self._db.read() as connection:
            return connection.execute(
                select(func.max(scans.c.started_at)).where(scans.c.finished_at.is_not(None))
            ).scalar()

    def claim(self, scan_id: int, hand: str, *, most: int, but: Collection[int] = ()) -> list[Part]:
        """Take parts that nobody reads, or that this hand held when it died; not those it is reading now."""
        mine = scan_parts.c.hand.is_(None) | (scan_parts.c.hand == hand)
        free = (scan_parts.c.scan == scan_id) & ~scan_parts.c.done & mine & scan_parts.c.id.not_in(but)
        first = select(scan_parts.c.id).where(free).order_by(scan_parts.c.id).limit(most)
        take = update(scan_parts).where(scan_parts.c.id.in_(first)).values(hand=hand).returning(*scan_parts.c)
        with self._db.write() as connection:
            return [_part(row) for row in connection.execute(take)]

    def keep(  # noqa: PLR0913 - one page, all by name
        self, part: Part, rows: Rows, scan: int, *, same: Collection[str], read: int, after: str | None, calls: int
    ) -> Part | None:
        """Keep what was read from the part's cursor, and move it on; None when another has moved it before."""
        with self._db.write() as connection:
            row = connection.execute(_as_it_stands(part)).first()
            if row is None:
                return None
            found = Counter(row.found) + filling.keep(connection, part.kind, rows, scan)
            if same:
                connection.execute(insert(met).values(scan=part.scan, kind=part.kind, ids=sorted(same)))
            done = after is None or (part.before is not None and int(after) >= part.before)
            moved = {"after": after, "done": done, "pages": row.pages + 1, "read": row.read + read}
            values = {**moved, "calls": row.calls + calls, "found": dict(found)}
            move = update(scan_parts).where(scan_parts.c.id == part.id).values(values)
            return _part(connection.execute(move.returning(*scan_parts.c)).one())

    def split(self, part: Part, at: int) -> Part | None:
        """Leave what lies from this id on to another hand."""
        with self._db.write() as connection:
            if connection.execute(_as_it_stands(part)).first() is None:
                return None
            rest = {**_fresh(part.scan, part.kind), "after": str(at), "before": part.before}
            connection.execute(insert(scan_parts).values(rest))
            connection.execute(update(scan_parts).where(scan_parts.c.id == part.id).values(before=at))
            return _part(connection.execute(select(scan_parts).where(scan_parts.c.id == part.id)).one())

    def start_over(self, part: Part) -> None:
        """Read this kind again from its beginning, with one cursor."""
        with self._db.write() as connection:
            if connection.execute(_as_it_stands(part)).first() is None:
                return
            of_kind = (scan_parts.c.scan == part.scan) & (scan_parts.c.kind == part.kind)
            connection.execute(delete(scan_parts).where(of_kind))
            connection.execute(insert(scan_parts).values(_fresh(part.scan, part.kind)))

    def undone(self, scan_id: int) -> int:
        """Count the parts that are not read to their end."""
        with self._db.read() as connection:
            query = select(func.count()).where(scan_parts.c.scan == scan_id, ~scan_parts.c.done)
            return connection.execute(query).scalar_one()

    def close(self, reading: Reading) -> None:
        """Drop what a full scan did not meet, once; what changed since is all that an incremental one can tell."""
        is_closed = select(scan_parts.c.id).where(scan_parts.c.scan == reading.id, scan_parts.c.kind == GONE)
        with self._db.write() as connection:
            if reading.since is not None or connection.execute(is_closed).first() is not None:
                return
            gone = dropping.close(connection, reading.number, reading.id)
            row = {**_fresh(reading.id, GONE), "done": True, "found": dict(gone)}
            connection.execute(insert(scan_parts).values(row))

    def told(self, reading: Reading, *, written: int, calls: int) -> dict[str, Any]:
        """Say what was read, what webhooks had missed, what was written, and the calls spent."""
        seen = self.progress(reading)
        told = {"full": reading.since is None, "read": dict(seen.read), "missed": self._missed(reading)}
        return {**told, "written": written, "calls": seen.calls + calls}

    def finish(self, reading: Reading, *, at: datetime, told: Mapping[str, Any]) -> None:
        """Keep what a scan told; its parts are no longer needed."""
        with self._db.write() as connection:
            done = update(scans).where(scans.c.id == reading.id)
            connection.execute(done.values(finished_at=at, told=dict(told)))
            _forget_parts(connection, reading.id)

    def progress(self, reading: Reading) -> Progress:
        """Say how far a scan has come."""
        with self._db.read() as connection:
            rows = connection.execute(select(scan_parts).where(scan_parts.c.scan == reading.id)).all()
        read: Counter[str] = Counter()
        for row in rows:
            read[row.kind] += row.read
        done = sum(row.done for row in rows)
        calls = sum(row.calls for row in rows)
        return Progress(reading.started_at, +read, calls, len(rows), done, reading.expected)

    def nights(self, limit: int = 14) -> list[dict[str, Any]]:
        """Return what the last scans told, the newest first."""
        query = select(scans).where(scans.c.finished_at.is_not(None)).order_by(scans.c.id.desc()).limit(limit)
        with self._db.read() as connection:
            return [
                {"started_at": row.started_at.isoformat(), "finished_at": row.finished_at.isoformat(), **row.told}
                for row in connection.execute(query)
            ]

    def last(self) -> dict[str, Any] | None:
        return next(iter(self.nights(1)), None)

    def _missed(self, reading: Reading) -> dict[str, int]:
        """By kind: what was new or different, and what was gone."""
        with self._db.read() as connection:
            query = select(scan_parts.c.found).where(scan_parts.c.scan == reading.id)
            missed = sum((Counter(found) for found in connection.execute(query).scalars()), Counter[str]())
        return {kind: count for kind, count in sorted(missed.items()) if count}


def _reading(connection: Connection, *where: Any) -> Reading | None:
    row = connection.execute(select(scans).where(*where).order_by(scans.c.id).limit(1)).first()
    return None if row is None else Reading(row.id, row.number, row.since, row.started_at, row.expected)


def _forget_parts(connection: Connection, scan_id: int) -> None:
    for table in (scan_parts, met):
        connection.execute(delete(table).where(table.c.scan == scan_id))


def _number(connection: Connection) -> int:
    return connection.execute(select(func.max(scans.c.number))).scalar() or 0


def _expected(connection: Connection, since: datetime | None) -> int | None:
    """As many records as last time; the first time nobody can tell."""
    if since is not None:
        return None
    query = select(scans.c.told).where(scans.c.since.is_(None), scans.c.finished_at.is_not(None))
    told = connection.execute(query.order_by(scans.c.id.desc()).limit(1)).scalar()
    return sum(told["read"].values()) if told else None


def _fresh(scan_id: int, kind: str) -> dict[str, Any]:
    return {"scan": scan_id, "kind": kind, "done": False, "pages": 0, "read": 0, "calls": 0, "found": {}}


def _as_it_stands(part: Part) -> Any:
    unmoved = scan_parts.c.pages == part.pages
    return select(scan_parts).where(scan_parts.c.id == part.id, unmoved, ~scan_parts.c.done)


def _part(row: Any) -> Part:
    return Part(row.id, row.scan, row.kind, row.after, row.before, row.done, row.pages)

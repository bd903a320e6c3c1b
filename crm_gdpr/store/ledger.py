"""Append-only, hash-chained proof of what was done (Art. 5(2)), without names, addresses or content.

Each line carries the hash of the line before it; `UNIQUE(prev_hash)` alone prevents forks, whoever writes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, desc, insert, select

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import ledger

GENESIS = "0" * 64


@dataclass(frozen=True)
class Line:
    """What is to be written: `subject` is a keyed hash, `detail` holds ids and counts only."""

    action: str
    actor: str
    subject: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One line of the ledger."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str | None
    detail: Mapping[str, Any]
    hash: str


@dataclass(frozen=True)
class Proof:
    """What checking the chain found: how many lines hold, and the first one that does not."""

    lines: int
    head: str
    broken_at: int | None = None

    @property
    def holds(self) -> bool:
        return self.broken_at is None


class Ledger:
    """Write a line, read lines, prove the chain."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def write(self, lines: Iterable[Line], *, at: datetime) -> None:
        """Append lines in one transaction, so that they stand together or not at all."""
        with self._db.write() as connection:
            rows = list(_chained(connection, lines, at))
            if rows:
                connection.execute(insert(ledger), rows)

    def lines(self, *, subject: str | None = None, newest: int | None = None) -> list[Entry]:
        """Return lines in order; only those about one subject, or only the newest, when asked."""
        query = select(ledger).order_by(desc(ledger.c.seq))
        if subject is not None:
            query = query.where(ledger.c.subject == subject)
        if newest is not None:
            query = query.limit(newest)
        with self._db.read() as connection:
            return [_entry(row._mapping) for row in reversed(connection.execute(query).all())]

    def verify(self) -> Proof:
        """Recompute every hash from the first line; any changed, missing or inserted line breaks the proof."""
        expected, count = GENESIS, 0
        with self._db.read() as connection:
            for row in connection.execute(select(ledger).order_by(ledger.c.seq)):
                count += 1
                if row.seq != count or row.prev_hash != expected or row.hash != _digest(_line(row)):
                    return Proof(lines=count - 1, head=expected, broken_at=row.seq)
                expected = row.hash
        return Proof(lines=count, head=expected)


def _chained(connection: Connection, lines: Iterable[Line], at: datetime) -> Iterator[dict[str, Any]]:
    newest = select(ledger.c.seq, ledger.c.hash).order_by(desc(ledger.c.seq)).limit(1)
    last = connection.execute(newest).first()
    seq, head = (last.seq, last.hash) if last else (0, GENESIS)
    for number, told in enumerate(lines, seq + 1):
        line = {
            "seq": number,
            "at": at.astimezone(UTC).isoformat(timespec="milliseconds"),
            "actor": told.actor,
            "action": told.action,
            "subject": told.subject,
            "detail": _canonical(told.detail),
            "prev_hash": head,
        }
        head = _digest(line)
        yield {**line, "hash": head}


def _line(row: Row[Any]) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name != "hash"}


def _entry(row: Mapping[Any, Any]) -> Entry:
    names = ("seq", "at", "actor", "action", "subject", "hash")
    return Entry(detail=json.loads(row["detail"]), **{name: row[name] for name in names})


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _digest(line: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(dict(line)).encode()).hexdigest()

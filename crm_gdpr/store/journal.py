"""The journal beside the store: what must outlive a store that is put back from an older copy.

Each change of such a fact is a line with the whole of it, and after it comes a line with a number that the store keeps
too: a store behind its journal is an older copy.  What is to be written is noted in the transaction of the change and
appended after it, so that whoever dies between leaves it to the next, and no journal is ahead of its own store.  One
process at a time writes, since it does so in a transaction of the store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from crm_gdpr.store.appended import Appended, Line
from crm_gdpr.store.database import Database
from crm_gdpr.store.lasting import Fact, facts, put_back
from crm_gdpr.store.notes import Notes, put
from crm_gdpr.store.suppression import FINGERPRINT
from crm_gdpr.store.tables import journal, ledger

AT, OLDER, ANEW = "journal_at", "journal_older", "journal_anew"


@dataclass(frozen=True)
class Older:
    """That the store was put back from an older copy: the number it was behind, and what came of it.

    It knew what happened until `since`; the journal goes on until `until`, when the ledger had so many lines.
    """

    number: int
    since: str | None
    until: str | None
    lines: int
    back: Mapping[str, list[str]]
    again: Mapping[str, list[str]]


class Journal:
    """Written with the store, read when the store is older; nothing at all where there is no place for it."""

    def __init__(self, database: Database, notes: Notes, path: Path | None) -> None:
        self._db = database
        self._notes = notes
        self._file = None if path is None else Appended(path)

    @contextmanager
    def write(self, table: Table | None = None, key: object = None) -> Iterator[Connection]:
        """Change what must last; a journal that cannot be written now keeps nobody from saying no."""
        with suppress(OSError):
            self.catch_up()
        with self._db.write() as connection:
            yield connection
            if table is not None:
                self.note(connection, table, key)
        with suppress(OSError):
            self.flush()

    def note(self, connection: Connection, table: Table, key: object) -> None:
        """Note in a transaction what it changed."""
        if self._file is not None:
            connection.execute(insert(journal).values(kind=table.name, key=str(key), written=False))

    def mark(self, at: datetime) -> None:
        """Say that everything until now is here."""
        with self._db.write() as connection:
            put(connection, AT, at.isoformat(timespec="seconds"))
            self.note(connection, journal, "")
        self.flush()

    def flush(self) -> None:
        """Append what is noted; where the journal has vanished or is an older copy itself it is written anew."""
        if self._file is None:
            return
        with self._db.write() as connection:
            rows, last = connection.execute(select(journal).order_by(journal.c.n)).all(), self._file.last()
            newest = rows[-1].n if rows else 0
            written = max((row.n for row in rows if row.written), default=0)
            if last > newest:  # the store is an older copy, and not caught up yet
                return
            if last == 0 or last < written:
                self._file.replace(self._lines(connection, facts(connection), newest))
            elif changed := dict.fromkeys((row.kind, row.key) for row in rows if row.n > last):
                whole = (fact for kind, key in changed for fact in facts(connection, kind, key))
                self._file.append(self._lines(connection, whole, newest))
            if last < written:
                put(connection, ANEW, {"had": last, "wanted": written})
            _settle(connection, newest)

    def rewrite(self) -> None:
        """Write the journal anew, so that nothing stands in it that the store has let go of."""
        self.catch_up()
        with self._db.write() as connection:
            newest = _newest(connection)
            if self._file is not None:
                self._file.replace(self._lines(connection, facts(connection), newest))
            _settle(connection, newest)

    def catch_up(self) -> bool:
        """Put back what the journal knows and the store, being an older copy, does not; False when it is none."""
        if self._file is None or not self.is_ahead():
            return False
        with self._db.write() as connection:
            last = self._file.last()
            if last <= _newest(connection):  # somebody else was quicker
                return False
            lines = self._file.lines()
            ends = next(line for line in reversed(lines) if "n" in line)
            back = _put_back(connection, lines)
            if self._notes.get(FINGERPRINT) is None and ends["key"]:
                put(connection, FINGERPRINT, ends["key"])  # with another key nobody of these would be known again
            span = {"since": self._notes.get(AT), "until": ends["at"], "lines": ends["lines"]}
            put(connection, OLDER, {"number": last, **span, **back})
            connection.execute(delete(journal))
            connection.execute(insert(journal).values(n=last, kind=journal.name, key="", written=True))
        return True

    def is_ahead(self) -> bool:
        """Tell whether the journal knows more than the store: then the store is an older copy."""
        return self._last() > self._known()

    def is_behind(self) -> bool:
        """Tell whether the journal has vanished, is an older copy itself, or could not be written."""
        return self._last() < self._known()

    def older(self) -> Older | None:
        """Return what the last older copy came to, when there was one."""
        value = self._notes.get(OLDER)
        return None if value is None else Older(**value)

    def anew(self) -> Mapping[str, int] | None:
        """Return what the journal had and should have had, once after it was written anew for that."""
        value: Mapping[str, int] | None = self._notes.get(ANEW)
        if value is not None:
            self._notes.drop(ANEW)
        return value

    def reaches(self) -> datetime | None:
        """Return until when everything is here."""
        value = self._notes.get(AT)
        return None if value is None else datetime.fromisoformat(value)

    def _last(self) -> int:
        return 0 if self._file is None else self._file.last()

    def _known(self) -> int:
        with self._db.read() as connection:
            return _newest(connection)

    def _lines(self, connection: Connection, whole: Iterable[Fact], number: int) -> Iterator[Line]:
        for kind, key, told in whole:
            yield {"kind": kind, "key": key, "told": told}
        lines = connection.execute(select(func.max(ledger.c.seq))).scalar() or 0
        yield {"n": number, "at": self._notes.get(AT), "key": self._notes.get(FINGERPRINT), "lines": lines}


def _put_back(connection: Connection, lines: Iterable[Line]) -> dict[str, dict[str, list[str]]]:
    """Put back the last that was written of each fact; returns the keys by kind, of what that came to."""
    found: dict[str, dict[str, list[str]]] = {"back": defaultdict(list), "again": defaultdict(list)}
    last = {(line["kind"], line["key"]): line["told"] for line in lines if "kind" in line}
    for (kind, key), told in last.items():
        came_to = put_back(connection, kind, key, told)
        if came_to is not None:
            found[came_to][kind].append(key)
    return found


def _newest(connection: Connection) -> int:
    return connection.execute(select(func.max(journal.c.n))).scalar() or 0


def _settle(connection: Connection, number: int) -> None:
    """All until a number is written; its row stays, to be counted on from."""
    connection.execute(delete(journal).where(journal.c.n < number))
    connection.execute(update(journal).where(journal.c.n == number).values(written=True))

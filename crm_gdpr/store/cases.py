"""The erasure list: whose erasure has begun, what was frozen to go with them, and whether it is gone yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import cases

if TYPE_CHECKING:
    from crm_gdpr.store.journal import Journal


@dataclass(frozen=True)
class Case:
    """One person on the way out.  `frozen`: HubSpot ids by kind, taken while the associations were readable."""

    id: int
    contact_id: str
    subject: str
    way: str
    frozen: Mapping[str, Sequence[str]]
    state: str
    opened_on: date
    closed_on: date | None
    restores: int = 0

    @property
    def is_cleared(self) -> bool:
        """Tell whether what hung on the person was removed; only then does the case say what waits in the bin."""
        return "waits" in self.frozen

    @property
    def went(self) -> list[str]:
        """Return all that went, whether at once or by the bin."""
        return sorted({*self.frozen.get("waits", ()), *self.frozen.get("files", ())})


class Cases:
    """Open, follow, close."""

    IN_BIN = ("in_bin", "awaiting_bin")
    GONE = ("gone", "verified", "closed")

    def __init__(self, database: Database, journal: Journal) -> None:
        self._db = database
        self._journal = journal

    def open(self, *, contact_id: str, subject: str, way: str, frozen: Mapping[str, Sequence[str]], on: date) -> Case:
        """Put a person on the list with everything to go; known ids are kept while they are on it."""
        values = {"subject": subject, "way": way, "state": "frozen", "opened_on": on, "closed_on": None}
        try:
            with self._journal.write(cases, contact_id) as connection:
                connection.execute(insert(cases).values(contact_id=contact_id, frozen=dict(frozen), **values))
        except IntegrityError:
            self._reopen(contact_id, frozen, values)
        case = self.of(contact_id)
        if case is None:
            raise LookupError(f"the case of contact {contact_id} vanished while it was opened")
        return case

    def of(self, contact_id: str) -> Case | None:
        with self._db.read() as connection:
            row = connection.execute(select(cases).where(cases.c.contact_id == contact_id)).first()
        return None if row is None else Case(**row._mapping)

    def in_state(self, *states: str) -> list[Case]:
        query = select(cases).where(cases.c.state.in_(states)).order_by(cases.c.id)
        with self._db.read() as connection:
            return [Case(**row._mapping) for row in connection.execute(query)]

    def move(self, contact_id: str, state: str, closed_on: date | None = None) -> None:
        """Say where the case stands."""
        with self._journal.write(cases, contact_id) as connection:
            values = {"state": state, "closed_on": closed_on}
            connection.execute(update(cases).where(cases.c.contact_id == contact_id).values(**values))

    def forget_before(self, day: date) -> int:
        """Delete cases that were over before a day; returns how many."""
        over = cases.c.state.in_(("closed", "restored")) & (cases.c.closed_on < day)
        with self._db.write() as connection:
            return connection.execute(delete(cases).where(over)).rowcount

    def keep(self, contact_id: str, found: Mapping[str, Sequence[str]]) -> Case:
        """Add to what is written down about a case; what is known stays."""
        known = self.of(contact_id)
        if known is None:
            raise LookupError(f"contact {contact_id} has no case")
        with self._journal.write(cases, contact_id) as connection:
            frozen = _merged(known.frozen, found)
            connection.execute(update(cases).where(cases.c.contact_id == contact_id).values(frozen=frozen))
        return replace(known, frozen=frozen)

    def put(self, contact_id: str, **parts: Sequence[str]) -> None:
        """Write some parts of a case down anew, in place of what stood there."""
        known = self.of(contact_id)
        if known is None:
            raise LookupError(f"contact {contact_id} has no case")
        with self._journal.write(cases, contact_id) as connection:
            frozen = {**known.frozen, **parts}
            connection.execute(update(cases).where(cases.c.contact_id == contact_id).values(frozen=frozen))

    def restored(self, contact_id: str, on: date) -> bool:
        """Count that somebody brought a person back from the bin; False when they were not in it."""
        in_bin = (cases.c.contact_id == contact_id) & cases.c.state.in_(self.IN_BIN)
        values = {"state": "restored", "closed_on": on, "restores": cases.c.restores + 1}
        with self._journal.write(cases, contact_id) as connection:
            return connection.execute(update(cases).where(in_bin).values(**values)).rowcount == 1

    def _reopen(self, contact_id: str, frozen: Mapping[str, Sequence[str]], values: Mapping[str, object]) -> None:
        known = self.of(contact_id)
        # a case that was over begins anew
        merged = _merged(known.frozen if known and known.state in ("frozen", *self.IN_BIN) else {}, frozen)
        with self._journal.write(cases, contact_id) as connection:
            connection.execute(update(cases).where(cases.c.contact_id == contact_id).values(frozen=merged, **values))


def _merged(one: Mapping[str, Sequence[str]], other: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {kind: sorted({*one.get(kind, ()), *other.get(kind, ())}) for kind in {**one, **other}}

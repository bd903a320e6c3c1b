"""What we asked people to do, each as one task in HubSpot: asked once, delivered, done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import desc, insert, select, update
from sqlalchemy.exc import IntegrityError

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import errands

if TYPE_CHECKING:
    from crm_gdpr.store.journal import Journal


@dataclass(frozen=True)
class Errand:
    """One thing asked of somebody; `key` names the fact it is about, so that nobody is asked twice."""

    id: int
    kind: str
    key: str
    owner_id: str
    contact_id: str | None
    task_id: str | None
    opened_on: date
    due_on: date | None
    done_on: date | None


class Errands:
    """Open once, deliver, close."""

    HOLD_ASKED = "hold_asked"  # an owner asks the officer to keep somebody; nobody archives them before the answer

    def __init__(self, database: Database, journal: Journal) -> None:
        self._db = database
        self._journal = journal

    def open(self, kind: str, key: str, *, owner_id: str, on: date, **more: Any) -> Errand:
        """Keep an errand, or return the one that this key has opened already."""
        values = {"kind": kind, "key": key, "owner_id": owner_id, "opened_on": on, **more}
        try:
            with self._journal.write(*self._lasting(kind, key)) as connection:
                connection.execute(insert(errands).values(**values))
        except IntegrityError:
            pass
        found = self.of(key)
        if found is None:
            raise LookupError(f"errand {key} vanished while it was opened")
        return found

    def of(self, key: str) -> Errand | None:
        return self._one(select(errands).where(errands.c.key == key))

    def last(self, kind: str, owner_id: str) -> Errand | None:
        """Return the newest errand of a kind to somebody that is done."""
        done = (errands.c.kind == kind) & (errands.c.owner_id == owner_id) & errands.c.done_on.is_not(None)
        return self._one(select(errands).where(done).order_by(desc(errands.c.id)).limit(1))

    def waiting(self, *kinds: str) -> list[Errand]:
        """Return what is not done yet, the oldest first; of these kinds only, when named."""
        query = select(errands).where(errands.c.done_on.is_(None)).order_by(errands.c.id)
        if kinds:
            query = query.where(errands.c.kind.in_(kinds))
        with self._db.read() as connection:
            return [Errand(**row._mapping) for row in connection.execute(query)]

    def hold_asked(self, contact_id: str) -> Errand | None:
        """Return what waits for the officer to decide on a hold of somebody."""
        asked = (each for each in self.about(contact_id) if each.kind == self.HOLD_ASKED and each.done_on is None)
        return next(asked, None)

    def is_hold_asked(self, contact_id: str) -> bool:
        """Tell whether somebody waits for the officer to decide on a hold."""
        return self.hold_asked(contact_id) is not None

    def holds_asked(self) -> set[str | None]:
        """Return everyone who waits for the officer to decide on a hold."""
        return {each.contact_id for each in self.waiting(self.HOLD_ASKED)}

    def about(self, contact_id: str) -> list[Errand]:
        with self._db.read() as connection:
            rows = connection.execute(select(errands).where(errands.c.contact_id == contact_id).order_by(errands.c.id))
            return [Errand(**row._mapping) for row in rows]

    def delivered(self, errand_id: int, task_id: str) -> None:
        self._change(errand_id, task_id=task_id)

    def done(self, errand_id: int, on: date) -> None:
        self._change(errand_id, done_on=on)

    def _change(self, errand_id: int, **values: Any) -> None:
        errand = self._one(select(errands).where(errands.c.id == errand_id))
        with self._journal.write(*(self._lasting(errand.kind, errand.key) if errand else ())) as connection:
            connection.execute(update(errands).where(errands.c.id == errand_id).values(**values))

    def _lasting(self, kind: str, key: str) -> tuple[Any, ...]:
        """What of an errand must outlive the store: that somebody is to be kept until it is answered."""
        return (errands, key) if kind == self.HOLD_ASKED else ()

    def _one(self, query: Any) -> Errand | None:
        with self._db.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else Errand(**row._mapping)

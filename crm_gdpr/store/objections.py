"""Who said no to what, when and how; and the contacts that carry it, since a person may come back under another id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, select, update

from crm_gdpr.store.database import Database, among
from crm_gdpr.store.tables import carriers, objections

if TYPE_CHECKING:
    from crm_gdpr.store.journal import Journal

IN_FORCE = ("holds", "upheld")


@dataclass(frozen=True)
class Objection:
    """One no.  States: holds, withdrawn by the person; and of those on other grounds: upheld, overruled."""

    id: int
    scope: str
    about: str
    objected_on: date
    channel: str
    by: str
    state: str
    ended_on: date | None
    ended_by: str | None
    why: str | None

    @property
    def in_force(self) -> bool:
        return self.state in IN_FORCE


class Objections:
    """Take a no, carry it to other contacts, end it."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._db = database
        self._journal = journal

    def take(self, contact_id: str, *, scope: str, about: str, on: date, channel: str, by: str) -> tuple[int, bool]:
        """Keep a no of a contact; returns its number, and whether it is new: the first one stands."""
        with self._journal.write() as connection:
            for known in _of(connection, [contact_id]):
                if known.in_force and (known.scope, known.about) == (scope, about):
                    return known.id, False
            values = {"scope": scope, "about": about, "objected_on": on, "channel": channel, "by": by, "state": "holds"}
            key = connection.execute(insert(objections).values(**values)).inserted_primary_key
            number = int(key[0])  # type: ignore[index]  # a single insert has one key
            connection.execute(insert(carriers).values(objection_id=number, contact_id=contact_id, same=True))
            self._journal.note(connection, objections, number)
        return number, True

    def get(self, objection_id: int) -> Objection | None:
        with self._db.read() as connection:
            row = connection.execute(select(objections).where(objections.c.id == objection_id)).first()
        return None if row is None else Objection(**row._mapping)

    def many(self, objection_ids: Iterable[int]) -> list[Objection]:
        query = select(objections).where(objections.c.id.in_(list(objection_ids))).order_by(objections.c.id)
        with self._db.read() as connection:
            return [Objection(**row._mapping) for row in connection.execute(query)]

    def of(self, contact_ids: Iterable[str]) -> list[Objection]:
        """Return every no that these contacts carry, ended ones too, in their order."""
        with self._db.read() as connection:
            return _of(connection, contact_ids)

    def carrying(self, contact_ids: Iterable[str]) -> set[str]:
        """Return those of these contacts that carry a no, be it ended."""
        query = select(carriers.c.contact_id).where(among(carriers.c.contact_id, contact_ids), carriers.c.same)
        with self._db.read() as connection:
            return set(connection.execute(query).scalars())

    def all(self, newest: int | None = None) -> list[Objection]:
        query = select(objections).order_by(objections.c.id.desc()).limit(newest)
        with self._db.read() as connection:
            return [Objection(**row._mapping) for row in connection.execute(query)]

    def carried_by(self, objection_id: int, *, same: bool = True) -> list[str]:
        """Return the contacts that carry a no; or those that a person found to be somebody else."""
        query = select(carriers.c.contact_id).where(carriers.c.objection_id == objection_id, carriers.c.same == same)
        with self._db.read() as connection:
            return sorted(connection.execute(query).scalars())

    def carry(
        self, objection_id: int, contact_id: str, *, same: bool = True, quarantined_on: date | None = None
    ) -> bool:
        """Let a contact carry a no, in quarantine or not, or say that it is somebody else; True when that is news."""
        key = (carriers.c.objection_id == objection_id) & (carriers.c.contact_id == contact_id)
        values = {"same": same, "quarantined_on": quarantined_on}
        with self._journal.write(objections, objection_id) as connection:
            known = connection.execute(select(carriers.c.same).where(key)).scalar()
            if known is None:
                keys = {"objection_id": objection_id, "contact_id": contact_id}
                connection.execute(insert(carriers).values(**keys, **values))
            elif known != same:
                connection.execute(update(carriers).where(key).values(**values))
            return known != same

    def quarantine(self, contact_id: str) -> tuple[int, date] | None:
        """Return for which no in force, and since when, a contact is in quarantine."""
        query = (
            select(carriers.c.objection_id, carriers.c.quarantined_on)
            .join(objections, objections.c.id == carriers.c.objection_id)
            .where(carriers.c.contact_id == contact_id, carriers.c.same, carriers.c.quarantined_on.is_not(None))
            .where(objections.c.state.in_(IN_FORCE))
            .order_by(carriers.c.quarantined_on, carriers.c.objection_id)
        )
        with self._db.read() as connection:
            row = connection.execute(query.limit(1)).first()
        return None if row is None else (row.objection_id, row.quarantined_on)

    def end(self, objection_id: int, *, state: str, on: date, by: str, why: str) -> bool:
        """Move a no that holds to another state; False when it does not hold any more."""
        held = (objections.c.id == objection_id) & objections.c.state.in_(IN_FORCE)
        values = {"state": state, "ended_on": on, "ended_by": by, "why": why}
        with self._journal.write(objections, objection_id) as connection:
            return connection.execute(update(objections).where(held).values(**values)).rowcount == 1

    def forget(self, before: date) -> int:
        """Let go of what ended before a day; returns how many."""
        old = select(objections.c.id).where(objections.c.state.not_in(IN_FORCE), objections.c.ended_on < before)
        with self._db.write() as connection:
            connection.execute(delete(carriers).where(carriers.c.objection_id.in_(old)))
            return connection.execute(delete(objections).where(objections.c.id.in_(old))).rowcount


def _of(connection: Connection, contact_ids: Iterable[str]) -> list[Objection]:
    carried = select(carriers.c.objection_id).where(carriers.c.contact_id.in_(list(contact_ids)), carriers.c.same)
    query = select(objections).where(objections.c.id.in_(carried)).order_by(objections.c.id)
    return [Objection(**row._mapping) for row in connection.execute(query)]

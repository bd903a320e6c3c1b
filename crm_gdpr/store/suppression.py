"""Keyed hashes of the addresses and numbers of people who said no: they outlive the record, and name nobody.

The key lies outside this database.  Its fingerprint lies here, so that another key is noticed before it misses anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from crm_gdpr.store.database import Database
from crm_gdpr.store.notes import Notes
from crm_gdpr.store.tables import objections, suppressions

if TYPE_CHECKING:
    from crm_gdpr.store.journal import Journal

FINGERPRINT = "pseudonym_key"


class WrongKey(Exception):
    """The hashes here were made with another key: nobody would be recognised."""


class Suppression:
    """Keep digests, know them again, let them go with the no."""

    def __init__(self, database: Database, notes: Notes, journal: Journal) -> None:
        self._db = database
        self._journal = journal
        self._notes = notes

    def fingerprint(self) -> str | None:
        """Return the fingerprint of the key in use; None before the first use."""
        value: str | None = self._notes.get(FINGERPRINT)
        return value

    def check(self, fingerprint: str) -> None:
        """Refuse another key than the first one."""
        known = self.fingerprint()
        if known is None:
            self._notes.put(FINGERPRINT, fingerprint)
        elif known != fingerprint:
            raise WrongKey(
                "CRM_GDPR_PSEUDONYM_KEY is another key than the store was made with; restore it from its backup"
            )

    def keep(self, objection_id: int, digests: Iterable[str]) -> int:
        """Keep what is not kept yet for a no; returns how many were new."""
        with self._journal.write(objections, objection_id) as connection:
            known = set(
                connection.execute(
                    select(suppressions.c.digest).where(suppressions.c.objection_id == objection_id)
                ).scalars()
            )
            rows = [{"digest": each, "objection_id": objection_id} for each in sorted(set(digests) - known)]
            if rows:
                connection.execute(insert(suppressions), rows)
        return len(rows)

    def known(self, digests: Iterable[str]) -> dict[str, set[int]]:
        """Return those of the digests that are kept, with the objections they belong to."""
        query = select(suppressions).where(suppressions.c.digest.in_(list(digests)))
        found: dict[str, set[int]] = defaultdict(set)
        with self._db.read() as connection:
            for row in connection.execute(query):
                found[row.digest].add(row.objection_id)
        return dict(found)

    def drop(self, objection_id: int, digests: Iterable[str]) -> None:
        """Let go of digests that turned out to be somebody else's."""
        one = (suppressions.c.objection_id == objection_id) & suppressions.c.digest.in_(list(digests))
        with self._journal.write(objections, objection_id) as connection:
            connection.execute(delete(suppressions).where(one))

    def lift(self, objection_id: int) -> None:
        """Let go of what was kept for a no that ended."""
        with self._journal.write(objections, objection_id) as connection:
            connection.execute(delete(suppressions).where(suppressions.c.objection_id == objection_id))

    def count(self, objection_id: int | None = None) -> int:
        """Count the digests kept, of one no or of all."""
        query = select(func.count()).select_from(suppressions)
        if objection_id is not None:
            query = query.where(suppressions.c.objection_id == objection_id)
        with self._db.read() as connection:
            return connection.execute(query).scalar_one()

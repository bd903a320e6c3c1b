"""Contacts that others than us deleted in HubSpot, by day: what a breaker counts, and the customers that were hit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import foreign_deletions, links, people

BUSINESS = ("deals", "tickets")
ENGAGEMENTS = ("emails", "calls", "meetings", "communications", "notes", "tasks")


class Foreign:
    """Each deletion once, by webhook or by the nightly look into the bin, whichever comes first."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, contact_id: str, on: date, customer_id: str | None) -> bool:
        """Keep one deletion; False when it is known."""
        try:
            with self._db.write() as connection:
                values = {"contact_id": contact_id, "seen_on": on, "customer_id": customer_id}
                connection.execute(insert(foreign_deletions).values(**values))
        except IntegrityError:
            return False
        return True

    def count(self, on: date) -> int:
        query = select(func.count()).where(foreign_deletions.c.seen_on == on)
        with self._db.read() as connection:
            return connection.execute(query).scalar_one()

    def count_since(self, on: date) -> int:
        """Count the deletions since a day, that day included."""
        query = select(func.count()).where(foreign_deletions.c.seen_on >= on)
        with self._db.read() as connection:
            return connection.execute(query).scalar_one()

    def customers(self, on: date) -> list[str]:
        """Return the companies that are customers and lost a contact on a day."""
        found = foreign_deletions.c.customer_id
        query = select(found).where(foreign_deletions.c.seen_on == on, found.is_not(None)).distinct().order_by(found)
        with self._db.read() as connection:
            return list(connection.execute(query).scalars())

    def known_of(self, contact_id: str) -> dict[str, Sequence[str]]:
        """Return the ids that the index knows: a person's engagements, `own` or `shared`, and the records `around`."""
        mine = select(links.c.ref).where(links.c.kind == "contact", links.c.id == contact_id)
        query = select(links.c.ref, links.c.id).where(links.c.kind == "contact", links.c.ref.in_(mine))
        company = select(people.c.organisation_id).where(people.c.contact_id == contact_id)
        who: dict[str, set[str]] = defaultdict(set)
        with self._db.read() as connection:
            for ref, id_ in connection.execute(query):
                who[ref].add(id_)
            firm = connection.execute(company).scalar() or ""
        refs = sorted(ref for ref in who if ref.partition("/")[0] in ENGAGEMENTS)
        around = [ref for ref in who if ref.partition("/")[0] in BUSINESS]
        return {
            "own": [ref for ref in refs if who[ref] == {contact_id}],
            "shared": [ref for ref in refs if who[ref] != {contact_id}],
            "around": sorted([*around, *([f"companies/{firm}"] if firm.isdigit() else [])]),
        }

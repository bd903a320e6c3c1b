"""How many organisations are customers, as the index knows them: what the breaker watches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import organisations


class Customers:
    """Counted over the index, without a call to HubSpot."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def count(self, on: date) -> int:
        """Count the organisations that are customers by stage or flag, or whose contract runs."""
        with self._db.read() as connection:
            facts = connection.execute(select(organisations.c.facts)).scalars()
            return sum(1 for each in facts if self.is_customer(each, on))

    def is_customer(self, facts: Mapping[str, object], on: date) -> bool:
        """Tell whether an organisation is a customer by stage or flag, or has a contract that runs."""
        until = facts.get("contract_until")
        return facts.get("customer") is True or (isinstance(until, str) and until >= on.isoformat())

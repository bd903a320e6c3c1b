"""Plans as data: who is to be reviewed, archived or erased, with the reasons, bound by a hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import desc, func, insert, select, update

from crm_gdpr.policy import Verdict
from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import plan_items, plans


@dataclass(frozen=True)
class PlanItem:
    """One person and one step; `verdict` carries the reasons."""

    contact_id: str
    step: str
    verdict: Mapping[str, Any]
    state: str = "waiting"
    note: str | None = None


@dataclass(frozen=True)
class Plan:
    """What is to be done on a day; `hash` binds every item with its reasons."""

    id: int
    made_on: date
    hash: str
    approved_by: str | None
    approved_at: datetime | None
    applied_at: datetime | None


class Plans:
    """Make, approve, and mark off."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def make(self, made_on: date, steps: Iterable[tuple[str, Verdict]]) -> Plan:
        """Keep a new plan of (step, verdict); the hash is over the canonical items."""
        items = [PlanItem(verdict.contact, step, verdict.to_json()) for step, verdict in steps]
        with self._db.write() as connection:
            values = {"made_on": made_on, "hash": fingerprint(made_on, items)}
            plan_id = connection.execute(insert(plans).values(**values)).inserted_primary_key[0]  # type: ignore[index]  # one key
            rows = [
                {"plan_id": plan_id, "contact_id": i.contact_id, "step": i.step, "verdict": dict(i.verdict)}
                for i in items
            ]
            if rows:
                connection.execute(insert(plan_items), rows)
        return Plan(int(plan_id), approved_by=None, approved_at=None, applied_at=None, **values)  # type: ignore[arg-type]  # the two values above

    def get(self, plan_id: int) -> Plan | None:
        with self._db.read() as connection:
            row = connection.execute(select(plans).where(plans.c.id == plan_id)).first()
        return None if row is None else Plan(**row._mapping)

    def newest(self, limit: int = 10) -> list[Plan]:
        with self._db.read() as connection:
            rows = connection.execute(select(plans).order_by(desc(plans.c.id)).limit(limit)).all()
        return [Plan(**row._mapping) for row in rows]

    def items(self, plan_id: int) -> list[PlanItem]:
        columns = [plan_items.c[name] for name in PlanItem.__dataclass_fields__]
        query = select(*columns).where(plan_items.c.plan_id == plan_id).order_by(plan_items.c.contact_id)
        with self._db.read() as connection:
            return [PlanItem(**row._mapping) for row in connection.execute(query)]

    def item(self, plan_id: int, contact_id: str) -> PlanItem:
        """Return one item as it stands now."""
        columns = [plan_items.c[name] for name in PlanItem.__dataclass_fields__]
        which = (plan_items.c.plan_id == plan_id) & (plan_items.c.contact_id == contact_id)
        with self._db.read() as connection:
            return PlanItem(**connection.execute(select(*columns).where(which)).one()._mapping)

    def counts(self, plan_id: int) -> dict[tuple[str, str], int]:
        """Count items by step and state."""
        query = select(plan_items.c.step, plan_items.c.state, func.count()).where(plan_items.c.plan_id == plan_id)
        with self._db.read() as connection:
            return {(s, t): n for s, t, n in connection.execute(query.group_by(plan_items.c.step, plan_items.c.state))}

    def approve(self, plan_id: int, by: str, at: datetime) -> bool:
        """Record the approval; False when somebody already did."""
        free = (plans.c.id == plan_id) & plans.c.approved_by.is_(None)
        with self._db.write() as connection:
            return connection.execute(update(plans).where(free).values(approved_by=by, approved_at=at)).rowcount == 1

    def applied(self, plan_id: int, at: datetime) -> None:
        with self._db.write() as connection:
            connection.execute(update(plans).where(plans.c.id == plan_id).values(applied_at=at))

    def mark(self, plan_id: int, contact_ids: Sequence[str], state: str, note: str) -> None:
        """Say what became of some items: done, skipped or failed."""
        which = (plan_items.c.plan_id == plan_id) & plan_items.c.contact_id.in_(contact_ids)
        with self._db.write() as connection:
            connection.execute(update(plan_items).where(which).values(state=state, note=note))


def fingerprint(made_on: date, items: Sequence[PlanItem]) -> str:
    """Hash what an approval binds: the day, and each item's person, step and verdict."""
    body = [[i.contact_id, i.step, dict(i.verdict)] for i in sorted(items, key=lambda i: i.contact_id)]
    text = json.dumps([made_on.isoformat(), body], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()

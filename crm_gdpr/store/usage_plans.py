"""Plans of what to let go of in the company's own databases, bound by a hash like the plans of people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, desc, insert, select, update

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import usage_plans

Steps = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class UsagePlan:
    """What is to go; `steps` says where, what and how much, `done` how much of each step went."""

    id: int
    made_on: date
    hash: str
    steps: Steps
    done: Mapping[str, int]
    approved_by: str | None
    approved_at: datetime | None
    applied_at: datetime | None

    def is_unchanged(self) -> bool:
        """Tell whether the steps are those that were hashed."""
        return self.hash == _fingerprint(self.made_on, self.steps)


class UsagePlans:
    """Make, approve, and mark off."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def make(self, made_on: date, steps: Steps) -> UsagePlan:
        values = {"made_on": made_on, "hash": _fingerprint(made_on, steps), "steps": list(steps), "done": {}}
        with self._db.write() as connection:
            connection.execute(insert(usage_plans).values(**values))
        return self.newest(1)[0]

    def get(self, plan_id: int) -> UsagePlan | None:
        with self._db.read() as connection:
            row = connection.execute(select(usage_plans).where(usage_plans.c.id == plan_id)).first()
        return None if row is None else UsagePlan(**row._mapping)

    def overtaken(self, plan_id: int, steps: Steps) -> None:
        """Keep the steps of a plan that will not run any more without the names in them; its hash no longer fits."""
        with self._db.write() as connection:
            connection.execute(update(usage_plans).where(usage_plans.c.id == plan_id).values(steps=list(steps)))

    def forget_before(self, day: date) -> int:
        """Delete plans made before a day; returns how many."""
        with self._db.write() as connection:
            return connection.execute(delete(usage_plans).where(usage_plans.c.made_on < day)).rowcount

    def newest(self, limit: int | None = None) -> list[UsagePlan]:
        with self._db.read() as connection:
            rows = connection.execute(select(usage_plans).order_by(desc(usage_plans.c.id)).limit(limit)).all()
        return [UsagePlan(**row._mapping) for row in rows]

    def approve(self, plan_id: int, by: str, at: datetime) -> bool:
        """Record the approval; False when somebody already did."""
        free = (usage_plans.c.id == plan_id) & usage_plans.c.approved_by.is_(None)
        with self._db.write() as connection:
            done = connection.execute(update(usage_plans).where(free).values(approved_by=by, approved_at=at))
            return done.rowcount == 1

    def progress(self, plan_id: int, done: Mapping[str, int]) -> None:
        with self._db.write() as connection:
            connection.execute(update(usage_plans).where(usage_plans.c.id == plan_id).values(done=dict(done)))

    def applied(self, plan_id: int, at: datetime, steps: Steps) -> None:
        """Mark it carried out, with steps that name nobody from now on."""
        done = {"applied_at": at, "steps": list(steps)}
        with self._db.write() as connection:
            connection.execute(update(usage_plans).where(usage_plans.c.id == plan_id).values(**done))


def _fingerprint(made_on: date, steps: Steps) -> str:
    text = json.dumps([made_on.isoformat(), list(steps)], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()

"""Plans as data: who is to be reviewed, archived or erased, with reasons and facts, bound by a hash.

The hash is over a digest of each item, so that it still proves what was approved when names have gone from a plan.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, desc, func, insert, select, update

from crm_gdpr.policy import Verdict
from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import plan_items, plans

DESTRUCTIVE = ("archive", "erase")
NOW_KEPT = "now keep: "  # how the note begins of somebody whom the gate found to be kept
Step = tuple[str, Verdict, Mapping[str, Any]]


@dataclass(frozen=True)
class PlanItem:
    """One person and one step; `verdict` carries the reasons, `facts` what they rest on."""

    contact_id: str
    step: str
    verdict: Mapping[str, Any]
    facts: Mapping[str, Any]
    state: str = "waiting"
    note: str | None = None

    @property
    def digest(self) -> str:
        """Hash what an approval binds of this item: person, step, reasons and facts."""
        return _sha256([self.contact_id, self.step, dict(self.verdict), dict(self.facts)])


@dataclass(frozen=True)
class Plan:
    """What is to be done on a day; `hash` binds every item."""

    id: int
    made_on: date
    hash: str
    approved_by: str | None = None
    approved_at: datetime | None = None
    seconded_by: str | None = None
    seconded_at: datetime | None = None
    begun_at: datetime | None = None
    applied_at: datetime | None = None
    closed_on: date | None = None

    @property
    def approvers(self) -> tuple[str, ...]:
        return tuple(name for name in (self.approved_by, self.seconded_by) if name)


class Plans:
    """Make, approve, mark off, and let go of names."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def make(self, made_on: date, steps: Iterable[Step]) -> Plan:
        """Keep a new plan of (step, verdict, facts)."""
        items = [PlanItem(verdict.contact, step, verdict.to_json(), facts) for step, verdict, facts in steps]
        values = {"made_on": made_on, "hash": fingerprint(made_on, items)}
        with self._db.write() as connection:
            key = connection.execute(insert(plans).values(**values)).inserted_primary_key
            plan_id = int(key[0])  # type: ignore[index]  # a single insert has one key
            rows = [{"plan_id": plan_id, **_row(item)} for item in items]
            if rows:
                connection.execute(insert(plan_items), rows)
        return Plan(plan_id, made_on, values["hash"])  # type: ignore[arg-type]  # the hash made above

    def get(self, plan_id: int) -> Plan | None:
        with self._db.read() as connection:
            row = connection.execute(select(plans).where(plans.c.id == plan_id)).first()
        return None if row is None else Plan(**row._mapping)

    def newest(self, limit: int = 10) -> list[Plan]:
        with self._db.read() as connection:
            rows = connection.execute(select(plans).order_by(desc(plans.c.id)).limit(limit)).all()
        return [Plan(**row._mapping) for row in rows]

    def last_before(self, day: date) -> Plan | None:
        """Return the plan of the last day before one that had any: of more than one person, where there was such."""
        several = select(plan_items.c.plan_id).group_by(plan_items.c.plan_id).having(func.count() > 1)
        order = (desc(plans.c.made_on), desc(plans.c.id.in_(several)), desc(plans.c.id))
        query = select(plans).where(plans.c.made_on < day).order_by(*order).limit(1)
        with self._db.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else Plan(**row._mapping)

    def unfinished(self) -> list[Plan]:
        """Return the approved plans of the newest plan's day that are not carried out, the oldest first."""
        day = select(plans.c.made_on).order_by(desc(plans.c.id)).limit(1).scalar_subquery()
        left = plans.c.approved_by.is_not(None) & plans.c.applied_at.is_(None) & plans.c.closed_on.is_(None)
        query = select(plans).where(left, plans.c.made_on == day).order_by(plans.c.id)
        with self._db.read() as connection:
            return [Plan(**row._mapping) for row in connection.execute(query)]

    def items(self, plan_id: int) -> list[PlanItem]:
        query = select(*_COLUMNS).where(plan_items.c.plan_id == plan_id).order_by(plan_items.c.contact_id)
        with self._db.read() as connection:
            return [PlanItem(**row._mapping) for row in connection.execute(query)]

    def item(self, plan_id: int, contact_id: str) -> PlanItem:
        """Return one item as it stands now."""
        which = (plan_items.c.plan_id == plan_id) & (plan_items.c.contact_id == contact_id)
        with self._db.read() as connection:
            return PlanItem(**connection.execute(select(*_COLUMNS).where(which)).one()._mapping)

    def counts(self, plan_id: int) -> dict[tuple[str, str], int]:
        """Count items by step and state."""
        query = select(plan_items.c.step, plan_items.c.state, func.count()).where(plan_items.c.plan_id == plan_id)
        with self._db.read() as connection:
            return {(s, t): n for s, t, n in connection.execute(query.group_by(plan_items.c.step, plan_items.c.state))}

    def destructive(self, plan_id: int) -> int:
        """Count the people whom a plan archives or erases."""
        return sum(n for (step, _), n in self.counts(plan_id).items() if step in DESTRUCTIVE)

    def kept_since(self, day: date) -> set[str]:
        """Return those whom the gate kept in plans made since a day, by id or, where the plan is closed, by hash."""
        kept = (plan_items.c.state == "skipped") & plan_items.c.note.startswith(NOW_KEPT)
        query = select(plan_items.c.contact_id).join(plans, plan_items.c.plan_id == plans.c.id)
        with self._db.read() as connection:
            return set(connection.execute(query.where(kept, plans.c.made_on >= day)).scalars())

    def destructive_by_day(self, since: date) -> dict[date, int]:
        """Count, for each day since, the people whom that day's largest plan archives or erases."""
        wanted = plan_items.c.step.in_(DESTRUCTIVE)
        query = (
            select(plans.c.made_on, plans.c.id, func.count().filter(wanted))
            .join(plan_items, plan_items.c.plan_id == plans.c.id)
            .where(plans.c.made_on >= since)
            .group_by(plans.c.id, plans.c.made_on)
        )
        found: dict[date, int] = {}
        with self._db.read() as connection:
            for day, _, count in connection.execute(query):
                found[day] = max(count, found.get(day, 0))
        return found

    def approve(self, plan_id: int, by: str, at: datetime) -> bool:
        """Record the approval; False when somebody already did."""
        free = (plans.c.id == plan_id) & plans.c.approved_by.is_(None)
        return self._change(free, approved_by=by, approved_at=at)

    def second(self, plan_id: int, by: str, at: datetime) -> bool:
        """Record the approval of a second person; False when it is the first one's, or there are two already."""
        free = (plans.c.id == plan_id) & plans.c.seconded_by.is_(None) & (plans.c.approved_by != by)
        return self._change(free, seconded_by=by, seconded_at=at)

    def begun(self, plan_id: int, at: datetime) -> None:
        """Record that somebody started a plan; the first time counts."""
        self._change((plans.c.id == plan_id) & plans.c.begun_at.is_(None), begun_at=at)

    def applied(self, plan_id: int, at: datetime) -> None:
        self._change(plans.c.id == plan_id, applied_at=at)

    def mark(self, plan_id: int, contact_ids: Sequence[str], state: str, note: str) -> None:
        """Say what became of some items: done, skipped or failed."""
        which = (plan_items.c.plan_id == plan_id) & plan_items.c.contact_id.in_(contact_ids)
        with self._db.write() as connection:
            connection.execute(update(plan_items).where(which).values(state=state, note=note))

    def open_before(self, on: date) -> list[Plan]:
        """Return the plans made before a day whose items still name people."""
        query = select(plans).where(plans.c.closed_on.is_(None), plans.c.made_on < on).order_by(plans.c.id)
        with self._db.read() as connection:
            return [Plan(**row._mapping) for row in connection.execute(query)]

    def close(self, plan_id: int, name: Callable[[str], str], on: date) -> None:
        """Let go of names and facts: what stays is a keyed hash, the step, the reasons' codes, and the digest."""
        items = self.items(plan_id)
        with self._db.write() as connection:
            for item in items:
                _close_item(connection, plan_id, item, name(item.contact_id))
            connection.execute(update(plans).where(plans.c.id == plan_id).values(closed_on=on))

    def proven(self, plan: Plan) -> bool:
        """Tell whether the digests kept still give the hash, whether or not the names have gone."""
        query = select(plan_items.c.digest).where(plan_items.c.plan_id == plan.id)
        with self._db.read() as connection:
            return _bound(plan.made_on, connection.execute(query).scalars()) == plan.hash

    def forget_before(self, day: date) -> int:
        """Delete plans made before a day; returns how many."""
        old = select(plans.c.id).where(plans.c.made_on < day)
        with self._db.write() as connection:
            connection.execute(delete(plan_items).where(plan_items.c.plan_id.in_(old)))
            return connection.execute(delete(plans).where(plans.c.made_on < day)).rowcount

    def _change(self, which: Any, **values: Any) -> bool:
        with self._db.write() as connection:
            return connection.execute(update(plans).where(which).values(**values)).rowcount == 1


def fingerprint(made_on: date, items: Iterable[PlanItem]) -> str:
    """Hash what an approval binds: the day, and each item's person, step, reasons and facts."""
    return _bound(made_on, (item.digest for item in items))


def _bound(made_on: date, digests: Iterable[str]) -> str:
    return _sha256([made_on.isoformat(), sorted(digests)])


def _row(item: PlanItem) -> dict[str, Any]:
    return {
        "contact_id": item.contact_id,
        "step": item.step,
        "verdict": dict(item.verdict),
        "facts": dict(item.facts),
        "digest": item.digest,
    }


def _close_item(connection: Connection, plan_id: int, item: PlanItem, name: str) -> None:
    reasons = [{"code": reason["code"]} for reason in item.verdict.get("because", ())]
    values = {"contact_id": name, "verdict": {"verdict": item.step, "because": reasons}, "facts": {}}
    which = (plan_items.c.plan_id == plan_id) & (plan_items.c.contact_id == item.contact_id)
    connection.execute(update(plan_items).where(which).values(**values))


def _sha256(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


_COLUMNS = [plan_items.c[name] for name in PlanItem.__dataclass_fields__]

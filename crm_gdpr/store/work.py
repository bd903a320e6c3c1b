"""Work items: the truth about what is to be done.  RQ only carries their keys to a worker.

Leases and retries run on the wall clock, in seconds since the epoch; the calendar of the business may jump.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import slots, work

if TYPE_CHECKING:
    from crm_gdpr.store.journal import Journal

KEEP_DONE = timedelta(days=30)
PORTION = 500  # keys in one statement

Each = TypeVar("Each")


@dataclass(frozen=True)
class Item:
    """One piece of work, claimed or waiting."""

    key: str
    job: str
    queue: str
    ids: Mapping[str, Any]
    attempt: int


class Work:
    """Add once, claim with a lease, finish or give back."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._db = database
        self._journal = journal

    def add(self, item: Item, *, at: datetime, due_s: float) -> bool:
        """Add an item unless its key is known; the key names the fact, so a redelivery is recognised."""
        return bool(self._added([item], at, due_s))

    def add_unless_waiting(self, item: Item, *, at: datetime, due_s: float) -> bool:
        """Add an item unless one of the same job waits to be begun: that one will find what this one would."""
        unbegun = (work.c.job == item.job) & (work.c.state == "waiting") & (work.c.attempt == 0)
        with self._db.write() as connection:
            if connection.execute(select(work.c.key).where(unbegun).limit(1)).first() is not None:
                return False
            connection.execute(insert(work), [_row(item, at, due_s)])
        return True

    def add_many(self, items: Sequence[Item], *, at: datetime, due_s: float, lasting: bool = False) -> list[Item]:
        """Add the items whose keys are not known, a portion in one transaction; returns those."""
        fresh: list[Item] = []
        for portion in _portions(list({item.key: item for item in items}.values())):
            try:
                fresh += self._add_portion(portion, at, due_s, lasting)
            except IntegrityError:  # somebody added one of them meanwhile
                fresh += [item for one in portion for item in self._added([one], at, due_s, lasting)]
        return fresh

    def _added(self, items: Sequence[Item], at: datetime, due_s: float, lasting: bool = False) -> list[Item]:
        try:
            return self._add_portion(items, at, due_s, lasting)
        except IntegrityError:
            return []

    def _add_portion(self, items: Sequence[Item], at: datetime, due_s: float, lasting: bool) -> list[Item]:
        with self._journal.write() if lasting else self._db.write() as connection:
            there = select(work.c.key).where(work.c.key.in_([item.key for item in items]))
            known = set(connection.execute(there).scalars())
            fresh = [item for item in items if item.key not in known]
            if fresh:
                connection.execute(insert(work), [{**_row(item, at, due_s), "lasting": lasting} for item in fresh])
            for item in fresh if lasting else ():
                self._journal.note(connection, work, item.key)
        return fresh

    def claim(self, key: str, *, now_s: float, lease_s: float) -> Item | None:
        """Take the item for `lease_s` seconds; None when it is done, or somebody holds it."""
        return next(iter(self.claim_many([key], None, now_s=now_s, lease_s=lease_s)), None)

    def claim_many(
        self, keys: Sequence[str], jobs: Iterable[str] | None, *, now_s: float, lease_s: float
    ) -> list[Item]:
        """Take the items that are free, of all jobs or of these, in one transaction."""
        free = (work.c.state == "waiting") | ((work.c.state == "running") & (work.c.due_s < now_s))
        query = select(work).where(work.c.key.in_(keys), free).with_for_update(skip_locked=True)
        if jobs is not None:
            query = query.where(work.c.job.in_(list(jobs)))
        with self._db.write() as connection:
            taken = [replace(_item(row), attempt=row.attempt + 1) for row in connection.execute(query)]
            connection.execute(
                update(work)
                .where(work.c.key.in_([item.key for item in taken]))
                .values(state="running", attempt=work.c.attempt + 1, due_s=now_s + lease_s)
            )
        return taken

    def gives_way(self, key: str, patient: Iterable[str], since: datetime) -> bool:
        """Tell whether an item of a patient job, left since then, has new work of its queue to wait for."""
        mine, other = work.alias(), work.alias()
        query = (
            select(other.c.key)
            .join(mine, mine.c.queue == other.c.queue)
            .where(mine.c.key == key, mine.c.job.in_(list(patient)), mine.c.created_at > since)
            .where(other.c.state == "waiting", other.c.attempt == 0, other.c.job.not_in(list(patient)))
        )
        with self._db.read() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def renew(self, *keys: str, due_s: float) -> None:
        """Hold the items longer: their worker is alive."""
        with self._db.write() as connection:
            connection.execute(update(work).where(work.c.key.in_(keys), work.c.state == "running").values(due_s=due_s))

    def done(self, *keys: str, at: datetime) -> None:
        with self._db.write() as connection:
            over = update(work).where(work.c.key.in_(keys))
            connection.execute(over.values(state="done", error=None, finished_at=at))

    def give_back(self, key: str, *, error: str, due_s: float) -> None:
        """Let it be tried again, no sooner than `due_s`."""
        with self._db.write() as connection:
            connection.execute(update(work).where(work.c.key == key).values(state="waiting", error=error, due_s=due_s))

    def fail(self, key: str, *, error: str, at: datetime) -> None:
        """Give it to a person: it will not be tried again by itself."""
        with self._db.write() as connection:
            connection.execute(
                update(work).where(work.c.key == key).values(state="failed", error=error, finished_at=at)
            )

    def postpone(self, keys: Sequence[str], *, due_s: float) -> None:
        """Free items that nobody works on any more, and look again at `due_s`."""
        for portion in _portions(keys):
            stale = work.c.key.in_(portion) & work.c.state.in_(("waiting", "running"))
            with self._db.write() as connection:
                connection.execute(update(work).where(stale).values(state="waiting", due_s=due_s))

    def overdue(self, now_s: float, queues: Iterable[str] | None = None) -> list[Item]:
        """Return what should be running and is not: waiting past its time, or held by a worker that died."""
        query = select(work).where(work.c.state.in_(("waiting", "running")), work.c.due_s < now_s)
        if queues is not None:
            query = query.where(work.c.queue.in_(list(queues)))
        with self._db.read() as connection:
            return [_item(row) for row in connection.execute(query)]

    def counts(self) -> dict[str, int]:
        with self._db.read() as connection:
            rows = connection.execute(select(work.c.state, func.count()).group_by(work.c.state))
            return {name: count for name, count in rows}  # noqa: C416 - rows are not pairs to the type checker

    def failed(self) -> list[Mapping[str, Any]]:
        with self._db.read() as connection:
            query = select(work).where(work.c.state == "failed").order_by(work.c.created_at)
            return [dict(row._mapping) for row in connection.execute(query)]

    def struggling(self, attempts: int) -> list[Mapping[str, Any]]:
        """Return what has been tried so often and will be tried again."""
        query = select(work).where(work.c.state == "waiting", work.c.attempt >= attempts).order_by(work.c.created_at)
        with self._db.read() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]

    def state(self, key: str) -> str | None:
        with self._db.read() as connection:
            return connection.execute(select(work.c.state).where(work.c.key == key)).scalar()

    def open(self, jobs: Iterable[str] | None = None) -> int:
        """Count what is waiting or running, of all jobs or of these."""
        query = select(func.count()).select_from(work).where(work.c.state.in_(("waiting", "running")))
        if jobs is not None:
            query = query.where(work.c.job.in_(list(jobs)))
        with self._db.read() as connection:
            return connection.execute(query).scalar_one()

    def is_open(self, prefix: str) -> bool:
        """Tell whether an item whose key begins so is waiting or running."""
        query = select(work.c.key).where(work.c.state.in_(("waiting", "running")), work.c.key.startswith(prefix))
        with self._db.read() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def last_slot(self, job: str) -> datetime | None:
        """Return the newest cron slot of a job that has been queued."""
        with self._db.read() as connection:
            return connection.execute(select(slots.c.last_at).where(slots.c.job == job)).scalar()

    def save_slot(self, job: str, at: datetime) -> None:
        """Remember a slot, never an older one than is known: two clocks may race."""
        with self._db.write() as connection:
            known = connection.execute(select(slots.c.last_at).where(slots.c.job == job)).scalar()
            if known is None:
                connection.execute(insert(slots).values(job=job, last_at=at))
            elif known < at:
                connection.execute(update(slots).where(slots.c.job == job).values(last_at=at))

    def forget(self, now: datetime) -> None:
        """Let go of finished items whose period has passed."""
        with self._db.write() as connection:
            connection.execute(delete(work).where(work.c.state == "done", work.c.finished_at < now - KEEP_DONE))


def _item(row: Any) -> Item:
    return Item(key=row.key, job=row.job, queue=row.queue, ids=row.ids, attempt=row.attempt)


def _row(item: Item, at: datetime, due_s: float) -> dict[str, Any]:
    told = {"key": item.key, "job": item.job, "queue": item.queue, "ids": dict(item.ids)}
    return {**told, "state": "waiting", "attempt": 0, "due_s": due_s, "created_at": at}


def _portions(items: Sequence[Each]) -> Iterable[Sequence[Each]]:
    return [items[start : start + PORTION] for start in range(0, len(items), PORTION)]

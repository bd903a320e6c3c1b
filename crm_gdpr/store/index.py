"""The dialogue index: ids, kinds and instants of everyone, so that a verdict needs no call to HubSpot.

It holds no content, name or address, and can be dropped and rebuilt from HubSpot at any time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select, update

from crm_gdpr.policy import Facts, Verdict
from crm_gdpr.store import dropping, filling
from crm_gdpr.store.around import Around
from crm_gdpr.store.database import Database
from crm_gdpr.store.filling import Rows
from crm_gdpr.store.tables import people
from crm_gdpr.store.touched import judge_anew

CHUNK = 500


@dataclass(frozen=True)
class Known:
    """All that the index knows of one person: facts to judge, and what HubSpot shows of our conclusions."""

    contact_id: str
    facts: Facts
    mirror: Mapping[str, str]
    archived: bool


@dataclass(frozen=True)
class Standing:
    """What the last reconciliation concluded about a person."""

    contact_id: str
    verdict: str
    last_dialogue_on: date | None
    last_dialogue_ref: str | None
    next_step: str | None
    next_on: date | None
    mirror: Mapping[str, str]


class Index:
    """Put what a scan read, take out facts to judge, keep what was concluded."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def same(self, kind: str, digests: Mapping[str, int | None]) -> set[str]:
        """Return the ids of those that HubSpot says the same of as when they were last kept."""
        with self._db.read() as connection:
            return filling.same(connection, kind, digests)

    def keep(self, kind: str, rows: Rows, scan: int) -> Counter[str]:
        """Keep records of a kind; returns what was new or different."""
        with self._db.write() as connection:
            return filling.keep(connection, kind, rows, scan)

    def known(self, contact_id: str) -> Known | None:
        """Return what is known of one person, or None for someone not indexed."""
        return next(iter(self._known([contact_id])), None)

    def everyone(self, *, verdicts: Sequence[str] = (), due_on: date | None = None) -> Iterator[Known]:
        """Yield people by id, streamed: all of them, those last judged so, or those to be judged by a day."""
        where: list[ColumnElement[bool]] = []
        if verdicts:
            where.append(people.c.verdict.in_(verdicts))
        if due_on is not None:
            where.append(people.c.stands_until.is_(None) | (people.c.stands_until <= due_on))
        last = ""
        while ids := self._ids_after(last, where):
            yield from self._known(ids)
            last = ids[-1]

    def save(self, verdicts: Iterable[tuple[Verdict, date]]) -> None:
        """Keep what was concluded, and until when it stands, beside the facts it was concluded from."""
        values = [{"key": verdict.contact, **_columns(verdict), "stands_until": until} for verdict, until in verdicts]
        if not values:
            return
        names = [name for name in values[0] if name != "key"]
        statement = update(people).where(people.c.contact_id == bindparam("key"))
        with self._db.write() as connection:
            connection.execute(statement.values({name: bindparam(name) for name in names}), values)

    def mirrored(self, values: Mapping[str, Mapping[str, str]]) -> None:
        """Remember what HubSpot now shows of our conclusions."""
        if not values:
            return
        statement = update(people).where(people.c.contact_id == bindparam("key"))
        rows = [{"key": contact_id, "mirror": dict(mirror)} for contact_id, mirror in values.items()]
        with self._db.write() as connection:
            connection.execute(statement.values(mirror=bindparam("mirror"), digest=None), rows)

    def standing(self, contact_id: str) -> Standing | None:
        return next(iter(self.standings([contact_id])), None)

    def standings(self, contact_ids: Sequence[str]) -> list[Standing]:
        columns = [people.c[name] for name in Standing.__dataclass_fields__]
        query = select(*columns).where(people.c.contact_id.in_(contact_ids), people.c.verdict.is_not(None))
        with self._db.read() as connection:
            return [Standing(**row._mapping) for row in connection.execute(query)]

    def by_verdict(self, verdict: str, limit: int = 100, *, after: int = 0) -> list[Standing]:
        """Return those last judged so, the longest silent first, past the first `after` of them."""
        columns = [people.c[name] for name in Standing.__dataclass_fields__]
        order = (people.c.last_dialogue_on.nulls_first(), people.c.contact_id)
        query = select(*columns).where(people.c.verdict == verdict).order_by(*order).limit(limit).offset(after)
        with self._db.read() as connection:
            return [Standing(**row._mapping) for row in connection.execute(query)]

    def counts(self) -> dict[str, int]:
        """Count people by verdict."""
        with self._db.read() as connection:
            rows = connection.execute(select(people.c.verdict, func.count()).group_by(people.c.verdict))
            return {verdict or "unjudged": count for verdict, count in rows}

    def to_archive(self, on: date, until: date) -> dict[date, int]:
        """Count live people by the day from which they may be archived, up to a day; who is due counts on `on`."""
        waits = (people.c.next_step == "archive") & (people.c.next_on <= until)
        is_due = (people.c.verdict == "archive") & ~people.c.archived
        days: dict[date, int] = defaultdict(int)
        query = select(people.c.verdict, people.c.next_on, func.count()).where(waits | is_due)
        with self._db.read() as connection:
            for verdict, day, count in connection.execute(query.group_by(people.c.verdict, people.c.next_on)):
                days[on if verdict == "archive" else max(day, on)] += count
        return dict(days)

    def silence(self, on: date) -> dict[int, int]:
        """Count live people by whole months since the last dialogue, for the picture on the overview."""
        months: dict[int, int] = defaultdict(int)
        query = select(people.c.last_dialogue_on).where(people.c.last_dialogue_on.is_not(None), ~people.c.archived)
        with self._db.read() as connection:
            for (day,) in connection.execute(query):
                months[max(0, (on - day).days * 12 // 365)] += 1
        return dict(months)

    def in_bin(self, contact_ids: Iterable[str]) -> set[str]:
        """Return those of these people who wait in the recycle bin."""
        query = select(people.c.contact_id).where(people.c.contact_id.in_(list(contact_ids)), people.c.archived)
        with self._db.read() as connection:
            return set(connection.execute(query).scalars())

    def archived(self, contact_id: str, *, archived: bool) -> None:
        """Mark a person as waiting in the recycle bin, or back from it."""
        with self._db.write() as connection:
            marked = update(people).where(people.c.contact_id == contact_id)
            connection.execute(marked.values(archived=archived, digest=None))

    def hold_in_bin(self, contact_id: str) -> bool:
        """Put a hold on somebody in the recycle bin, whose record cannot take it; False for anybody else."""
        with self._db.write() as connection:
            which = (people.c.contact_id == contact_id) & people.c.archived
            facts = connection.execute(select(people.c.facts).where(which)).scalar()
            if facts is not None:
                held = {**facts, "hold": "hold"}
                connection.execute(update(people).where(which).values(facts=held, stands_until=None))
        return facts is not None

    def forget(self, contact_id: str) -> None:
        """Drop a person who is gone, and the events that concern nobody else."""
        with self._db.write() as connection:
            dropping.forget_person(connection, contact_id)

    def forget_events(self, refs: Sequence[str]) -> None:
        """Drop events that no longer exist in HubSpot."""
        with self._db.write() as connection:
            dropping.forget_events(connection, refs)

    def forget_company(self, company_id: str) -> None:
        """Drop an organisation that is gone; whom its people stand for is then not known."""
        with self._db.write() as connection:
            dropping.forget_company(connection, company_id)

    def judge_anew(self, contact_ids: Iterable[str]) -> None:
        """Take back how long the verdicts on these people stand."""
        with self._db.write() as connection:
            judge_anew(connection, contact_ids)

    def _ids_after(self, last: str, where: Sequence[ColumnElement[bool]]) -> list[str]:
        query = select(people.c.contact_id).where(people.c.contact_id > last, *where)
        with self._db.read() as connection:
            return list(connection.execute(query.order_by(people.c.contact_id).limit(CHUNK)).scalars())

    def _known(self, ids: Sequence[str]) -> list[Known]:
        query = select(people).where(people.c.contact_id.in_(ids)).order_by(people.c.contact_id)
        with self._db.read() as connection:
            rows = connection.execute(query).all()
            around = Around(connection, {r.organisation_id for r in rows if r.organisation_id}, ids)
        return [Known(row.contact_id, around.facts(row), row.mirror, row.archived) for row in rows]


def _columns(verdict: Verdict) -> dict[str, Any]:
    last, step = verdict.last_dialogue, verdict.next
    return {
        "verdict": verdict.verdict,
        "last_dialogue_on": last.on if last else None,
        "last_dialogue_ref": last.ref if last else None,
        "next_step": step.step if step else None,
        "next_on": step.on if step else None,
    }

"""The dialogue index: ids, kinds and instants of everyone, so that a verdict needs no call to HubSpot.

It holds no content, name or address, and can be dropped and rebuilt from HubSpot at any time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, Select, bindparam, func, select, tuple_, update

from crm_gdpr.policy import Facts, Gist, Verdict
from crm_gdpr.store import dropping, filling
from crm_gdpr.store.around import Around
from crm_gdpr.store.database import Database, among
from crm_gdpr.store.filling import Rows
from crm_gdpr.store.tables import people
from crm_gdpr.store.touched import judge_anew, note
from crm_gdpr.store.ways import Ways

if TYPE_CHECKING:
    from crm_gdpr.store.journal import Journal

CHUNK = 1_000  # people that are read together
CONCLUDED = ("verdict", "last_dialogue_on", "last_dialogue_ref", "next_step", "next_on", "stands_until")
PEOPLE = select(
    *(
        people.c[name]
        for name in ("contact_id", "organisation_id", "facts", "mirror", "customer", "archived", "touched", *CONCLUDED)
    )
)
SAVE = (
    update(people)
    .where(people.c.contact_id == bindparam("key"), people.c.touched == bindparam("seen"))
    .values({name: bindparam(name) for name in CONCLUDED})
)


@dataclass(frozen=True, kw_only=True)
class Known:
    """All that the index knows of one person: facts to judge, and what HubSpot shows of our conclusions."""

    contact_id: str
    organisation_id: str | None
    facts: Facts
    mirror: Mapping[str, str]
    archived: bool
    touched: int
    concluded: tuple[Any, ...]


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

    def __init__(self, database: Database, journal: Journal) -> None:
        self._db = database
        self._journal = journal

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
        return next(iter(self._known(PEOPLE.where(people.c.contact_id == contact_id), Ways())), None)

    def everyone(
        self, *, verdicts: Sequence[str] = (), due_on: date | None = None, gist: Gist | None = None
    ) -> Iterator[Known]:
        """Yield people, streamed, colleagues together: all of them, those last judged so, or those due by a day.

        With a gist, the facts about them hold no more events than bear on the verdict of that day.
        """
        where: list[ColumnElement[bool]] = []
        if verdicts:
            where.append(people.c.verdict.in_(verdicts))
        if due_on is not None:
            where.append(people.c.stands_until.is_(None) | (people.c.stands_until <= due_on))
        company, contact, ways = people.c.organisation_id, people.c.contact_id, Ways(gist)
        yield from self._stream((contact,), [company.is_(None), *where], ways)
        yield from self._stream((company, contact), [company.is_not(None), *where], ways)

    def save(self, judged: Iterable[tuple[Known, Verdict, date]]) -> None:
        """Keep what was concluded otherwise than before, and until when it stands.

        Whoever something new was learnt of since their facts were read is judged again instead.
        """
        found = [(known, _columns(verdict, until)) for known, verdict, until in judged]
        values = [
            {"key": known.contact_id, "seen": known.touched, **dict(zip(CONCLUDED, columns, strict=True))}
            for known, columns in found
            if columns != known.concluded
        ]
        if values:
            with self._db.write() as connection:
                connection.execute(SAVE, values)

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
        query = select(*columns).where(among(people.c.contact_id, contact_ids), people.c.verdict.is_not(None))
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

    def hold_in_bin(self, contact_id: str, *, held: bool = True) -> bool:
        """Put a hold on somebody in the recycle bin, or take it away: their record cannot; False for anybody else."""
        with self._journal.write(people, contact_id) as connection:
            which = (people.c.contact_id == contact_id) & people.c.archived
            return note(connection, which, {"hold": "hold" if held else None})

    def drop(self) -> None:
        """Drop all of it but people in the recycle bin; the next reading builds it anew."""
        with self._db.write() as connection:
            dropping.everything(connection)

    def asked_to_erase(self, contact_id: str, on: date | None) -> None:
        """Note that somebody in the recycle bin asks to be erased, or no longer: HubSpot takes no change of them."""
        with self._db.write() as connection:
            asked = {"erasure_requested_on": on and on.isoformat()}
            note(connection, people.c.contact_id == contact_id, asked, digest=None)

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

    def _stream(
        self, order: tuple[Column[str], ...], where: Sequence[ColumnElement[bool]], ways: Ways
    ) -> Iterator[Known]:
        """Yield people in an order, by portions, each read at once; the last place is the key to the next portion."""
        last: tuple[str | None, ...] = ("",) * len(order)
        while page := self._known(PEOPLE.where(tuple_(*order) > last, *where).order_by(*order).limit(CHUNK), ways):
            yield from page
            last = (page[-1].organisation_id, page[-1].contact_id)[-len(order) :]

    def _known(self, query: Select[Any], ways: Ways) -> list[Known]:
        with self._db.read() as connection:
            rows = connection.execute(query).all()
            companies = {row.organisation_id for row in rows if row.organisation_id}
            around = Around(connection, companies, [row.contact_id for row in rows], ways)
        return [
            Known(
                contact_id=row.contact_id,
                organisation_id=row.organisation_id,
                facts=around.facts(row),
                mirror=row.mirror,
                archived=row.archived,
                touched=row.touched,
                concluded=tuple(row[-len(CONCLUDED) :]),
            )
            for row in rows
        ]


def _columns(verdict: Verdict, until: date) -> tuple[Any, ...]:
    last, step = verdict.last_dialogue, verdict.next
    return (
        verdict.verdict,
        last.on if last else None,
        last.ref if last else None,
        step.step if step else None,
        step.on if step else None,
        until,
    )

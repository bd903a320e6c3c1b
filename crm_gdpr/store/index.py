"""The dialogue index: ids, kinds and instants of everyone, so that a verdict needs no call to HubSpot.

It holds no content, name or address, and can be dropped and rebuilt from HubSpot at any time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from crm_gdpr.policy import Verdict
from crm_gdpr.store.around import Around
from crm_gdpr.store.database import Database
from crm_gdpr.store.tables import events, links, organisations, people

Json = Mapping[str, Any]
CHUNK = 500


class Person(Protocol):
    """A contact's own facts, the organisation it stands for, and what HubSpot shows of our conclusions."""

    @property
    def contact_id(self) -> str: ...
    @property
    def organisation_id(self) -> str | None: ...
    @property
    def facts(self) -> Json: ...
    @property
    def mirror(self) -> Mapping[str, str]: ...


class IndexedEvent(Protocol):
    """One event and everyone it concerns."""

    @property
    def ref(self) -> str: ...
    @property
    def facts(self) -> Json | None: ...
    @property
    def open(self) -> bool: ...
    @property
    def contacts(self) -> tuple[str, ...]: ...
    @property
    def companies(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Known:
    """All that the index knows of one person: facts to judge, and what HubSpot shows of our conclusions."""

    contact_id: str
    facts: Json
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

    def put_people(self, rows: Iterable[Person], scan: int) -> int:
        """Keep people as they were read; returns how many were new or different."""
        values = [
            {
                "contact_id": p.contact_id,
                "organisation_id": p.organisation_id,
                "facts": dict(p.facts),
                "mirror": dict(p.mirror),
                "archived": False,
                "scan": scan,
            }
            for p in rows
        ]
        with self._db.write() as connection:
            return _put(connection, people, values, ("organisation_id", "facts", "archived"))

    def put_organisations(self, rows: Mapping[str, Json], scan: int) -> int:
        """Keep organisations as they were read; returns how many were new or different."""
        values = [{"company_id": id_, "facts": dict(facts), "scan": scan} for id_, facts in rows.items()]
        with self._db.write() as connection:
            return _put(connection, organisations, values, ("facts",))

    def put_events(self, rows: Sequence[IndexedEvent], scan: int) -> int:
        """Keep events and whom they concern; returns how many were new or different."""
        values = [{"ref": e.ref, "facts": e.facts, "open": e.open, "scan": scan} for e in rows]
        with self._db.write() as connection:
            changed = _put(connection, events, values, ("facts", "open"))
            return max(changed, _relink(connection, rows))

    def close_scan(self, scan: int) -> dict[str, int]:
        """Drop what a full scan no longer found, except people waiting in the recycle bin; return the counts."""
        with self._db.write() as connection:
            gone = {
                "people": connection.execute(delete(people).where(people.c.scan < scan, ~people.c.archived)).rowcount,
                "organisations": connection.execute(delete(organisations).where(organisations.c.scan < scan)).rowcount,
                "events": connection.execute(delete(events).where(events.c.scan < scan, ~_of_archived())).rowcount,
            }
            connection.execute(delete(links).where(links.c.ref.not_in(select(events.c.ref))))
        return gone

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
        with self._db.write() as connection:
            for contact_id, mirror in values.items():
                connection.execute(update(people).where(people.c.contact_id == contact_id).values(mirror=dict(mirror)))

    def standing(self, contact_id: str) -> Standing | None:
        return next(iter(self.standings([contact_id])), None)

    def standings(self, contact_ids: Sequence[str]) -> list[Standing]:
        columns = [people.c[name] for name in Standing.__dataclass_fields__]
        query = select(*columns).where(people.c.contact_id.in_(contact_ids), people.c.verdict.is_not(None))
        with self._db.read() as connection:
            return [Standing(**row._mapping) for row in connection.execute(query)]

    def by_verdict(self, verdict: str, limit: int = 100) -> list[Standing]:
        columns = [people.c[name] for name in Standing.__dataclass_fields__]
        query = select(*columns).where(people.c.verdict == verdict).order_by(people.c.last_dialogue_on).limit(limit)
        with self._db.read() as connection:
            return [Standing(**row._mapping) for row in connection.execute(query)]

    def counts(self) -> dict[str, int]:
        """Count people by verdict."""
        with self._db.read() as connection:
            rows = connection.execute(select(people.c.verdict, func.count()).group_by(people.c.verdict))
            return {verdict or "unjudged": count for verdict, count in rows}

    def silence(self, on: date) -> dict[int, int]:
        """Count live people by whole months since the last dialogue, for the picture on the overview."""
        months: dict[int, int] = defaultdict(int)
        query = select(people.c.last_dialogue_on).where(people.c.last_dialogue_on.is_not(None), ~people.c.archived)
        with self._db.read() as connection:
            for (day,) in connection.execute(query):
                months[max(0, (on - day).days * 12 // 365)] += 1
        return dict(months)

    def archived(self, contact_id: str, *, archived: bool) -> None:
        """Mark a person as waiting in the recycle bin, or back from it."""
        with self._db.write() as connection:
            connection.execute(update(people).where(people.c.contact_id == contact_id).values(archived=archived))

    def forget(self, contact_id: str) -> None:
        """Drop a person who is gone, and the events that concern nobody else."""
        with self._db.write() as connection:
            connection.execute(delete(people).where(people.c.contact_id == contact_id))
            connection.execute(delete(links).where(links.c.kind == "contact", links.c.id == contact_id))
            connection.execute(delete(events).where(events.c.ref.not_in(select(links.c.ref))))

    def forget_events(self, refs: Sequence[str]) -> None:
        """Drop events that no longer exist in HubSpot."""
        with self._db.write() as connection:
            connection.execute(delete(events).where(events.c.ref.in_(refs)))
            connection.execute(delete(links).where(links.c.ref.in_(refs)))

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


def _of_archived() -> Any:
    """Events of people in the recycle bin stay: an archived contact no longer lists them."""
    archived = select(people.c.contact_id).where(people.c.archived)
    return events.c.ref.in_(select(links.c.ref).where(links.c.kind == "contact", links.c.id.in_(archived)))


def _put(connection: Connection, table: Table, values: list[dict[str, Any]], compared: tuple[str, ...]) -> int:
    """Insert or update rows; returns how many were new or differ in what is compared."""
    if not values:
        return 0
    (key,) = table.primary_key.columns
    wanted = select(key, *(table.c[name] for name in compared)).where(key.in_([row[key.name] for row in values]))
    there = {row[0]: tuple(row[1:]) for row in connection.execute(wanted)}
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    changed = {name: statement.excluded[name] for name in values[0] if name != key.name}
    connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=changed), values)
    return sum(there.get(row[key.name]) != tuple(row[name] for name in compared) for row in values)


def _relink(connection: Connection, rows: Sequence[IndexedEvent]) -> int:
    """Replace whom the events concern; returns how many concern others than before."""
    if not rows:
        return 0
    there: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for ref, kind, id_ in connection.execute(select(links).where(links.c.ref.in_([e.ref for e in rows]))):
        there[ref].add((kind, id_))
    now = {e.ref: {*(("contact", i) for i in e.contacts), *(("company", i) for i in e.companies)} for e in rows}
    moved = [ref for ref, found in now.items() if found != there[ref]]
    connection.execute(delete(links).where(links.c.ref.in_(moved)))
    linked = [{"ref": ref, "kind": kind, "id": id_} for ref in moved for kind, id_ in now[ref]]
    if linked:
        connection.execute(insert(links), linked)
    return len(moved)


def _columns(verdict: Verdict) -> dict[str, Any]:
    last, step = verdict.last_dialogue, verdict.next
    return {
        "verdict": verdict.verdict,
        "last_dialogue_on": last.on if last else None,
        "last_dialogue_ref": last.ref if last else None,
        "next_step": step.step if step else None,
        "next_on": step.on if step else None,
    }

"""Put into the index what was read from HubSpot; whoever it concerns is to be judged anew.

A record is kept with a digest of what HubSpot said: as long as HubSpot says the same, it need not be read closely.
All of this happens inside the caller's transaction, so that a page is kept together with the cursor behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from sqlalchemy import JSON, Connection, Table, bindparam, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from crm_gdpr.policy import Contact, Event, Organisation
from crm_gdpr.store.shapes import plain
from crm_gdpr.store.tables import events, links, organisations, people
from crm_gdpr.store.touched import Link, Touched, belonging, judge_around, links_of, who_belongs
from crm_gdpr.store.ways import way_of

TABLES: Mapping[str, Table] = {"contacts": people, "companies": organisations}  # all other kinds are events
BINDING = ("open", "won", "until", "held")  # of a deal or ticket


class Person(Protocol):
    """A contact's own facts, the organisation it stands for, and what HubSpot shows of our conclusions."""

    @property
    def facts(self) -> Contact: ...
    @property
    def organisation_id(self) -> str | None: ...
    @property
    def mirror(self) -> Mapping[str, str]: ...
    @property
    def digest(self) -> int | None: ...
    @property
    def customer(self) -> bool: ...
    @property
    def others(self) -> tuple[str, ...]: ...


class Company(Protocol):
    """An organisation's own facts."""

    @property
    def facts(self) -> Organisation: ...
    @property
    def digest(self) -> int | None: ...
    @property
    def held(self) -> bool | None: ...


class Found(Protocol):
    """One event and everyone it concerns."""

    @property
    def event(self) -> Event: ...
    @property
    def open(self) -> bool: ...
    @property
    def contacts(self) -> tuple[str, ...]: ...
    @property
    def companies(self) -> tuple[str, ...]: ...
    @property
    def digest(self) -> int | None: ...
    @property
    def won(self) -> bool: ...
    @property
    def until(self) -> date | None: ...
    @property
    def held(self) -> bool | None: ...


class Rows(Protocol):
    """What some records of one kind say."""

    @property
    def people(self) -> Sequence[Person]: ...
    @property
    def companies(self) -> Sequence[Company]: ...
    @property
    def events(self) -> Sequence[Found]: ...


def same(connection: Connection, kind: str, digests: Mapping[str, int | None]) -> set[str]:
    """Return the ids of those that HubSpot says the same of as when they were last kept."""
    table = TABLES.get(kind, events)
    (key,) = table.primary_key.columns
    said = func.json_each(bindparam(None, dict(digests), JSON)).table_valued("key", "value")
    is_it = key == (said.c.key if kind in TABLES else f"{kind}/" + said.c.key)
    query = select(said.c.key).join(table, is_it & (table.c.digest == said.c.value))
    return {id_ for (id_,) in connection.execute(query).all()}


def keep(connection: Connection, kind: str, rows: Rows, scan: int) -> Counter[str]:
    """Keep records of a kind; returns what was new or different."""
    touched, found = Touched(), Counter[str]()
    if not (rows.people or rows.companies or rows.events):
        return found
    found[kind] += _put_people(connection, rows.people, scan, touched)
    found[kind] += _put_companies(connection, rows.companies, scan, touched)
    found["forms" if kind == "contacts" else kind] += _put_events(connection, rows.events, scan, touched)
    judge_around(connection, touched)
    return +found


def _put_people(connection: Connection, rows: Sequence[Person], scan: int, touched: Touched) -> int:
    values = {
        p.facts.id: {
            "contact_id": p.facts.id,
            "organisation_id": p.organisation_id,
            "facts": plain(p.facts),
            "mirror": dict(p.mirror),
            "archived": False,
            "scan": scan,
            "digest": p.digest,
            "customer": p.customer,
        }
        for p in rows
    }
    changed = _changed(connection, people, values, ("facts", "organisation_id", "archived", "mirror", "customer"))
    for id_, before in changed.items():
        companies = {values[id_]["organisation_id"], before[1] if before else None} - {None}
        touched.add([("contact", id_), *(("company", each) for each in companies)])
    _upsert(connection, people, values)
    belong = {belonging(p.facts.id): {("company", each) for each in p.others} for p in rows}
    there = links_of(connection, list(belong))
    moved = {ref: found for ref, found in belong.items() if found != there[ref]}
    _relink(connection, moved)
    touched.contacts.update(map(who_belongs, moved))
    return len(changed.keys() | set(map(who_belongs, moved)))


def _put_companies(connection: Connection, rows: Sequence[Company], scan: int, touched: Touched) -> int:
    values = {
        c.facts.id: {
            "company_id": c.facts.id,
            "facts": plain(c.facts),
            "held": c.held,
            "scan": scan,
            "digest": c.digest,
        }
        for c in rows
    }
    changed = _changed(connection, organisations, values, ("facts", "held"))
    touched.companies.update(changed)
    _upsert(connection, organisations, values)
    return len(changed)


def _put_events(connection: Connection, rows: Sequence[Found], scan: int, touched: Touched) -> int:
    values = {each.event.ref: _event_row(each, scan) for each in rows}
    changed = set(_changed(connection, events, values, ("on", "way", *BINDING)))
    _upsert(connection, events, values)
    there = links_of(connection, list(values))
    frozen = _in_bin(connection, {link for found in there.values() for link in found})
    now = {
        e.event.ref: {
            *(("contact", id_) for id_ in e.contacts),
            *(("company", id_) for id_ in e.companies),
            *(there[e.event.ref] & frozen),
        }
        for e in rows
    }
    moved = {ref for ref, found in now.items() if found != there[ref]}
    for ref in changed | moved:
        touched.add(there[ref] | now[ref])
    _relink(connection, {ref: now[ref] for ref in moved})
    return len(changed | moved)


def _in_bin(connection: Connection, found: Iterable[Link]) -> set[Link]:
    """Return the people in the recycle bin: HubSpot no longer says what concerned them, and they are judged by it."""
    ids = [id_ for kind, id_ in found if kind == "contact"]
    query = select(people.c.contact_id).where(people.c.contact_id.in_(ids), people.c.archived)
    return {("contact", id_) for id_ in connection.execute(query).scalars()}


def _event_row(found: Found, scan: int) -> dict[str, Any]:
    event = found.event
    binding = {name: getattr(found, name) for name in BINDING}
    return {"ref": event.ref, "on": event.on, "way": way_of(event), **binding, "scan": scan, "digest": found.digest}


def _changed(
    connection: Connection, table: Table, values: Mapping[str, Mapping[str, Any]], compared: tuple[str, ...]
) -> dict[str, tuple[Any, ...] | None]:
    """Return what was there before of those that are new or differ."""
    if not values:
        return {}
    (key,) = table.primary_key.columns
    wanted = select(key, *(table.c[name] for name in compared)).where(key.in_(values))
    there = {row[0]: tuple(row[1:]) for row in connection.execute(wanted)}
    now = {id_: tuple(row[name] for name in compared) for id_, row in values.items()}
    return {id_: there.get(id_) for id_ in values if there.get(id_) != now[id_]}


def _upsert(connection: Connection, table: Table, values: Mapping[str, Mapping[str, Any]]) -> None:
    if not values:
        return
    (key,) = table.primary_key.columns
    rows = [dict(row) for row in values.values()]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    replaced = {name: statement.excluded[name] for name in rows[0] if name != key.name}
    connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=replaced), rows)


def _relink(connection: Connection, now: Mapping[str, Iterable[Link]]) -> None:
    connection.execute(delete(links).where(links.c.ref.in_(now)))
    rows = [{"ref": ref, "kind": kind, "id": id_} for ref, found in now.items() for kind, id_ in found]
    if rows:
        connection.execute(insert(links), rows)

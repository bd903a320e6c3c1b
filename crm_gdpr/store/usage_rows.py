"""Rows of one table in the company's own databases: read a person's, let go of those past their period.

Everything is put together from the table as the database describes it; nothing here is written as SQL text.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    DateTime,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    cast,
    create_engine,
    delete,
    func,
    make_url,
    or_,
    select,
    update,
)
from sqlalchemy.exc import NoSuchTableError, SQLAlchemyError

from crm_gdpr.policy.usage import Clearing, UsageTable

Identity = Mapping[str, Sequence[str]]  # HubSpot property -> the values that are this person's
IN_ONE_STATEMENT = 500


class TableError(Exception):
    """A table that cannot be used as policy.toml says: names the table, the cause and the next step."""


class Rows:
    """One table.  Every statement is a transaction of its own; a second run finds nothing left to do."""

    def __init__(self, spec: UsageTable, timezone: str) -> None:
        self.spec = spec
        self._zone = ZoneInfo(timezone)

    def of(self, person: Identity) -> Iterator[dict[str, Any]]:
        """Yield a person's rows: when, and every personal column."""
        columns = [self._column(self.spec.time), *map(self._column, self.spec.columns)]
        query = select(*columns).where(self._is(person)).order_by(self._column(self.spec.time))
        with self._engine.connect() as connection:
            yield from (dict(row._mapping) for row in connection.execute(query))

    def count(self, person: Identity) -> int:
        """Count a person's rows."""
        return self._count(self._is(person))

    def due(self, clearing: Clearing) -> int:
        """Count the rows a clearing would touch."""
        return self._count(self._past(clearing))

    def undated(self) -> int:
        """Count the rows without a time: they are never due, a person looks at them."""
        return self._count(self._column(self.spec.time).is_(None))

    def total(self) -> int:
        return self._count(self._key.is_not(None))

    def clear(self, clearing: Clearing, protected: Sequence[Identity], limit: int, after: Any) -> tuple[int, Any]:
        """Let go of the next rows past their period, in order of the key; returns how many went, and where to go on.

        Rows of protected people are passed over.  None as the place to go on says that nothing is left.
        """
        keep = _values(protected)
        query = select(self._key, *self._persons).where(self._past(clearing)).order_by(self._key).limit(limit)
        if after is not None:
            query = query.where(self._key > after)
        with self._engine.begin() as connection:
            rows = connection.execute(query).all()
            going = [row[0] for row in rows if not _is_among(row[1:], self.spec.person, keep)]
            for at in range(0, len(going), IN_ONE_STATEMENT):
                those = self._key.in_(going[at : at + IN_ONE_STATEMENT])
                connection.execute(self._let_go(clearing.action, clearing.columns).where(those, self._past(clearing)))
        return len(going), rows[-1][0] if len(rows) == limit else None

    def clear_person(self, person: Identity, limit: int) -> int:
        """Let go of the next rows about a person, or of what in them is theirs and says whose they are."""
        columns = (*self.spec.columns, *self.spec.person.values())
        next_ones = select(self._key).where(self._is(person)).order_by(self._key).limit(limit)
        gone = 0
        with self._engine.begin() as connection:
            going = list(connection.execute(next_ones).scalars())
            for at in range(0, len(going), IN_ONE_STATEMENT):
                those = self._key.in_(going[at : at + IN_ONE_STATEMENT])
                done = connection.execute(self._let_go(self.spec.past, columns).where(those, self._is(person)))
                gone += done.rowcount
        return gone

    def is_in(self, url: str) -> bool:
        """Tell whether the table stands in the database of another URL."""
        mine, other = self._engine.url, make_url(url)
        if mine.database and mine.get_backend_name() == other.get_backend_name() == "sqlite" and other.database:
            return Path(mine.database).resolve() == Path(other.database).resolve()
        return (mine.host, mine.port, mine.database) == (other.host, other.port, other.database)

    def check(self) -> None:
        """Refuse a table that is not as policy.toml describes it."""
        columns = (self.spec.key, self.spec.time, *self.spec.columns, *self.spec.person.values())
        for name in columns:
            self._column(name)
        if not self._tells_apart(self.spec.key):
            raise self._error(
                f"column {self.spec.key} may be the same in several rows; name in `key` the primary key, or a column "
                "that is unique and never empty"
            )
        if not isinstance(self._column(self.spec.time).type, Date | DateTime):
            raise self._error(f"column {self.spec.time} is no date or time; name one in `time`")
        emptied = self.spec.columns if self.spec.past == "delete" else columns[2:]
        fixed = [name for name in emptied if not self._column(name).nullable]
        if fixed:
            raise self._error(f"{', '.join(fixed)} may not be empty in the database; allow NULL there")

    @cached_property
    def _engine(self) -> Any:
        url = self.spec.database
        if url.startswith("env:"):
            name = url.removeprefix("env:")
            url = os.environ.get(name, "")
            if not url:
                raise self._error(f"the setting {name} is not there; set it to the database's SQLAlchemy URL")
        return create_engine(url, hide_parameters=True)

    @cached_property
    def _table(self) -> Table:
        try:
            return Table(self.spec.table, MetaData(), autoload_with=self._engine)
        except NoSuchTableError:
            raise self._error("the database has no such table; correct `table`") from None
        except SQLAlchemyError as cause:
            raise self._error(f"the database does not answer ({type(cause).__name__}); is it up?") from None

    def _column(self, name: str) -> Column[Any]:
        if name not in self._table.c:
            raise self._error(f"there is no column {name}; there are {', '.join(self._table.c.keys())}")
        return self._table.c[name]

    def _tells_apart(self, name: str) -> bool:
        """Tell whether a column is different in every row: by another, rows would go that are not due."""
        if [column.name for column in self._table.primary_key] == [name]:
            return True
        single = [
            *(c.columns for c in self._table.constraints if isinstance(c, UniqueConstraint)),
            *(index.columns for index in self._table.indexes if index.unique),
        ]
        return not self._column(name).nullable and any([c.name for c in columns] == [name] for columns in single)

    @property
    def _key(self) -> Column[Any]:
        return self._column(self.spec.key)

    @property
    def _persons(self) -> list[Column[Any]]:
        return [self._column(name) for name in self.spec.person.values()]

    def _count(self, where: ColumnElement[bool]) -> int:
        with self._engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(self._table).where(where)).scalar_one())

    def _past(self, clearing: Clearing) -> ColumnElement[bool]:
        past = self._column(self.spec.time) < self._end_of(clearing.last_day)
        if clearing.action == "delete":
            return past
        return past & or_(*(self._column(name).is_not(None) for name in clearing.columns))

    def _end_of(self, day: date) -> date | datetime:
        """Return the first moment after a day, as the time column spells moments."""
        kind, tomorrow = self._column(self.spec.time).type, day + timedelta(days=1)
        if not isinstance(kind, DateTime):
            return tomorrow
        moment = datetime.combine(tomorrow, time(), self._zone).astimezone(UTC)
        return moment if kind.timezone else moment.replace(tzinfo=None)

    def _is(self, person: Identity) -> ColumnElement[bool]:
        found = [
            func.lower(cast(self._column(column), String)).in_([value.lower() for value in person.get(name, ())])
            for name, column in self.spec.person.items()
        ]
        return or_(*found)

    def _let_go(self, action: str, columns: Sequence[str]) -> Any:
        if action == "delete":
            return delete(self._table)
        return update(self._table).values(dict.fromkeys(columns))

    def _error(self, why: str) -> TableError:
        return TableError(f"usage table {self.spec.name!r} ({self.spec.table}): {why}")


def _values(people: Sequence[Identity]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for person in people:
        for name, values in person.items():
            found.setdefault(name, set()).update(value.lower() for value in values)
    return found


def _is_among(row: Sequence[Any], columns: Mapping[str, str], keep: Mapping[str, set[str]]) -> bool:
    return any(str(value).lower() in keep.get(name, ()) for value, name in zip(row, columns, strict=True))

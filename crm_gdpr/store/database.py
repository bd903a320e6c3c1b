"""The connection to what must last: SQLite by default, PostgreSQL by its address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import JSON, ColumnElement, Connection, Engine, bindparam, create_engine, event, func, select

from crm_gdpr import quick_json

MIGRATIONS = Path(__file__).with_name("migrations")


class Database:
    """Reads that do not wait for writers, and writes one at a time.

    The threads of a process queue up here: of many that ask SQLite again and again, one may never be let in.
    """

    def __init__(self, url: str) -> None:
        self._writing = RLock()
        self.engine = create_engine(
            url, json_serializer=_text, json_deserializer=quick_json.loads, hide_parameters=True
        )
        if self.engine.dialect.name == "sqlite":
            _tame_sqlite(self.engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.engine.connect().execution_options(reading=True) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._writing, self.engine.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the schema to the newest version; a second call changes nothing."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        self.engine.dispose()


def among(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Tell whether a column holds one of many values: one parameter, so that the statement is compiled once."""
    given = func.json_each(bindparam(None, list(values), JSON)).table_valued("value")
    return column.in_(select(given.c.value))


def _text(value: Any) -> str:
    return quick_json.dumps(value).decode()


def _tame_sqlite(engine: Engine) -> None:
    """WAL, full durability, and BEGIN IMMEDIATE so that two writers queue up instead of failing half-way."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

"""The schema is what the tables say, however it came about."""

from __future__ import annotations

from datetime import date

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import select, text

from crm_gdpr.policy import Event
from crm_gdpr.store.database import MIGRATIONS, Database
from crm_gdpr.store.tables import events, links, metadata
from crm_gdpr.store.ways import way_of


def schema(store):
    with store.database.read() as connection:
        return connection.execute(text("SELECT type, name, sql FROM sqlite_master ORDER BY name")).all()


def test_the_migrated_schema_is_what_the_tables_say(store):
    with store.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_numbers_are_never_given_twice_in_the_migrated_schema_either(store):
    wanted = {table.name for table in metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"]}
    found = {name for _, name, sql in schema(store) if sql and "AUTOINCREMENT" in sql}
    assert found == wanted
    assert "inbox" in found


def test_migrating_again_changes_nothing(store):
    before = schema(store)
    store.database.migrate()
    assert schema(store) == before


def test_the_ledger_is_guarded_by_triggers(store):
    triggers = {name for kind, name, _ in schema(store) if kind == "trigger"}
    assert triggers == {"ledger_no_update", "ledger_no_delete"}


def test_what_was_kept_survives_a_migration(store):
    store.notes.put("kept", [1])
    store.database.migrate()
    assert store.notes.get("kept") == [1]


def test_events_and_whom_they_concern_are_taken_over(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with database.engine.connect() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, "0014")
        mail = """('emails/1', 'email', '2025-02-03', 'in', '{"status": "SENT"}', 0, 7, 5, 0, 0)"""
        note = "('notes/2', 'note', NULL, NULL, NULL, 0, 7, 6, 0, 0)"
        names = 'ref, kind, "on", direction, more, open, scan, digest, won, held'
        connection.execute(text(f"INSERT INTO events ({names}) VALUES {mail}, {note}"))  # noqa: S608 - ours
        connection.execute(text("INSERT INTO links VALUES ('emails/1', 'contact', '4')"))
        command.upgrade(config, "head")
        found = connection.execute(select(events.c.ref, events.c.on, events.c.way, events.c.digest)).all()
        concerned = connection.execute(select(links)).all()
    database.close()
    mail = Event(ref="emails/1", kind="email", direction="in", status="SENT")
    assert found == [
        ("emails/1", date(2025, 2, 3), way_of(mail), 5),
        ("notes/2", None, way_of(Event(ref="notes/2", kind="note")), 6),
    ]
    assert concerned == [("emails/1", "contact", "4")]

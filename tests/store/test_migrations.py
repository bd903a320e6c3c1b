"""The schema is what the tables say, however it came about."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from crm_gdpr.store.tables import metadata


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

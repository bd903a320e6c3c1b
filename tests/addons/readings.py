"""The index as values that can be compared, and a store of its own to build it anew in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from crm_gdpr.addons.dialogue.reconcile import reconcile
from crm_gdpr.env import Env
from crm_gdpr.store import Store
from crm_gdpr.store.tables import events, links, organisations, people

MINE = (
    (people, ("contact_id", "organisation_id", "facts", "mirror")),
    (organisations, ("company_id", "facts")),
    (events, ("ref", "on", "way", "open")),
    (links, ("ref", "kind", "id")),
)


def index_of(store: Store) -> dict[str, list[Any]]:
    """Return all that the index knows of HubSpot, in a fixed order."""
    with store.database.read() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(*(table.c[name] for name in names))).all()))
            for table, names in MINE
        }


@contextmanager
def another(env: Env, tmp_path: Path, name: str = "anew") -> Iterator[Env]:
    """The same system over an empty store."""
    file = tmp_path / f"{name}.db"
    file.unlink(missing_ok=True)
    store = Store(f"sqlite:///{file}")
    store.database.migrate()
    yield replace(env, store=store)
    store.database.close()


def rebuilt(env: Env, tmp_path: Path) -> dict[str, list[Any]]:
    """Return the index as it would be built from HubSpot now."""
    with another(env, tmp_path) as fresh:
        reconcile(fresh, full=True)
        return index_of(fresh.store)

"""What the access answer says about usage, and letting go of it when a person is erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.usage.applying import clear_person
from crm_gdpr.addons.usage.people import identities

if TYPE_CHECKING:
    from crm_gdpr.env import Env


def read(env: Env, contact_id: str) -> Iterator[Mapping[str, Any]]:
    """Yield every row about the person in the company's own databases."""
    here = env.usage_tables()
    names = {name for rows in here.values() for name in rows.spec.person}
    person = identities(env, [contact_id], names).get(contact_id) if here else None
    if person is None:
        return
    for name, rows in here.items():
        for row in rows.of(person):
            yield {"table": name, **{column: value for column, value in row.items() if value is not None}}


def erase(env: Env, contact_id: str) -> None:
    """Let go of every row about the person, while HubSpot still knows their addresses."""
    here = env.usage_tables()
    if here:
        rows = sum(clear_person(env, here, contact_id, lambda: env.policy.usage.batch_rows))
        env.record("usage.let_go", actor="erasure", contact_id=contact_id, rows=rows)

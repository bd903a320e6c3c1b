"""Whom somebody's words may mean: a contact id, an address, or a name.  All who match are returned; none is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm_gdpr.env import Env

MOST = 20


def people(env: Env, wanted: str) -> tuple[str, ...]:
    """Return the ids of the contacts that match, live ones before archived ones."""
    wanted = wanted.strip()
    hubspot = env.hubspot.interactive()
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 20:
        found = hubspot.read("contacts", wanted, ())
        return () if found is None else (found.id,)
    if "@" in wanted:
        archived = hubspot.by_address([wanted.lower()], ("email",), archived=True)
        return tuple(dict.fromkeys([*_search(env, _address(wanted.lower())), *(each.id for each in archived)]))[:MOST]
    return tuple(dict.fromkeys(_search(env, _name(wanted))))[:MOST]


def _address(wanted: str) -> list[list[dict[str, Any]]]:
    """The first address, or a further one."""
    return [
        [{"propertyName": "email", "operator": "EQ", "value": wanted}],
        [{"propertyName": "hs_additional_emails", "operator": "CONTAINS_TOKEN", "value": wanted}],
    ]


def _name(wanted: str) -> list[list[dict[str, Any]]]:
    first, _, last = wanted.partition(" ")
    if not first or not last.strip():
        return []
    names = {"firstname": first, "lastname": last.strip()}
    return [[{"propertyName": name, "operator": "EQ", "value": value} for name, value in names.items()]]


def _search(env: Env, groups: list[list[dict[str, Any]]]) -> Iterator[str]:
    for filters in groups:
        for page in env.hubspot.interactive().search("contacts", filters, ("email",), limit=MOST):
            yield from (record.id for record in page)
            break

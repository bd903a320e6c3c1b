"""What webhooks missed: at night what changed, once a week everyone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crm_gdpr.addons.provenance.handlers import TO_TAG, tag_ids, tag_waiting
from crm_gdpr.addons.provenance.surroundings import KINDS, Surroundings
from crm_gdpr.addons.provenance.tagging import READ, UNKNOWN_LIST, tag

if TYPE_CHECKING:
    from crm_gdpr.env import Env

OVERLAP = timedelta(minutes=10)  # the search index lags behind a write
MARK = "provenance.read_until"


def tag_missed(env: Env) -> None:
    """Tag whoever has no source or an unknown one, and whoever changed, or whose company or deal did."""
    started, since = env.clock.now(), env.store.notes.get(MARK)
    untagged = [{"propertyName": "gdpr_source", "operator": "NOT_HAS_PROPERTY"}]
    for page in env.hubspot.search("contacts", untagged, ()):
        env.store.lists.add(TO_TAG, [record.id for record in page], at=started)
    env.store.lists.add(TO_TAG, [item.id for item in env.store.lists.waiting(UNKNOWN_LIST, 1_000_000)], at=started)
    if since is not None:
        _list_changed(env, datetime.fromisoformat(since) - OVERLAP)
    tag_waiting(env)
    env.store.notes.put(MARK, started.isoformat())


def tag_everyone(env: Env) -> None:
    """Tag every contact: the backlog at install, and once a week what neither webhook nor search shows."""
    started, surroundings, seen = env.clock.now(), Surroundings(env), set()
    for page in env.hubspot.pages("contacts", READ, associations=KINDS):
        tag(env, page, surroundings)
        seen |= {record.id for record in page}
    listed = env.store.lists.waiting(UNKNOWN_LIST, 1_000_000)
    tag_ids(env, [item.id for item in listed if item.id not in seen])
    env.store.notes.put(MARK, started.isoformat())


def _list_changed(env: Env, since: datetime) -> None:
    for page in env.hubspot.changed("contacts", since, ()):
        env.store.lists.add(TO_TAG, [record.id for record in page], at=env.clock.now())
    for kind in KINDS:
        for page in env.hubspot.changed(kind, since, ()):
            people = env.hubspot.associated(kind, "contacts", [record.id for record in page])
            env.store.lists.add(TO_TAG, {id_ for ids in people.values() for id_ in ids}, at=env.clock.now())

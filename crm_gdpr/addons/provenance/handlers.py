"""A contact came into being: tag it from the record itself, whatever the event said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_gdpr.addons.provenance.tagging import EVIDENCE, TAGS, tag

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event


def created(env: Env, event: Event) -> None:
    """Tag the new contact; one that is gone again is recorded and left."""
    record = env.hubspot.read("contacts", event.object_id, (*EVIDENCE, *TAGS))
    if record is None:
        env.record("contact.gone", actor="provenance", contact_id=event.object_id, event=event.type)
        return
    tag(env, [record])


def tag_everyone(env: Env) -> None:
    """Tag every contact that has no source yet: the backlog at install."""
    for page in env.hubspot.pages("contacts", (*EVIDENCE, *TAGS)):
        tag(env, page)


def tag_missed(env: Env) -> None:
    """Tag those whose webhook never came."""
    untagged = [{"propertyName": "gdpr_source", "operator": "NOT_HAS_PROPERTY"}]
    for page in env.hubspot.search("contacts", untagged, (*EVIDENCE, *TAGS)):
        tag(env, page)

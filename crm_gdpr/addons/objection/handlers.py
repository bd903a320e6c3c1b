"""What HubSpot says that may be a no, or bring somebody back who said one: read the record, and meet it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_gdpr.addons.objection.person import PROPERTIES
from crm_gdpr.addons.objection.returning import meet

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event


def heard(env: Env, event: Event) -> None:
    """Meet the contact as it is now; the event only says that it is worth a look, and who moved it."""
    if event.type == "contact.creation" and env.store.suppression.count() == 0:
        return  # nobody has said no yet
    record = env.hubspot.read("contacts", event.object_id, PROPERTIES)
    if record is None:
        env.record("contact.gone", actor="objection", contact_id=event.object_id, event=event.type)
        return
    meet(env, [record], by=_speaker(event), when=str(event.occurred_ms))


def _speaker(event: Event) -> str:
    """Name who moved the record, as HubSpot does: a user's id, an import's, or the kind of source."""
    return f"HubSpot: {event.source_id or event.change_source or 'somebody'}"[:120]

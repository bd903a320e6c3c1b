"""A no is a no: whoever leaves all mailings has objected (Art. 21(2)-(3))."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event

NAMES = ("gdpr_objected_on", "gdpr_objected_how")


def unsubscribed(env: Env, event: Event) -> None:
    """Record the objection of someone who unsubscribed from everything."""
    record = env.hubspot.read("contacts", event.object_id, ("hs_email_optout", *NAMES))
    if record is None:
        env.record("contact.gone", actor="objection", contact_id=event.object_id, event=event.type)
        return
    if record.properties.get("hs_email_optout") == "true" and not record.properties.get("gdpr_objected_on"):
        object_to(env, event.object_id, how="unsubscribed from all e-mail", by="the person")


def object_to(env: Env, contact_id: str, *, how: str, by: str) -> None:
    """Write the objection on the contact and in the ledger; the first day stands."""
    record = env.hubspot.read("contacts", contact_id, NAMES)
    if record is None or record.properties.get("gdpr_objected_on"):
        return
    env.hubspot.update("contacts", contact_id, dict(zip(NAMES, (env.today().isoformat(), how), strict=True)))
    env.record("objection.recorded", actor=by, contact_id=contact_id, how=how)

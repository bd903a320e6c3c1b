"""What the access answer says about objections: what stands on the contact, and what we recorded and keep of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_gdpr.addons.objection.person import OURS
from crm_gdpr.addons.objection.wording import CHANNELS, SCOPES, STATES
from crm_gdpr.addons.register.export import standing_on_contact

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.store.objections import Objection


def read(env: Env, contact_id: str) -> list[Mapping[str, Any]]:
    """Return the properties, and one row for each objection."""
    recorded = [row(env, each) for each in env.store.objections.of([contact_id])]
    return [*standing_on_contact(env, contact_id, OURS), *recorded]


def row(env: Env, objection: Objection) -> dict[str, Any]:
    """Return what we recorded of one objection, in words."""
    return {
        "objection": SCOPES[objection.scope].sv + " / " + SCOPES[objection.scope].en,
        "mailing": objection.about,
        "objected_on": objection.objected_on.isoformat(),
        "channel": CHANNELS[objection.channel].sv + " / " + CHANNELS[objection.channel].en,
        "taken_by": objection.by,
        "state": STATES[objection.state].sv + " / " + STATES[objection.state].en,
        "ended_on": objection.ended_on.isoformat() if objection.ended_on else "",
        "reasons": objection.why or "",
        "coded_addresses_kept": env.store.suppression.count(objection.id),
    }

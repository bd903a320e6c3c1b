"""A mail to support became a ticket: marked GDPR, it opens a request and starts the clock (Art. 12(3))."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_gdpr.addons.access.steps import open_request
from crm_gdpr.policy import Right

if TYPE_CHECKING:
    from crm_gdpr.env import Env, Event
    from crm_gdpr.sync import Record

MARK = re.compile(r"\bGDPR\b", re.IGNORECASE)  # "Märk förfrågan GDPR"
PROPERTIES = ("subject", "createdate")


def ticket_opened(env: Env, event: Event) -> None:
    """Open a request for a ticket marked GDPR; any other ticket is left alone."""
    ticket = env.hubspot.read("tickets", event.object_id, PROPERTIES, associations=("contacts",))
    if ticket is None:
        env.record("ticket.gone", actor="access", ticket=event.object_id, event=event.type)
        return
    if not MARK.search(ticket.properties.get("subject") or ""):
        return
    people = ticket.associations.get("contacts", ())
    open_request(
        env,
        right=Right.ACCESS,
        received_on=received_on(env, ticket),
        contact_id=people[0] if len(people) == 1 else None,  # none or several: support chooses
        ticket_id=ticket.id,
        by="access",
    )


def received_on(env: Env, ticket: Record) -> date:
    """Return the day the mail came in, in the controller's time zone; an undated ticket counts from today."""
    created = ticket.properties.get("createdate")
    if not created:
        return env.today()
    return datetime.fromisoformat(created).astimezone(ZoneInfo(env.policy.controller.timezone)).date()

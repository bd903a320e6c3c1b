"""What is laid as a note in HubSpot for support to send; the product itself sends no mail."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from crm_gdpr.env import Env

LINK = (
    "<p>Registerutdraget är klart. Skicka länken till en adress som fanns registrerad innan begäran kom in; "
    "den fungerar en gång, till och med {day}.</p>"
    "<p>The access answer is ready. Send the link to an address that was on file before the request came in; "
    "it works once, until {day}.</p>"
    '<p><a href="{link}">{link}</a></p>'
)


def link_note(env: Env, link: str, expires_at: datetime) -> dict[str, str | None]:
    """Return the note that carries the one-time link."""
    day = expires_at.astimezone(ZoneInfo(env.policy.controller.timezone)).date().isoformat()
    written_at = env.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"hs_timestamp": written_at, "hs_note_body": LINK.format(link=escape(link), day=day)}

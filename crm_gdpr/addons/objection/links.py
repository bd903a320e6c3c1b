"""The token behind a public link: which contact, until when, signed.  Nothing of it is kept.

It names a HubSpot id and nothing else of the person.  One that was guessed, changed or has expired is no token.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_gdpr.env import Env

LIVES = timedelta(days=2 * 366)  # longer than anybody is kept without a dialogue
RENEWED = timedelta(days=366)  # a link that lives no longer than this is written anew
TOKEN = re.compile(r"(\d{1,20})-(\d{8})-([A-Za-z0-9_-]{43})")


def link_for(env: Env, contact_id: str) -> str:
    """Return the address by which a person says no: for the notice and other letters."""
    return f"{_front(env)}/{token_for(env, contact_id)}"


def is_good(env: Env, link: str, contact_id: str) -> bool:
    """Tell whether a link that was written down leads here, is this contact's own, and lives long enough yet."""
    front, _, token = link.rpartition("/")
    is_theirs = front == _front(env) and contact_behind(env, token) == contact_id
    return is_theirs and date.fromisoformat(token.split("-")[1]) > env.today() + RENEWED


def token_for(env: Env, contact_id: str) -> str:
    until = f"{env.today() + LIVES:%Y%m%d}"
    return f"{contact_id}-{until}-{_signature(env, contact_id, until)}"


def contact_behind(env: Env, token: str) -> str | None:
    """Return whose link it is, or None for anything that is not a link of ours that is still good."""
    found = TOKEN.fullmatch(token)
    if found is None:
        return None
    contact_id, until, signature = found.groups()
    if not hmac.compare_digest(signature, _signature(env, contact_id, until)):
        return None
    return contact_id if env.today() <= date.fromisoformat(until) else None


def _front(env: Env) -> str:
    return f"{env.settings.public_url}/o"


def _signature(env: Env, contact_id: str, until: str) -> str:
    what = f"objection-link/1:{env.settings.portal_id}:{contact_id}:{until}"
    made = hmac.new(env.settings.secret_key.encode(), what.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(made).decode().rstrip("=")

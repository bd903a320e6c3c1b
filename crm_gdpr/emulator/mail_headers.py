"""Sender and receiver of a logged e-mail, which HubSpot reads from its headers."""

import json
from collections.abc import Mapping
from typing import Any


def mail_ends(headers: str) -> dict[str, str]:
    """The read-only properties of ``{"from": {"email", "firstName", "lastName"}, "to": [{...}]}``."""
    try:
        found = json.loads(headers or "{}")
    except ValueError:
        return {}
    told = found if isinstance(found, dict) else {}
    receivers = told.get("to") if isinstance(told.get("to"), list) else []
    return {**_end("from", told.get("from")), **_end("to", next(iter(receivers or []), None))}


def headers(sender: str, receiver: str) -> str:
    """The headers of a mail from one address to another."""
    return json.dumps({"from": {"email": sender}, "to": [{"email": receiver}]})


def _end(which: str, person: object) -> dict[str, str]:
    read: Mapping[str, Any] = person if isinstance(person, dict) else {}
    names = {"email": "email", "firstName": "firstname", "lastName": "lastname"}
    return {f"hs_email_{which}_{ours}": str(read[theirs]) for theirs, ours in names.items() if read.get(theirs)}

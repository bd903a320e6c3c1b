"""Holds: a person's record is kept, whatever the dates, until somebody releases it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_gdpr.env import Env

NAMES = ("gdpr_hold_reason", "gdpr_hold_by", "gdpr_hold_until")


class NotHeld(Exception):
    """There is nobody to hold; the message says who was asked for."""


def hold(env: Env, contact_id: str, *, reason: str, until: str, by: str) -> None:
    """Put a hold on a contact; it is asked about again on its review day.

    HubSpot takes none for somebody in its recycle bin: they are held here, and the night asks to restore them.
    """
    if env.hubspot.read("contacts", contact_id, ()) is not None:
        env.hubspot.update("contacts", contact_id, dict(zip(NAMES, (reason, by, until), strict=True)))
    else:
        _note_in_bin(env, contact_id, held=True)
    env.record("hold.placed", actor=by, contact_id=contact_id, until=until)


def release(env: Env, contact_id: str, *, by: str) -> None:
    """Take the hold away, also from somebody whom the bin has or had: nothing else would ever end it."""
    if env.hubspot.read("contacts", contact_id, ()) is not None:
        env.hubspot.update("contacts", contact_id, dict.fromkeys(NAMES, ""))
    else:
        _note_in_bin(env, contact_id, held=False)
    env.record("hold.released", actor=by, contact_id=contact_id)


def _note_in_bin(env: Env, contact_id: str, *, held: bool) -> None:
    if not env.store.index.hold_in_bin(contact_id, held=held):
        raise NotHeld(f"contact {contact_id} is neither in HubSpot nor in its recycle bin; look by another id")

"""Which of HubSpot's optional kinds of record the account lacks: looked at every night, for all requests.

A kind that has come since the last look is read from the next night on; the answer names the day of the look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm_gdpr.addons.access.kinds import PERHAPS

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import HubSpot

CHECKED = "access.kinds"
BELIEVED = timedelta(days=1)
ANYBODY = "1"  # the kind is asked about, not a person


@dataclass(frozen=True)
class Lacking:
    """The kinds an account did not have on a day; no day when nobody has looked."""

    names: tuple[str, ...] = ()
    on: date | None = None


def look_at_kinds(env: Env) -> None:
    """Look which optional kinds the account has."""
    look(env, env.hubspot)


def look(env: Env, hubspot: HubSpot) -> Lacking:
    found = Lacking(tuple(kind.name for kind in PERHAPS if not _has(hubspot, kind.name)), env.today())
    env.store.notes.put(CHECKED, {"on": env.today().isoformat(), "lacking": list(found.names)})
    return found


def lacking(env: Env) -> Lacking:
    """Return what was found at the last look; one before yesterday tells nothing."""
    known = env.store.notes.get(CHECKED)
    if known is None or date.fromisoformat(known["on"]) < env.today() - BELIEVED:
        return Lacking()
    return Lacking(tuple(known["lacking"]), date.fromisoformat(known["on"]))


def is_refusal(error: Exception) -> bool:
    """Tell whether HubSpot says that there is no such kind, or that we may not see it."""
    return getattr(error, "status", None) in (400, 403, 404)


def _has(hubspot: HubSpot, kind: str) -> bool:
    try:
        hubspot.associated("contacts", kind, [ANYBODY])
    except Exception as error:
        if not is_refusal(error):
            raise
        return False
    return True

"""The gateway: everything this project does with HubSpot, behind one class.

Records come and go as values; HubSpot's words stop here.  Every failure is a `HubSpotError` that says what to do.
"""

import time
from collections import Counter
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Self

from crm_gdpr.sync.authorship import Authorship
from crm_gdpr.sync.budget import Budget, Lane
from crm_gdpr.sync.client import client
from crm_gdpr.sync.definitions import Definitions
from crm_gdpr.sync.lists import Lists
from crm_gdpr.sync.preferences import Preferences
from crm_gdpr.sync.presence import Presence
from crm_gdpr.sync.records import ENGAGEMENTS, Record, Written
from crm_gdpr.sync.submissions import Submissions
from crm_gdpr.sync.transport import Transport, session
from crm_gdpr.sync.versions import DEFAULT, VERSIONS
from crm_gdpr.sync.writing import Writing

__all__ = ["ENGAGEMENTS", "HubSpot", "Record", "Written"]


class HubSpot(Presence, Authorship, Writing, Definitions, Preferences, Lists, Submissions):
    """One portal, on one lane of its call budget.  Safe to share between threads."""

    def __init__(  # noqa: PLR0913 - settings, all by name
        self,
        *,
        access_token: str,
        base_url: str,
        budget: Budget,
        api_version: str = DEFAULT,
        lane: Lane = "bulk",
        app_id: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if api_version not in VERSIONS:
            raise ValueError(f"HUBSPOT_API_VERSION is {api_version!r}; it may be {' or '.join(VERSIONS)}")
        over = session(access_token, app_id)
        self._speak_over(Transport(over, base_url.rstrip("/"), api_version, budget, lane, sleep))

    def interactive(self, calls: Counter[str] | None = None) -> Self:
        """The same portal for someone who waits: the lane that a scan cannot fill.  Its calls may be counted."""
        same = copy(self)
        same._speak_over(replace(self._transport, lane="interactive", calls=calls))
        return same

    def counted(self) -> Self:
        """The same portal, with a count of its own of the calls made from here."""
        same = copy(self)
        same._speak_over(replace(self._transport, calls=Counter()))
        return same

    @property
    def calls(self) -> int:
        """How many calls were sent from here, where they are counted."""
        return sum((self._transport.calls or {}).values())

    def _speak_over(self, transport: Transport) -> None:
        self._api, self._transport = client(transport), transport

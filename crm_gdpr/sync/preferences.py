"""Communication preferences: what an address may be sent, by e-mail address and not by contact.

The official client knows only version 3 of these, which cannot tell a refusal from a question never asked; so the
paths of version 4 are written here, and `versions` puts the dated ones in their place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from crm_gdpr.sync.errors import Malformed
from crm_gdpr.sync.schemas import instant, listed
from crm_gdpr.sync.wire import Wired

BASE = "/communication-preferences/v4"
EMAIL = {"channel": "EMAIL"}
REFUSED = "UNSUBSCRIBED"
BASIS = {"legalBasis": "LEGITIMATE_INTEREST_OTHER", "legalBasisExplanation": "Objection (Art. 21 GDPR)"}


@dataclass(frozen=True)
class SubscriptionType:
    """Something people can be sent, and may refuse by itself."""

    id: str
    name: str


class Preferences(Wired):
    """Read what an address refused, and refuse for it.  Nothing here subscribes anybody."""

    def subscription_types(self) -> list[SubscriptionType]:
        """The types of the account that are in use."""
        found = listed(self._transport.get(f"{BASE}/definitions")).results
        return [SubscriptionType(_text(each, "id"), _text(each, "name")) for each in found if each.get("isActive")]

    def refused(self, email: str) -> frozenset[str]:
        """The ids of the types that an address has refused, whether one by one or all at once."""
        found = self._prefer("GET", f"{_of(email)}", EMAIL)
        return frozenset(_text(each, "subscriptionId") for each in found if each.get("status") == REFUSED)

    def refused_all_at(self, email: str) -> datetime | None:
        """When an address refused everything that the account sends; None where it has not."""
        found = self._prefer("GET", f"{_of(email)}/unsubscribe-all", EMAIL)
        wide = [each for each in found if each.get("wideStatusType") == "PORTAL_WIDE" and each.get("status") == REFUSED]
        if not wide:
            return None
        at = instant(wide[0].get("timestamp"))
        if at is None:
            raise Malformed.because("a refusal without its moment")
        return at

    def unsubscribe_all(self, email: str) -> None:
        """Refuse everything for an address, known to the account or not; refused again it changes nothing."""
        self._prefer("POST", f"{_of(email)}/unsubscribe-all", EMAIL)

    def unsubscribe(self, email: str, type_id: str) -> None:
        """Refuse one type for an address."""
        wanted = {"subscriptionId": int(type_id), "statusState": REFUSED, **EMAIL, **BASIS}
        self._transport.send("POST", _of(email), wanted)

    def _prefer(self, method: str, path: str, query: Mapping[str, str]) -> tuple[dict[str, Any], ...]:
        return listed(self._transport.send(method, path, query=query).json()).results


def _of(email: str) -> str:
    return f"{BASE}/statuses/{quote(email, safe='')}"


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Malformed.because(f"a preference without {name}")
    return str(value)

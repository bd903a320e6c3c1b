"""Communication preferences: what an address may be sent, by e-mail address and not by contact.

The official client knows only version 3 of these, which cannot tell a refusal from a question never asked; so the
paths of version 4 are written here, and `versions` puts the dated ones in their place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from crm_gdpr.sync.errors import Forbidden, Malformed, NotFound, Refused
from crm_gdpr.sync.schemas import instant, listed, only_asked
from crm_gdpr.sync.wire import Wired, chunks

BASE = "/communication-preferences/v4"
SUBSCRIBE = "/communication-preferences/v3/subscribe"  # unlike version 4 it never brings back who has refused
EMAIL = {"channel": "EMAIL"}
BATCH = 100
REFUSED, WANTED = "UNSUBSCRIBED", "SUBSCRIBED"
BASIS = {"legalBasis": "LEGITIMATE_INTEREST_OTHER", "legalBasisExplanation": "Objection (Art. 21 GDPR)"}


@dataclass(frozen=True)
class SubscriptionType:
    """Something people can be sent, and may refuse by itself."""

    id: str
    name: str


@dataclass(frozen=True)
class Subscribed:
    """A type that an address is sent, and the ground that HubSpot has for it."""

    type_id: str
    legal_basis: str


class Preferences(Wired):
    """Read what an address refused or is sent, and refuse for it.  Nothing here subscribes anybody."""

    def subscription_types(self) -> list[SubscriptionType]:
        """The types of the account that are in use."""
        found = listed(self._transport.get(f"{BASE}/definitions")).results
        return [SubscriptionType(_text(each, "id"), _text(each, "name")) for each in found if each.get("isActive")]

    def refused(self, email: str) -> frozenset[str]:
        """The ids of the types that an address has refused, whether one by one or all at once."""
        found = self._prefer("GET", f"{_of(email)}", EMAIL)
        return frozenset(_text(each, "subscriptionId") for each in found if each.get("status") == REFUSED)

    def subscribed(self, emails: Iterable[str]) -> dict[str, tuple[Subscribed, ...]]:
        """What addresses are sent: a hundred a call where the account has batches, one where it has not."""
        found: dict[str, tuple[Subscribed, ...]] = {}
        batched = True
        for portion in chunks(emails, BATCH):
            try:
                found |= self._subscribed_many(portion) if batched else {}
            except Forbidden:
                batched = False
            found |= {email: self._subscribed(email) for email in portion if email not in found}
        return found

    def keep_basis(self, email: str, type_id: str, legal_basis: str, why: str) -> bool:
        """Write the ground of what an address is sent; False where it refused meanwhile: a no stands."""
        body = {"emailAddress": email, "subscriptionId": type_id, "legalBasis": legal_basis}
        try:
            self._transport.send("POST", SUBSCRIBE, {**body, "legalBasisExplanation": why})
        except (Refused, NotFound):
            return False
        return True

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

    def _subscribed_many(self, emails: list[str]) -> dict[str, tuple[Subscribed, ...]]:
        """Those of a batch that HubSpot answered for; it writes addresses in its own way."""
        answer = self._transport.send("POST", f"{BASE}/statuses/batch/read", {"inputs": emails}, query=EMAIL)
        asked = {email.casefold(): email for email in emails}
        told = {_text(each, "subscriberIdString").casefold(): each for each in listed(answer.json()).results}
        only_asked(told, asked)
        return {asked[key]: _sent(each.get("statuses") or ()) for key, each in told.items()}

    def _subscribed(self, email: str) -> tuple[Subscribed, ...]:
        """What one address is sent; nothing where HubSpot does not take it for an address."""
        try:
            return _sent(self._prefer("GET", _of(email), EMAIL))
        except Refused:
            return ()

    def _prefer(self, method: str, path: str, query: Mapping[str, str]) -> tuple[dict[str, Any], ...]:
        return listed(self._transport.send(method, path, query=query).json()).results


def _sent(statuses: Iterable[Mapping[str, Any]]) -> tuple[Subscribed, ...]:
    sent = [each for each in statuses if each.get("status") == WANTED]
    return tuple(Subscribed(_text(each, "subscriptionId"), str(each.get("legalBasis") or "")) for each in sent)


def _of(email: str) -> str:
    return f"{BASE}/statuses/{quote(email, safe='')}"


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Malformed.because(f"a preference without {name}")
    return str(value)

"""What an app wants to be told of: in the classic form (``contact.creation``) or the generic (``object.creation``)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crm_gdpr.emulator.account import Event
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.kinds import Kinds, kind_of

GENERIC = "object"
_CONVERSATION = {
    f"conversation.{what}" for what in ("creation", "deletion", "newMessage", "privacyDeletion", "propertyChange")
}
MOST = 1_000
"""Subscriptions of one app."""
_UNTOLD = frozenset({"hs_lastmodifieddate", "num_unique_conversion_events"})
"""Properties of which HubSpot tells no change."""
_ACTIONS = frozenset({"creation", "deletion", "merge", "restore", "propertyChange", "associationChange"})


@dataclass(frozen=True)
class Subscription:
    """``type`` is HubSpot's subscriptionType; a property change is subscribed to one property at a time."""

    id: int
    type: str
    name: str = ""  # of the property whose change is told
    kind: str = ""  # the object type a generic one is about

    @property
    def is_generic(self) -> bool:
        return self.type.startswith(f"{GENERIC}.")

    @property
    def covers(self) -> tuple[str, str, str]:
        """Object type, what happens to it, and which property."""
        of, _, what = self.type.partition(".")
        return self.kind or ("conversations" if self.type in _CONVERSATION else kind_of(of).name), what, self.name

    @property
    def listed(self) -> str:
        return ":".join(filter(None, (self.type, self.kind, self.name)))


def about(event: Event) -> tuple[str, str, str]:
    """What a subscription must cover to hear of the event."""
    return event.kind, event.what, str(event.details.get("propertyName", ""))


def subscription(id_: int, given: str | Mapping[str, Any] | tuple[str, str], kinds: Kinds) -> Subscription:
    """Read ``contact.propertyChange:email``, ``object.propertyChange:contact:email``, or a row of an app's own file."""
    if isinstance(given, Mapping):
        row = [given.get("subscriptionType"), given.get("objectType"), given.get("propertyName")]
    else:
        row = list(given if isinstance(given, tuple) else str(given).split(":"))
        if not str(row[0]).startswith(f"{GENERIC}."):
            row.insert(1, "")
    type_, kind, name = (str(part or "") for part in (*row, "", "")[:3])
    return _checked(Subscription(id_, type_, name, kinds.of(kind).name if kind else ""), kinds)


def subscriptions(given: object, kinds: Kinds) -> tuple[Subscription, ...]:
    """Each once, and as many as HubSpot lets an app have; those that are not active are left out."""
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise Malformed(f"Subscriptions are a list, not {given!r}")
    active = [one for one in given if not isinstance(one, Mapping) or one.get("active", True)]
    if len(active) > MOST:
        reached = f"You've reached the maximum number allowed per application ({MOST})."
        raise Malformed(f"Couldn't create another subscription. {reached}")
    found = tuple(subscription(7_100_001 + number, one, kinds) for number, one in enumerate(active))
    if len({one.listed for one in found}) < len(found):
        raise Malformed("Something is subscribed to twice")
    return found


def _checked(wanted: Subscription, kinds: Kinds) -> Subscription:
    of, _, what = wanted.type.partition(".")
    if wanted.is_generic != bool(wanted.kind):
        raise Malformed(f"{wanted.type} {'needs an' if wanted.is_generic else 'takes no'} object type")
    if wanted.type in _CONVERSATION:
        return wanted
    kind = kinds[wanted.kind] if wanted.kind else kind_of(of)
    if what not in _ACTIONS and wanted.type != "contact.privacyDeletion":
        raise Malformed(f"There is no subscription type {wanted.type}")
    if not kind.is_told:
        raise Malformed(f"HubSpot tells nobody of {kind.name}")
    if wanted.name in _UNTOLD:
        raise Malformed(f"HubSpot tells of no change to {wanted.name}")
    if (what == "propertyChange") != bool(wanted.name):
        raise Malformed(f"{wanted.type} {'needs a' if what == 'propertyChange' else 'takes no'} property")
    return wanted


def _numbered(rows: Iterable[str]) -> tuple[Subscription, ...]:
    kinds = Kinds()
    return tuple(subscription(7_000_001 + number, row, kinds) for number, row in enumerate(rows))


_CONTACT_PROPERTIES = (
    *("email", "firstname", "lastname", "phone", "lifecyclestage", "hs_legal_basis", "hubspot_owner_id"),
    *("associatedcompanyid", "hs_lead_status"),
)
DEFAULT_SUBSCRIPTIONS = _numbered(
    [
        *("contact.creation", "contact.deletion", "contact.privacyDeletion", "contact.restore"),
        *("contact.merge", "contact.associationChange"),
        *(f"contact.propertyChange:{name}" for name in _CONTACT_PROPERTIES),
        "company.creation",
        *(f"company.propertyChange:{name}" for name in ("lifecyclestage", "contract_end_date")),
        *("deal.creation", "deal.propertyChange:dealstage"),
        "ticket.creation",
        *(f"ticket.propertyChange:{name}" for name in ("hs_pipeline_stage", "subject")),
    ]
)

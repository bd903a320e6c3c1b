"""Which access tokens the account knows, and what each may do. Until one is named, any will do and may do all."""

from dataclasses import dataclass

from crm_gdpr.emulator.further_kinds import FURTHER

ACTIVITY_SCOPE = "contacts"


@dataclass(frozen=True)
class Token:
    """``scopes`` of None grants everything."""

    value: str
    app_id: int
    app_name: str = "Private app"
    scopes: frozenset[str] | None = None

    def grants(self, any_of: tuple[str, ...]) -> bool:
        return self.scopes is None or not any_of or not self.scopes.isdisjoint(any_of)


class Tokens:
    def __init__(self, app_id: int) -> None:
        self._app_id = app_id
        self.named: dict[str, Token] = {}

    def find(self, value: str) -> Token | None:
        """None when the token is not one the account knows."""
        if not value:
            return None
        return self.named.get(value) if self.named else Token(value, self._app_id)


def scopes_for_sensitive(kind: str, sensitivity: str) -> tuple[str, ...]:
    """What it takes to be told of sensitive properties; nothing more for the others."""
    return (f"crm.objects.{kind}.{sensitivity}.read.v2",) if sensitivity in ("sensitive", "highly_sensitive") else ()


def scopes_for(area: str, kind: str, *, writing: bool) -> tuple[str, ...]:
    """Any one of these grants the call; none needed when empty."""
    if area in _FAMILY_SCOPES:
        return _FAMILY_SCOPES[area][writing]
    verb = "write" if writing else "read"
    if area == "schemas":
        return (f"crm.schemas.custom.{verb}",)
    if kind == "tickets":
        return ("tickets",)
    of = _SCOPED.get(kind, ACTIVITY_SCOPE)
    if area in ("properties", "pipelines"):
        return (f"crm.schemas.{of}.write",) if writing else (f"crm.schemas.{of}.read", f"crm.objects.{of}.read")
    return (f"crm.objects.{of}.{verb}",)


_NAMED = ("contacts", "companies", "deals", "custom", *(kind.name for kind in FURTHER))
_SCOPED = {**dict(zip(_NAMED, _NAMED, strict=True)), "commerce_payments": "commercepayments"}
"""Activities go by the scopes of contacts."""
_VERBS = ("read", "write")
_PREFERENCES = tuple((f"communication_preferences.{verb}", "communication_preferences.read_write") for verb in _VERBS)
_FAMILY_SCOPES: dict[str, tuple[tuple[str, ...], ...]] = {
    "preference_batches": tuple((f"communication_preferences.statuses.batch.{verb}",) for verb in _VERBS),
    **dict.fromkeys(("preferences", "subscriptions", "old_definitions", "resubscription"), _PREFERENCES),
    **dict.fromkeys(("forms", "submissions", "submitting"), (("forms",), ("forms",))),
    **dict.fromkeys(("files", "file_erasure"), (("files", "files.ui_hidden.read"), ("files",))),
    **dict.fromkeys(("account", "events", "usage"), (("oauth",), ("oauth",))),
    "owners": (("crm.objects.owners.read",), ("crm.objects.owners.read",)),
    "conversations": (("conversations.read",), ("conversations.write",)),
    "lists": (("crm.lists.read",), ("crm.lists.write",)),
}
"""What grants reading, and what grants writing."""

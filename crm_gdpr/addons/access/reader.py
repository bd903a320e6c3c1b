"""What the steps of one reading share: the person's own record, who they are associated with, and the words for it all.

Nothing is read twice: the sections of other addons that ask for the contact are answered from the record in hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crm_gdpr.addons.access.account import Lacking, is_refusal, lacking, look
from crm_gdpr.addons.access.files import of_today
from crm_gdpr.addons.access.kinds import PERHAPS, SURE, Kind, made_here
from crm_gdpr.addons.access.meaning import Meaning

if TYPE_CHECKING:
    from crm_gdpr.env import Env
    from crm_gdpr.sync import HubSpot, Record

ALWAYS = frozenset(kind.name for kind in SURE) | {"contacts"}
OWN = {"contacts": "contact", "companies": "company", "deals": "deal"}


class UnknownKind(Exception):
    """Records of a kind that nothing here reads: the answer would not be whole, so there is none."""


class Merged(Exception):
    """The contact has become another since the request was confirmed."""


@dataclass
class Reader:
    """One reading of one person."""

    env: Env
    contact_id: str
    calls: Counter[str] = field(default_factory=Counter)
    calls_for_all: Counter[str] = field(default_factory=Counter)
    types_not_read: str = ""

    @cached_property
    def hubspot(self) -> HubSpot:
        return self.env.hubspot.interactive(self.calls)

    @cached_property
    def for_all(self) -> HubSpot:
        """HubSpot for what is read once a day for all requests: forms, our people, which kinds the account lacks."""
        return self.env.hubspot.interactive(self.calls_for_all)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.env.policy.controller.timezone)

    @cached_property
    def meaning(self) -> Meaning:
        """The words for the contact's own properties."""
        return self.words("contacts")

    @cached_property
    def record(self) -> Record | None:
        """The contact, every property with its history; in a batch call, since the names make too long an address."""
        names = self.meaning.names
        return self.hubspot.read_many("contacts", [self.contact_id], names, history=names).get(self.contact_id)

    @property
    def is_here(self) -> bool:
        """Tell whether HubSpot still knows the contact; a merged one is told by its address, before it is read."""
        return self.associated is not None and self.record is not None

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """Every address of the person's, the first one first."""
        has = {} if self.record is None else self.record.properties
        more = (has.get("hs_additional_emails") or "").split(";")
        return tuple(dict.fromkeys(each.strip().lower() for each in ((has.get("email") or ""), *more) if each.strip()))

    @cached_property
    def lacking(self) -> Lacking:
        """The optional kinds that this account does not have."""
        return lacking(self.env)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """Every kind of record that may be associated with a contact in this account."""
        own = self._own_kinds()
        return (*SURE, *(kind for kind in PERHAPS if kind.name not in self.lacking.names), *own)

    def _own_kinds(self) -> tuple[Kind, ...]:
        """The kinds that the account has made itself; where they may not be read, that is told."""
        try:
            return tuple(made_here(each.name, each.label) for each in self.hubspot.object_types())
        except Exception as error:
            self.types_not_read = not_allowed(error) or ""
            if not self.types_not_read:
                raise
            return ()

    @cached_property
    def associated(self) -> Mapping[str, Sequence[str]]:
        """The ids around the contact, by kind, in one call; where HubSpot refuses a kind, those there are is asked."""
        try:
            return self._around([kind.name for kind in self.kinds])
        except Exception as error:
            if not is_refusal(error):
                raise
        self.lacking = look(self.env, self.for_all)
        self.kinds = tuple(kind for kind in self.kinds if kind.name not in self.lacking.names)
        return self._around([kind.name for kind in self.kinds])

    def words(self, kind: str) -> Meaning:
        """Return the words for a kind's properties; of those that few accounts have they are read once a day."""
        ours = [p for p in self.env.registry.properties if p.object == OWN.get(kind)]
        purposes = {purpose.name: purpose.title for purpose in self.env.policy.purposes}
        seldom = kind not in ALWAYS
        read = partial((self.for_all if seldom else self.hubspot).properties, kind)
        defined = of_today(self.env, f"properties-{kind}", read) if seldom else read()
        return Meaning([*defined, *self.sensitive(kind)["defined"]], ours, self.zone, purposes)

    def sensitive(self, kind: str) -> dict[str, Any]:
        """The sensitive properties of a kind, and the scopes that are missing to read them; looked at once a day."""
        return dict(of_today(self.env, f"sensitive-{kind}", partial(sensitive, self.for_all, kind)))

    def ours(self) -> Env:
        """The system as the sections of other addons see it: the contact they ask for is the one in hand."""
        known: Any = InHand(self.hubspot, self.contact_id, self.record)
        return replace(self.env, hubspot=known)

    def _around(self, names: Iterable[str]) -> Mapping[str, Sequence[str]]:
        record = self.hubspot.read("contacts", self.contact_id, ("hs_object_id",), associations=tuple(names))
        if record is not None and record.id != self.contact_id:
            raise Merged(record.id)
        return {} if record is None else _by_name(record.associations, self.kinds)


def sensitive(hubspot: HubSpot, kind: str) -> dict[str, Any]:
    """Ask HubSpot for what it lists of a kind only when asked for it by its sensitivity."""
    defined: list[Any] = []
    missing: list[str] = []
    for level in ("sensitive", "highly_sensitive"):
        try:
            defined += hubspot.sensitive_properties(kind, level)
        except Exception as error:
            if (lacking := not_allowed(error)) is None:
                raise
            missing.append(lacking)
    return {"defined": defined, "lacking": missing}


class InHand:
    """HubSpot, with one contact already read."""

    def __init__(self, hubspot: HubSpot, contact_id: str, record: Record | None) -> None:
        self._hubspot, self._contact_id, self._record = hubspot, contact_id, record

    def read(self, kind: str, record_id: str, properties: Sequence[str], **more: Any) -> Record | None:
        """The contact in hand; any other record, or more of it, is read."""
        if (kind, record_id) == ("contacts", self._contact_id) and not more:
            return self._record
        return self._hubspot.read(kind, record_id, properties, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hubspot, name)


def not_allowed(error: Exception) -> str | None:
    """Return what keeps us from reading: the scopes that are missing, or that the account has no such thing."""
    status = getattr(error, "status", None)
    if status not in (403, 404):
        return None
    said: Any = getattr(error, "said", None)
    return ", ".join(said.scopes) if said is not None and said.scopes else f"HubSpot {status}"


def _by_name(found: Mapping[str, Sequence[str]], kinds: Iterable[Kind]) -> dict[str, Sequence[str]]:
    """Refuse an answer that calls a kind by a name we do not know it by: its records would be missed."""
    known = {kind.name for kind in kinds}
    if strange := sorted(name for name, ids in found.items() if ids and name not in known):
        raise UnknownKind(f"HubSpot associates the contact with {', '.join(strange)}, which no step reads")
    return dict(found)

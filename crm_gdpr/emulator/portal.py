"""The whole account, with plain methods for tests, seeds and pages. No word of HTTP."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from crm_gdpr.emulator.accompanying import Accompanying
from crm_gdpr.emulator.account import Owner, locked
from crm_gdpr.emulator.actor import SALES, Actor
from crm_gdpr.emulator.conversing import Conversing
from crm_gdpr.emulator.filing import Filing
from crm_gdpr.emulator.form_definition import fields_of
from crm_gdpr.emulator.happening import Happening
from crm_gdpr.emulator.kinds import kind_of
from crm_gdpr.emulator.list_filters import names_in
from crm_gdpr.emulator.listing import Listing
from crm_gdpr.emulator.merging import Merging
from crm_gdpr.emulator.schemas import Defining
from crm_gdpr.emulator.snapshots import restore, snapshot
from crm_gdpr.emulator.submitting import Submitting


class Portal(Submitting, Conversing, Filing, Happening, Listing, Merging, Accompanying, Defining):
    """An emulated HubSpot account. Python callers own it: they may set read-only properties and date things back."""

    def add_contact(self, *, actor: Actor = SALES, **properties: object) -> str:
        return self._new("contacts", properties, actor)

    def add_company(self, *, actor: Actor = SALES, **properties: object) -> str:
        return self._new("companies", {"name": "Bolaget AB", **properties}, actor)

    def add_deal(
        self, *, contacts: Iterable[str] = (), companies: Iterable[str] = (), actor: Actor = SALES, **properties: object
    ) -> str:
        given = {"dealname": "Affär", "dealstage": "appointmentscheduled", **properties}
        return self._new("deals", given, actor, contacts=contacts, companies=companies)

    def add_ticket(
        self, *, contacts: Iterable[str] = (), companies: Iterable[str] = (), actor: Actor = SALES, **properties: object
    ) -> str:
        given = {"subject": "Ärende", "hs_pipeline_stage": "1", **properties}
        return self._new("tickets", given, actor, contacts=contacts, companies=companies)

    @locked
    def log(self, kind: str, contacts: Iterable[str] = (), companies: Iterable[str] = (), **properties: object) -> str:
        """Log an activity, happened now unless dated: ``log("call", [anna], hs_timestamp="2025-03-01")``."""
        name = kind_of(kind).name
        given = {"hs_timestamp": self.clock.now(), **_ORDINARY.get(name, {}), **properties}
        return self._new(name, given, SALES, contacts=contacts, companies=companies)

    def add_owner(self, email: str, first_name: str, last_name: str) -> str:
        id_ = str(81_000_001 + len(self.owners))
        self.owners[id_] = Owner(id_, email, first_name, last_name, 9_001 + len(self.owners))
        return id_

    def remove_owner(self, id_: str) -> None:
        """Someone leaves: their user goes, and what they own keeps their id."""
        self.owners[id_] = replace(self.owners[id_], archived=True)

    @locked
    def archive_properties(self, kind: str, names: Iterable[str]) -> None:
        """All of them or none; those that lists and forms rest on stay."""
        wanted, in_use = list(dict.fromkeys(names)), {*self._in_lists(kind), *self._in_forms(kind)}
        for name in wanted:
            self.catalogue(kind).may_archive(name, in_use)
        for name in wanted:
            self.catalogue(kind).archive(name, self.clock.now_ms())

    @locked
    def link(self, one: tuple[str, str], other: tuple[str, str], type_id: int | None = None) -> None:
        self.associate((one[0], int(one[1])), (other[0], int(other[1])), type_id, actor=SALES)

    @locked
    def edit(self, kind: str, id_: str, *, actor: Actor = SALES, **properties: object) -> None:
        self.update(kind, int(id_), properties, actor=actor, trusted=True)

    @locked
    def advance(self, **by: float) -> None:
        """Move the account's time on: ``advance(days=31)``."""
        self.clock.advance(**by)
        self.tick()

    @locked
    def purge(self, contact_id: str) -> None:
        """Someone deletes a contact permanently in the CRM."""
        self.gdpr_delete(contact_id, actor=SALES)

    @locked
    def value(self, kind: str, id_: str, name: str) -> str | None:
        return self.record(kind, int(id_)).properties.get(name)

    def is_live(self, id_: str) -> bool:
        return any(int(id_) in shelf for shelf in self.live.values())

    def is_archived(self, id_: str) -> bool:
        return any(int(id_) in shelf for shelf in self.bin.values())

    def is_gone(self, id_: str) -> bool:
        """Neither live nor in the recycle bin."""
        return not self.is_live(id_) and not self.is_archived(id_)

    @locked
    def reset(self) -> None:
        """An empty account at its starting moment; whoever listens goes on listening."""
        self._empty()

    def snapshot(self) -> bytes:
        """All there is, to come back to with ``restore_snapshot``."""
        return snapshot(self)

    def restore_snapshot(self, taken: bytes) -> None:
        restore(self, taken)

    def _in_lists(self, kind: str) -> Iterator[str]:
        for one in self.lists.live():
            if one.new.kind == kind and one.new.filter:
                yield from names_in(one.new.filter)

    def _in_forms(self, kind: str) -> Iterator[str]:
        for form in self.form_book.forms.values():
            if form.archived_ms is None:
                fields = fields_of(form.document)
                yield from (str(one["name"]) for one in fields if one.get("objectTypeId") == self.kinds[kind].type_id)

    def _new(self, kind: str, properties: dict[str, Any], actor: Actor, **linked: Iterable[str]) -> str:
        targets = [(to_kind, int(id_), None) for to_kind, ids in linked.items() for id_ in ids]
        return str(self.create(kind, properties, actor=actor, targets=targets, trusted=True).id)


_ORDINARY: dict[str, dict[str, str]] = {
    "emails": {"hs_email_direction": "EMAIL", "hs_email_status": "SENT"},
    "communications": {"hs_communication_channel_type": "WHATS_APP", "hs_communication_logged_from": "CRM"},
    "tasks": {"hs_task_status": "NOT_STARTED", "hs_task_type": "TODO"},
}

"""A form sent in makes a contact or changes one, dates its conversions, and carries consent over."""

from collections.abc import Iterable, Mapping
from typing import Any

from crm_gdpr.emulator.account import locked
from crm_gdpr.emulator.actor import Actor, form
from crm_gdpr.emulator.bin import addresses
from crm_gdpr.emulator.communicating import Communicating
from crm_gdpr.emulator.form_definition import NO_CONSENT, definition
from crm_gdpr.emulator.instants import DAY_MS, text
from crm_gdpr.emulator.preferences import SUBSCRIBED, Choice
from crm_gdpr.emulator.records import Record
from crm_gdpr.emulator.submissions import Consent, FormBook, Submission

KEPT_DAYS = 90
"""How long an archived form is kept (three months)."""


class Submitting(Communicating):
    """Forms, and people filling them in."""

    def _empty(self) -> None:
        super()._empty()
        self.form_book = FormBook()

    @locked
    def add_form(
        self,
        name: str = "Boka en demo",
        fields: Iterable[str] = ("email", "firstname", "lastname", "message"),
        consent: Mapping[str, Any] = NO_CONSENT,
        form_id: str = "",
    ) -> str:
        """A form of contact fields; the id as given, or a new one."""
        return self.form_book.create(definition(name, fields, consent), self.clock.now_ms(), form_id).id

    @locked
    def submit_form(
        self, form_id: str, values: Mapping[str, str], *, page: str = "", consent: Consent | None = None
    ) -> str:
        """Somebody fills in a form on a page of ours, now. Return the id of the contact; empty without an address."""
        at_ms, given = self.clock.now_ms(), tuple(values.items())
        sent = Submission(self.form_book.guid("submission"), form_id, at_ms, given, page, _title(page))
        return self.submit(sent, consent)

    @locked
    def submit(self, sent: Submission, consent: Consent | None = None) -> str:
        """Take in one submission; whoever was erased comes back this way."""
        taken = self.form_book.get(sent.form_id)
        actor = form(taken.id, taken.name)
        record = self._sender(sent, actor) if sent.email else None
        self.form_book.submissions.append(sent)
        if record is None:
            return ""
        self._converted(record, sent, taken.name)
        self._consented(record, sent.email, consent or Consent(), actor)
        return str(record.id)

    @locked
    def tick(self) -> None:
        super().tick()
        self.form_book.purge(self.clock.now_ms() - KEPT_DAYS * DAY_MS)

    def _sender(self, sent: Submission, actor: Actor) -> Record:
        """Only what is a property of contacts reaches the contact."""
        known = self.catalogue("contacts").properties
        values = {name: value for name, value in sent.values if name in known and not known[name].read_only}
        record = self.person_with(sent.email)
        if record is None:
            traffic = {"hs_analytics_source": "DIRECT_TRAFFIC"} if sent.page_url else {}
            return self.create("contacts", {**traffic, **values}, actor=actor)
        del values["email"]
        self.update("contacts", record.id, values, actor=actor)
        return record

    def _converted(self, record: Record, sent: Submission, form_name: str) -> None:
        """Name a conversion as HubSpot does: page, then form."""
        read, at = record.properties.get, text(sent.at_ms)
        name = f"{sent.page_name}: {form_name}" if sent.page_name else form_name
        mine = {one.form_id for one in self.form_book.submissions if one.email == sent.email}
        values = {
            "num_conversion_events": str(int(float(read("num_conversion_events", "0"))) + 1),
            "num_unique_conversion_events": str(len(mine)),
        }
        if at >= read("recent_conversion_date", ""):
            values |= {"recent_conversion_date": at, "recent_conversion_event_name": name}
        if not read("first_conversion_date") or at < read("first_conversion_date", ""):
            values |= {"first_conversion_date": at, "first_conversion_event_name": name}
        self._calculate(record, values)
        self._recount((record.kind, record.id))

    def _consented(self, record: Record, email: str, consent: Consent, actor: Actor) -> None:
        """A tick subscribes, also who opted out before; the ground is added to those the contact has."""
        if consent.basis:
            self.update("contacts", record.id, {"hs_legal_basis": f";{consent.basis}"}, actor=actor)
        for one in consent.communications:
            wish = Choice(SUBSCRIBED, "Form", legal_basis=one.legal_basis, explanation=one.text)
            self.choose(email, one.type_id, wish, actor=actor)

    def _erase(self, record: Record, actor: Actor) -> None:
        """What was sent from the erased addresses is gone from the forms; after the bin alone it stays."""
        super()._erase(record, actor)
        self.form_book.forget(addresses(record))


def _title(page: str) -> str:
    return page.rstrip("/").rpartition("/")[2]

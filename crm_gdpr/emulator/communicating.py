"""What people have said about being written to, kept in step with the contact that has the address."""

from collections.abc import Mapping
from dataclasses import replace

from crm_gdpr.emulator.account import Event, locked
from crm_gdpr.emulator.actor import SALES, Actor
from crm_gdpr.emulator.bin import Bin, addresses
from crm_gdpr.emulator.errors import Malformed
from crm_gdpr.emulator.kind import Kind
from crm_gdpr.emulator.preferences import (
    PAGE,
    PORTAL,
    STATES,
    SUBSCRIBED,
    UNSUBSCRIBED,
    Choice,
    Preferences,
    SubscriptionType,
)
from crm_gdpr.emulator.records import Record

OPT_OUT = "hs_email_optout"


class Communicating(Bin):
    """Subscribe, unsubscribe, opt out of everything."""

    def _empty(self) -> None:
        super()._empty()
        self.preferences = Preferences()
        for type_ in self.preferences.types.values():
            self._define_opt_out(type_)

    @locked
    def add_subscription_type(self, type_: SubscriptionType) -> None:
        """Add or replace a type; contacts get their opt-out property of it."""
        self.preferences.types[type_.id] = type_
        self._define_opt_out(type_)

    @locked
    def choose(self, email: str, type_id: int, wish: Choice, *, actor: Actor = SALES) -> str:
        """Store what was chosen now, and return what that did (HubSpot's setStatusSuccessReason)."""
        if wish.state not in STATES:
            raise Malformed(f"statusState is one of {', '.join(STATES)}, not {wish.state}")
        type_, chosen = self.preferences.type(type_id), replace(wish, at_ms=self.clock.now_ms())
        reason = self.preferences.choose(address(email), type_, chosen, lift=self.switches.resubscribe_lifts_opt_out)
        self._keep_in_step(address(email), actor)
        return reason

    @locked
    def subscribe(self, email: str, type_id: int, explanation: str = "Ticked the box") -> str:
        """The person ticks the box of one type."""
        wish = Choice(SUBSCRIBED, legal_basis="CONSENT_WITH_NOTICE", explanation=explanation)
        return self.choose(email, type_id, wish)

    @locked
    def unsubscribe(self, email: str, type_id: int) -> str:
        """The person follows the link of one type."""
        return self.choose(email, type_id, Choice(UNSUBSCRIBED))

    @locked
    def unsubscribe_all(self, email: str, *, source: str = PAGE, unit: int = PORTAL, actor: Actor = SALES) -> None:
        """The person wants no mail at all, of the account or of one business unit."""
        self.preferences.refuse_all(address(email), Choice(UNSUBSCRIBED, source, self.clock.now_ms()), unit)
        self._keep_in_step(address(email), actor)

    def _define_opt_out(self, type_: SubscriptionType) -> None:
        name = f"{OPT_OUT}_{type_.id}"
        general = self.catalogue("contacts").get(OPT_OUT)
        label = f"Opted out of email: {type_.name}"
        self.catalogue("contacts").properties[name] = replace(general, name=name, label=label)

    def _put(self, kind: Kind, values: Mapping[str, str], actor: Actor) -> Record:
        """Who is entered as having opted out has done so."""
        if values.get(OPT_OUT) == "true" and values.get("email"):
            self.preferences.refuse_all(values["email"], Choice(UNSUBSCRIBED, actor.source, self.clock.now_ms()))
        return super()._put(kind, values, actor)

    def _index(self, record: Record) -> None:
        """Whoever takes on an address takes on what was said about it."""
        super()._index(record)
        email = record.properties.get("email", "") if record.kind == "contacts" else ""
        if email and (self.preferences.knows(email) or any(name.startswith(OPT_OUT) for name in record.properties)):
            self._write_opt_outs(record, email, record.actor)

    def _erase(self, record: Record, actor: Actor) -> None:
        super()._erase(record, actor)
        if not self.switches.purge_keeps_preferences:
            for email in addresses(record):
                self.preferences.forget(email)

    def person_with(self, email: str) -> Record | None:
        """The live contact who has this address, first or additional: whom HubSpot takes a sender for."""
        return self.live["contacts"].get(self._holders.get("contacts", "email", email) or -1)

    def _keep_in_step(self, email: str, actor: Actor) -> None:
        record = self.live["contacts"].get(self._holders.get("contacts", "email", email) or -1)
        if record is not None and record.properties.get("email") == email:
            self._write_opt_outs(record, email, actor)

    def _write_opt_outs(self, record: Record, email: str, actor: Actor) -> None:
        """Only for the current address; a wide opt-out leaves the choice of each type alone."""
        chosen = self.preferences.choices.get(email, {})
        values = {OPT_OUT: "true" if self.preferences.opt_out(email) else ""}
        for id_ in self.preferences.types:
            refused = id_ in chosen and chosen[id_].state == UNSUBSCRIBED
            values[f"{OPT_OUT}_{id_}"] = "true" if refused else ""
        now_ms = self.clock.now_ms()
        for name in record.write(values, now_ms, actor):
            self._stamp(record, now_ms)
            if self.switches.opt_out_is_told:
                value = {"propertyName": name, "propertyValue": values[name]}
                self.tell(Event("contacts", "propertyChange", record.id, now_ms, actor, value))


def address(email: str) -> str:
    """Addresses are compared in lower case."""
    found = email.strip().lower()
    if "@" not in found:
        raise Malformed(f"{email} is not an e-mail address")
    return found

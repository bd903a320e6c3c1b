"""What was read of one contact, and what of it tells them.  Pure; days are those of the controller's time zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm_gdpr.addons.notice.properties import (
    BY_PHONE,
    DISCLOSED,
    EVIDENCE,
    GIVEN,
    INFORMED,
    STATE,
    TRANCHE_ON,
    VERSION,
)
from crm_gdpr.policy.notice import Duty, Evidence
from crm_gdpr.policy.notice_text import Template

if TYPE_CHECKING:
    from crm_gdpr.sync import Record

FIRST_MAILING, LAST_MAILING, MAILING_NAME, BOUNCED = (
    "hs_email_first_send_date",
    "hs_email_last_send_date",
    "hs_email_last_email_name",
    "hs_email_hard_bounce_reason_enum",
)
MAIL = ("hs_timestamp", "hs_email_direction", "hs_email_status", "hs_email_subject", "hs_email_text", "hs_email_html")
CALL = ("hs_timestamp", "hs_call_disposition")
CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"  # HubSpot's id of the outcome "Connected"
NOT_SENT = ("BOUNCED", "FAILED", "SCHEDULED", "DRAFT")
FORM, MAILING = "FORM", "mailing"


@dataclass(frozen=True)
class Known:
    """Everything that may show whether one contact was told."""

    contact: Record
    mails: Sequence[Record]
    calls: Sequence[Record]
    form: Record | None
    answered: Evidence | None
    template: Template
    zone: ZoneInfo

    def duty(self, started: date) -> Duty:
        """Return the facts that the clock of the notice goes by; a day that somebody moves back makes no backlog."""
        collected, created = self.on("gdpr_collected_on"), self.on("createdate")
        mails, spoken = list(self._of_mails()), set(self._spoken())
        evidence = (*mails, *self._of_calls(spoken), *self._of_mailings(), *self._of_forms(), *self._of_others())
        first = {mail.on for mail in mails if mail.arrived} | spoken | set(self._first_mailing())
        return Duty(
            source=self.has("gdpr_source") or "unknown",
            collected_on=collected,
            first_message_on=min(first, default=None),
            first_disclosed_on=self.on(DISCLOSED),
            evidence=evidence,
            backlog=created is not None and created < started,
            tranche_on=self.on(TRANCHE_ON),
        )

    def has(self, name: str) -> str:
        return self.contact.properties.get(name) or ""

    def on(self, name: str) -> date | None:
        return day(self.has(name), self.zone)

    def _of_mails(self) -> Iterator[Evidence]:
        for mail in self.mails:
            values, on = mail.properties, day(mail.properties.get("hs_timestamp"), self.zone)
            if on and values.get("hs_email_direction") == "EMAIL":
                text = " ".join(values.get(part) or "" for part in MAIL[3:])
                arrived = (values.get("hs_email_status") or "SENT") not in NOT_SENT
                yield Evidence(ref=f"emails/{mail.id}", kind="mail", on=on, carried=self._is_in(text), arrived=arrived)

    def _spoken(self) -> Iterator[date]:
        for call in self.calls:
            on = day(call.properties.get("hs_timestamp"), self.zone)
            if on and call.properties.get("hs_call_disposition") == CONNECTED:
                yield on

    def _of_calls(self, spoken: set[date]) -> Iterator[Evidence]:
        """A tick alone is intention: a connected call of that day must be there."""
        if ticked := self.on(BY_PHONE):
            yield Evidence(ref="calls", kind="call", on=ticked, arrived=ticked in spoken)

    def _first_mailing(self) -> Iterator[date]:
        if (sent := self.on(FIRST_MAILING)) and not self.has(BOUNCED):
            yield sent

    def _of_mailings(self) -> Iterator[Evidence]:
        """HubSpot tells the name of the last mailing only: one that told stands until it bounces."""
        known = self.has(STATE) == "told" and self.has(EVIDENCE).startswith(MAILING)
        sent = self.on(GIVEN) if known else self.on(LAST_MAILING) if self._is_in(self.has(MAILING_NAME)) else None
        if sent:
            yield Evidence(ref=MAILING, kind="mail", on=sent, arrived=not self.has(BOUNCED))

    def _of_forms(self) -> Iterator[Evidence]:
        """A version typed by hand is no form: the history says what wrote it, and when."""
        for past in self.form.history.get(VERSION, ()) if self.form else ():
            if past.value and past.at and past.source == FORM:
                yield Evidence(ref=f"form, notice {past.value}", kind="form", on=past.at.astimezone(self.zone).date())

    def _of_others(self) -> Iterator[Evidence]:
        if informed := self.on(INFORMED):
            yield Evidence(ref="informed", kind="informed", on=informed)
        if self.answered:
            yield self.answered

    def _is_in(self, text: str) -> bool:
        return self.template.is_in(text)


def day(value: str | None, zone: ZoneInfo) -> date | None:
    """Return the day of a date, or of an instant in a time zone; None where there is none."""
    if not value:
        return None
    return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value).astimezone(zone).date()

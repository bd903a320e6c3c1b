"""Activities of the population: what each kind looks like in HubSpot. Days are counted back from the first day."""

import json
import random
from collections.abc import Mapping, Sequence

from crm_gdpr.emulator.people import Person

CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
UNANSWERED = (
    "9d9162e7-6cf3-4944-bf63-4dff82258764",
    "b2cf5968-551e-4856-9783-52b3da59a7d0",
    "73a0d17f-1163-4015-bdd5-ec830791da20",
)
Draft = tuple[str, dict[str, str]]
"""Object type and properties, all but the moment."""


class Writer:
    """Writes activities with people, in dialogue or without an answer."""

    def __init__(self, chance: random.Random, texts: Mapping[str, Sequence[str]]) -> None:
        self._chance, self._texts = chance, texts

    def dialogue(self, person: Person, owner: str) -> Draft:
        """Something the person took part in."""
        kind = self._chance.choices(("mail", "call", "meeting"), (5, 3, 2))[0]
        if kind == "mail":
            return self.mail_from(person, owner)
        return self.call(CONNECTED) if kind == "call" else self.meeting("COMPLETED")

    def unanswered(self, person: Person, owner: str) -> Draft:
        """Something only we did: a mail, a call nobody took, a meeting that never was, a note, a task."""
        kind = self._chance.choices(("mail", "call", "meeting", "note", "task"), (6, 3, 1, 2, 2))[0]
        if kind == "mail":
            return self.mail_to(person, owner)
        if kind == "call":
            return self.call(self._chance.choice(UNANSWERED))
        if kind == "meeting":
            return self.meeting(self._chance.choice(("CANCELED", "NO_SHOW")))
        return self.note() if kind == "note" else self.task()

    def mail_from(self, person: Person, owner: str) -> Draft:
        return "emails", self._mail(
            "INCOMING_EMAIL", "theirs", (person.email, person.first, person.last), (owner, "", "")
        )

    def mail_to(self, person: Person, owner: str) -> Draft:
        return "emails", self._mail("EMAIL", "ours", (owner, "", ""), (person.email, person.first, person.last))

    def call(self, disposition: str, direction: str = "OUTBOUND") -> Draft:
        values = {
            "hs_call_title": "Samtal",
            "hs_call_direction": direction,
            "hs_call_disposition": disposition,
            "hs_call_status": "COMPLETED",
            "hs_call_duration": str(self._chance.randrange(20, 1800) * 1000),
        }
        return "calls", {name: value for name, value in values.items() if value}

    def meeting(self, outcome: str) -> Draft:
        return "meetings", {"hs_meeting_title": self._text("subjects"), "hs_meeting_outcome": outcome}

    def message(self) -> Draft:
        values = {"hs_communication_channel_type": "WHATS_APP", "hs_communication_logged_from": "CRM"}
        return "communications", {**values, "hs_communication_body": self._text("ours")}

    def note(self) -> Draft:
        return "notes", {"hs_note_body": self._text("notes")}

    def task(self) -> Draft:
        values = {"hs_task_subject": self._text("tasks"), "hs_task_type": "TODO", "hs_task_priority": "MEDIUM"}
        return "tasks", {**values, "hs_task_status": self._chance.choice(("NOT_STARTED", "COMPLETED"))}

    def ticket_text(self) -> str:
        return self._text("tickets")

    def _mail(
        self, direction: str, text: str, sender: tuple[str, str, str], receiver: tuple[str, str, str]
    ) -> dict[str, str]:
        ends = [{"email": e, "firstName": f, "lastName": n} for e, f, n in (sender, receiver)]
        return {
            "hs_email_direction": direction,
            "hs_email_status": "SENT",
            "hs_email_subject": self._text("subjects"),
            "hs_email_text": self._text(text),
            "hs_email_headers": json.dumps({"from": ends[0], "to": [ends[1]], "cc": [], "bcc": []}),
        }

    def _text(self, of: str) -> str:
        return self._chance.choice(self._texts[of])

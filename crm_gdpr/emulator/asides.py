"""What happens beside the story: mails that bounce, messages, notes, second companies, people archived by mistake.

Nothing here counts as dialogue and no clock moves; with lots of its own, it leaves the story as it would be without.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from crm_gdpr.emulator.account import Owner
from crm_gdpr.emulator.activity_log import Draft
from crm_gdpr.emulator.entries import as_user
from crm_gdpr.emulator.lives import Chronicle
from crm_gdpr.emulator.people import Firm, Person
from crm_gdpr.emulator.portal import Portal

_CHANNELS = ("WHATS_APP", "SMS", "LINKEDIN_MESSAGE")
_REGRET_FROM, _REGRET_TO = 19, 20  # in the evening, when nothing else happens to the record


class Asides(Chronicle):
    """Collects them, for companies whose lives are named in ``[asides]``."""

    def remark(self, firms: Sequence[Firm], shares: Mapping[str, Any]) -> None:
        told = [firm for firm in firms if firm.life["name"] in shares["lives"]]
        for firm, before in zip(told, [None, *told], strict=False):
            owner = self._chance.choice(self._owners)
            for person in firm.people:
                for kind in ("bounced", "message", "note", "task"):
                    if self._chance.random() < shares[kind]:
                        self._log(self._lately(person), person, firm, self._draft(kind, person, owner))
                if self._chance.random() < shares["restored"]:
                    self._regret(person)
            if before and before.life is firm.life and self._chance.random() < shares["second_company"]:
                self._join(firm.people[0], before, owner)

    def _lately(self, person: Person) -> int:
        return self._between(person.joined, 1)

    def _draft(self, kind: str, person: Person, owner: Owner) -> Draft:
        if kind == "bounced":
            of, values = self._writer.mail_to(person, owner.email)
            return of, {**values, "hs_email_status": "BOUNCED"}
        if kind == "message":
            of, values = self._writer.message()
            return of, {**values, "hs_communication_channel_type": self._chance.choice(_CHANNELS)}
        return self._writer.note() if kind == "note" else self._writer.task()

    def _regret(self, person: Person) -> None:
        """Archived by mistake and brought back the same evening."""
        day = self._lately(person)
        self._at(day, _REGRET_FROM, lambda portal: portal.archive("contacts", person.id))
        self._at(day, _REGRET_TO, lambda portal: portal.restore("contacts", person.id))

    def _join(self, person: Person, firm: Firm, owner: Owner) -> None:
        """Someone who works for two companies."""

        def join(portal: Portal) -> None:
            portal.associate(("contacts", int(person.id)), ("companies", int(firm.id)), actor=as_user(owner))

        self._at(1, _REGRET_FROM - 1, join)

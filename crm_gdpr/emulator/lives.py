"""What happened to each company of the population, and in which order.

Dialogue ends on the day the company's silence begins: deals move, tickets open and forms arrive before it.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from crm_gdpr.emulator.account import Owner
from crm_gdpr.emulator.activity_log import CONNECTED, Draft, Writer
from crm_gdpr.emulator.actor import Actor
from crm_gdpr.emulator.entries import (
    as_user,
    details,
    enter_activity,
    enter_deal,
    enter_firm,
    enter_person,
    enter_ticket,
)
from crm_gdpr.emulator.instants import DAY_MS, text
from crm_gdpr.emulator.people import Firm, Person
from crm_gdpr.emulator.portal import Portal

HOUR_MS = 3_600_000
_ENTERED, _WORKING = 5, (6, 14)  # hours of the day, UTC: the same date in Stockholm all year

Act = Callable[[Portal], object]


class Chronicle:
    """Collects what happened, each thing at its moment, and plays it into an account."""

    def __init__(
        self,
        chance: random.Random,
        writer: Writer,
        owners: Sequence[Owner],
        sources: Mapping[str, Mapping[str, Any]],
        start_ms: int,
    ) -> None:
        self._chance, self._writer, self._owners, self._sources = chance, writer, owners, sources
        self._today_ms = start_ms - start_ms % DAY_MS
        self._acts: list[tuple[int, int, Act]] = []

    def tell(self, firm: Firm) -> None:
        """Everything that ever happened with one company and its people."""
        owner = self._chance.choice(self._owners)
        founded = max(person.joined for person in firm.people) + 1
        if not firm.life.get("without_company"):
            self._at(founded, _ENTERED, lambda portal: enter_firm(portal, firm, owner, self._contract_end(firm)))
        for person in firm.people:
            self._enter(person, firm, owner)
            self._history(person, firm, owner)
        if firm.silence:
            self._last_words(firm, owner)
        if not firm.life.get("without_company"):
            self._deals(firm, owner)
            self._tickets(firm)
        self._loose_ends(firm, owner)

    def play(self, portal: Portal, *others: "Chronicle") -> None:
        """Everything in order of time, with what others tell woven in."""
        acts = [*self._acts, *(act for other in others for act in other._acts)]
        for moment_ms, _order, act in sorted(acts, key=itemgetter(0, 1)):
            portal.clock.stop(moment_ms)
            act(portal)

    def _at(self, days_ago: int, hour: int, act: Act) -> None:
        moment_ms = self._today_ms - days_ago * DAY_MS + hour * HOUR_MS + self._chance.randrange(HOUR_MS)
        self._acts.append((moment_ms, len(self._acts), act))

    def _work(self, days_ago: int, act: Act) -> None:
        self._at(days_ago, self._chance.randint(*_WORKING), act)

    def _log(self, days_ago: int, person: Person, firm: Firm, draft: Draft) -> None:
        kind, values = draft
        self._work(days_ago, lambda portal: enter_activity(portal, kind, values, person, firm))

    def _enter(self, person: Person, firm: Firm, owner: Owner) -> None:
        source = self._sources[person.source]
        id_ = str(source["id"]).format(self._chance.randint(1, 5))
        actor = Actor(source["source"], id_, source["detail"].format(domain=firm.domain))
        values = {**details(person, firm, owner), **self._came_by(person, source["traffic"])}
        self._at(person.joined, _ENTERED, lambda portal: enter_person(portal, person, firm, values, actor))

    def _came_by(self, person: Person, traffic: str) -> dict[str, str]:
        """A form was filled in on the day its sender was entered, after some looking around."""
        if person.source != "form":
            return {"hs_analytics_source": traffic}
        at = text(self._today_ms - person.joined * DAY_MS + _ENTERED * HOUR_MS)
        return {
            "hs_analytics_source": traffic,
            "hs_analytics_first_url": "https://www.example.com/produkt",
            "hs_analytics_num_page_views": str(self._chance.randint(2, 40)),
            "hs_analytics_num_visits": str(self._chance.randint(1, 6)),
            "hs_analytics_last_timestamp": at,
            "ip_city": "Malmö",
            "ip_country": "sweden",
            "recent_conversion_date": at,
            "first_conversion_date": at,
            "recent_conversion_event_name": "Boka en demo",
            "num_conversion_events": "1",
        }

    def _history(self, person: Person, firm: Firm, owner: Owner) -> None:
        """First contact as the source says, then a mix of answers and silence up to the last dialogue."""
        if person.source == "mail":
            self._log(person.joined, person, firm, self._writer.mail_from(person, owner.email))
        if person.source == "phone":
            self._log(person.joined, person, firm, self._writer.call(CONNECTED, "INBOUND"))
        for _ in range(int(firm.life.get("activities", self._chance.choice((1, 2, 2, 3, 3, 4, 5))))):
            answered = firm.silence and self._chance.random() < 0.45
            draft = (self._writer.dialogue if answered else self._writer.unanswered)(person, owner.email)
            self._log(self._between(person.joined, firm.silence + 1), person, firm, draft)
        if self._chance.random() < 0.5:
            self._log(
                self._between(firm.silence or person.joined, 1), person, firm, self._writer.mail_to(person, owner.email)
            )

    def _last_words(self, firm: Firm, owner: Owner) -> None:
        speaker = firm.people[0]
        self._log(firm.silence, speaker, firm, self._writer.dialogue(speaker, owner.email))

    def _between(self, earliest: int, latest: int) -> int:
        """A day, as days ago."""
        return self._chance.randint(min(earliest, latest), max(earliest, latest))

    def _deals(self, firm: Firm, owner: Owner) -> None:
        """Made and decided while there was dialogue."""
        fate = firm.life.get("deal")
        rare = fate in ("closedlost", "now and then")
        if not fate or (rare and self._chance.random() < 0.7):
            return
        made = firm.silence + self._chance.randint(0, firm.people[0].joined - firm.silence)
        stage = "presentationscheduled" if fate == "open" else "closedlost" if rare else "closedwon"
        deal: dict[str, str] = {}
        self._at(made, 15, lambda portal: deal.update(id=enter_deal(portal, firm, owner)))
        decided = self._between(made, firm.silence)
        self._at(decided, 16, lambda portal: portal.edit("deals", deal["id"], actor=as_user(owner), dealstage=stage))

    def _tickets(self, firm: Firm) -> None:
        fate = firm.life.get("ticket")
        if not fate or (fate == "closed" and self._chance.random() < 0.6):
            return
        opened, person, subject = firm.silence, firm.people[0], self._writer.ticket_text()
        ticket: dict[str, str] = {}
        self._at(opened, 15, lambda portal: ticket.update(id=enter_ticket(portal, subject, person, firm)))
        if fate == "closed":
            self._at(opened, 16, lambda portal: portal.edit("tickets", ticket["id"], hs_pipeline_stage="4"))

    def _loose_ends(self, firm: Firm, owner: Owner) -> None:
        """What real logs leave open: calls and meetings whose outcome nobody noted, meetings still to come."""
        person = firm.people[0]
        if "unclear" in firm.life:
            self._log(firm.life["unclear"], person, firm, self._writer.call(""))
        if "share" not in firm.life or not firm.silence or self._chance.random() > 0.12:
            return
        ending = self._chance.choice(("call", "meeting", "message", "coming"))
        if ending == "coming":
            at = text(self._today_ms + self._chance.randint(3, 40) * DAY_MS + 10 * HOUR_MS)
            kind, values = self._writer.meeting("SCHEDULED")
            self._log(2, person, firm, (kind, {**values, "hs_timestamp": at, "hs_meeting_start_time": at}))
            return
        drafts = {"call": self._writer.call(""), "meeting": self._writer.meeting("SCHEDULED")}
        self._log(self._between(firm.silence, 3), person, firm, drafts.get(ending) or self._writer.message())

    def _contract_end(self, firm: Firm) -> str:
        contract = firm.life.get("contract")
        if not contract:
            return ""
        ended = firm.silence if isinstance(contract, str) else self._chance.randint(*contract)
        return text(self._today_ms - ended * DAY_MS)[:10]

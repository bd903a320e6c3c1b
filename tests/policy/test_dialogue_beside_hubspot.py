"""Every kind of contact there may be with a person, put to `decide`, beside HubSpot's own rule of inactivity.

The person has been silent for years and lies in the bin: what counts takes them back to the start, what does not
lets them go, and what is not known is for a human.  HubSpot's rule knows three dates and no organisation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from crm_gdpr.policy import add_months, decide, facts_from_json, load_policy

POLICY = load_policy()
TODAY = date(2026, 6, 15)
LATELY, COMING, LONG_AGO = "2026-05-01", "2026-07-01", "2022-05-01"
PERIOD = 24  # months, as an administrator would choose in HubSpot's privacy tools
Json = dict[str, Any]


@dataclass(frozen=True)
class Life:
    """One person: what was logged with them and their organisation, and what HubSpot tracked of them."""

    own: tuple[Json, ...] = ()
    organisation: Json | None = None
    session_on: str | None = None
    mail_opened_on: str | None = None
    contact: Json = field(default_factory=dict)

    def facts(self) -> Json:
        known = {"hold": None, "restricted": False, "objected_on": None, "attested": [], "request_open": False}
        more = {"review_answer": None, "erasure_requested_on": None, "not_relevant": None}
        base = {
            "id": "1",
            "created_on": "2020-01-10",
            "source": "website",
            "stage": "archive",
            "stage_on": "2026-03-01",
        }
        return {
            "contact": {**base, **known, **more, **self.contact},
            "dialogue": list(self.own),
            "organisation": self.organisation,
        }


def hubspot_keeps(life: Life, on: date, months: int = PERIOD) -> bool:
    """HubSpot's rule: inactive when last session, last marketing mail opened and last engagement all lie before."""
    engaged = [each.get("on") for each in life.own if each["kind"] not in ("deal", "unsubscribe")]
    days = [date.fromisoformat(day) for day in (*engaged, life.session_on, life.mail_opened_on) if day]
    return any(day > add_months(on, -months) for day in days)


def event(kind: str, on: str | None = LATELY, **fields: Any) -> Json:
    return {"ref": f"{kind}s/1", "kind": kind, "on": on, **fields}


def own(kind: str, on: str | None = LATELY, **fields: Any) -> Life:
    return Life(own=(event(kind, on, **fields),))


def company(*dialogue: Json, **known: Any) -> Json:
    nothing = {"customer": False, "contract_until": None, "relationship_ended_on": None}
    return {"id": "7", **nothing, "open_deals": [], "open_tickets": [], "dialogue": list(dialogue), **known}


def of(**known: Any) -> Life:
    return Life(organisation=company(**known))


def case(name: str, life: Life, ours: str, hubspot: str) -> Any:
    return pytest.param(life, ours, hubspot, id=name)


CASES = [
    # What both see
    case("nothing at all", Life(), "erase", "erase"),
    case("a mail from the person", own("email", direction="in", status="SENT"), "keep", "keep"),
    case("a mail from the person, long ago", own("email", LONG_AGO, direction="in"), "erase", "erase"),
    case("a reply, its status not told", own("email", direction="in"), "keep", "keep"),
    case("a call that connected", own("call", direction="out", disposition="connected"), "keep", "keep"),
    case("a call from the person that connected", own("call", direction="in", disposition="connected"), "keep", "keep"),
    case("a call, long ago", own("call", LONG_AGO, disposition="connected"), "erase", "erase"),
    case("a meeting held", own("meeting", outcome="COMPLETED"), "keep", "keep"),
    case("a meeting held today", own("meeting", TODAY.isoformat(), outcome="COMPLETED"), "keep", "keep"),
    case("a form", own("form"), "keep", "keep"),
    case("a form, long ago", own("form", LONG_AGO), "erase", "erase"),
    case("WhatsApp from the person", own("communication", channel="WHATS_APP", direction="in"), "keep", "keep"),
    case("an SMS from the person", own("communication", channel="SMS", direction="in"), "keep", "keep"),
    case("LinkedIn from the person", own("communication", channel="LINKEDIN_MESSAGE", direction="in"), "keep", "keep"),
    case("a ticket the person opened", own("ticket", direction="in"), "keep", "keep"),
    case("a note, long ago", own("note", LONG_AGO), "erase", "erase"),
    # What prolongs storage in HubSpot, and is no dialogue
    case("a mail from us", own("email", direction="out", status="SENT"), "erase", "keep"),
    case("a mail from us that bounced", own("email", direction="out", status="BOUNCED"), "erase", "keep"),
    case("a mail from us that failed", own("email", direction="out", status="FAILED"), "erase", "keep"),
    case("a mail from us on its way", own("email", direction="out", status="SENDING"), "erase", "keep"),
    case("a mail from us to be sent", own("email", direction="out", status="SCHEDULED"), "erase", "keep"),
    case("a marketing mail that was opened", Life(mail_opened_on=LATELY), "erase", "keep"),
    case("a page that was viewed", Life(session_on=LATELY), "erase", "keep"),
    case("a page viewed today", Life(session_on=TODAY.isoformat()), "erase", "keep"),
    case("opened and viewed", Life(session_on=LATELY, mail_opened_on=LATELY), "erase", "keep"),
    case("a page viewed long ago", Life(session_on=LONG_AGO), "erase", "erase"),
    case("an automatic reply", own("email", direction="in", automatic=True), "erase", "keep"),
    case("a delivery report", own("email", direction="in", automatic=True, status="BOUNCED"), "erase", "keep"),
    case("a bounce in their name", own("email", direction="in", status="BOUNCED"), "erase", "keep"),
    case("a mail marked GDPR", own("email", direction="in", request=True), "erase", "keep"),
    case("a busy line", own("call", disposition="busy"), "erase", "keep"),
    case("no answer", own("call", disposition="no answer"), "erase", "keep"),
    case("a voicemail left", own("call", disposition="left voicemail"), "erase", "keep"),
    case("a live message left", own("call", disposition="left live message"), "erase", "keep"),
    case("a wrong number", own("call", disposition="wrong number"), "erase", "keep"),
    case("a meeting cancelled", own("meeting", outcome="CANCELED"), "erase", "keep"),
    case("a no-show", own("meeting", outcome="NO_SHOW"), "erase", "keep"),
    case("a meeting moved", own("meeting", outcome="RESCHEDULED"), "erase", "keep"),
    case("WhatsApp from us", own("communication", channel="WHATS_APP", direction="out"), "erase", "keep"),
    case("an SMS from us", own("communication", channel="SMS", direction="out"), "erase", "keep"),
    case("LinkedIn from us", own("communication", channel="LINKEDIN_MESSAGE", direction="out"), "erase", "keep"),
    case("a ticket we opened", own("ticket", direction="out"), "erase", "keep"),
    case("a ticket marked GDPR", own("ticket", direction="in", request=True), "erase", "keep"),
    case("a note", own("note"), "erase", "keep"),
    case("a task", own("task"), "erase", "keep"),
    case("they unsubscribed", own("unsubscribe"), "erase", "erase"),
    # What is not known is for a human, never for a rule
    case("a mail without a direction", own("email"), "unknown", "keep"),
    case("a mail with a status nobody lists", own("email", direction="in", status="LOST"), "unknown", "keep"),
    case("a mail without a date", own("email", None, direction="in"), "unknown", "erase"),
    case("a call nobody closed", own("call"), "unknown", "keep"),
    case("a call closed in a way nobody lists", own("call", disposition="good talk"), "unknown", "keep"),
    case("a past meeting still scheduled", own("meeting", outcome="SCHEDULED"), "unknown", "keep"),
    case("a past meeting without an outcome", own("meeting", outcome=None), "unknown", "keep"),
    case("a message without a direction", own("communication", channel="SMS"), "unknown", "keep"),
    case("a ticket opened by nobody knows whom", own("ticket"), "unknown", "keep"),
    case("a kind nobody lists", own("séance"), "unknown", "keep"),
    # What lies ahead
    case("a meeting to come", own("meeting", COMING, outcome="SCHEDULED"), "review", "keep"),
    case("a meeting to come, cancelled", own("meeting", COMING, outcome="CANCELED"), "erase", "keep"),
    # The organisation, which HubSpot's rule does not know
    case("a colleague's mail", Life(organisation=company(event("email", direction="in"))), "keep", "erase"),
    case("a colleague's talk", Life(organisation=company(event("call", disposition="connected"))), "keep", "erase"),
    case("our mail to a colleague", Life(organisation=company(event("email", direction="out"))), "erase", "erase"),
    case("a deal of the organisation", Life(organisation=company(event("deal"))), "keep", "erase"),
    case("a deal an import moved", Life(organisation=company(event("deal", automatic=True))), "erase", "erase"),
    case("a customer", of(customer=True), "keep", "erase"),
    case("a contract that runs", of(contract_until="2027-01-01"), "keep", "erase"),
    case("a relationship that ended lately", of(relationship_ended_on="2026-04-01"), "keep", "erase"),
    case("an open deal", of(open_deals=["deals/2"]), "keep", "erase"),
    case("an open ticket", of(open_tickets=["tickets/2"]), "keep", "erase"),
    case(
        "a customer whom this person has left",
        Life(organisation=company(customer=True), contact={"not_relevant": {"since": "2026-01-01", "why": "left"}}),
        "erase",
        "erase",
    ),
    # What people decided
    case("a talk the owner attests", Life(contact={"attested": [{"on": LATELY, "reason": "fair"}]}), "erase", "erase"),
    case("a hold", Life(contact={"hold": {"reason": "dispute"}}), "keep", "erase"),
    case(
        "an objection, though they viewed a page",
        Life(session_on=LATELY, contact={"objected_on": LATELY}),
        "erase",
        "keep",
    ),
]


def ours_says(life: Life) -> str:
    return decide(facts_from_json(life.facts()), POLICY, TODAY).verdict


@pytest.mark.parametrize(("life", "ours", "hubspot"), CASES)
def test_what_counts_and_what_hubspots_rule_would_have_done(life, ours, hubspot):
    assert ours_says(life) == ours
    assert ("keep" if hubspot_keeps(life, TODAY) else "erase") == hubspot


def test_the_table_is_long_and_the_rules_differ_both_ways():
    pairs = [(param.values[1], param.values[2]) for param in CASES]
    assert len(pairs) >= 60
    assert pairs.count(("erase", "keep")) >= 20
    assert pairs.count(("keep", "erase")) >= 5

"""What is a dialogue: each row of the table, what counts next to what does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crm_gdpr.policy import Considered, facts_from_json, load_policy, trace
from crm_gdpr.policy.dialogue import fits

POLICY = load_policy()
TODAY = date(2026, 6, 15)
PAST, COMING = "2026-06-01", "2026-07-01"
Json = dict[str, Any]


def row(name: str, counts: str, kind: str, on: str | None = PAST, **fields: Any) -> Any:
    return pytest.param({"ref": "any/1", "kind": kind, "on": on} | fields, counts, id=name)


ROWS = [
    row("a mail from the person", "yes", "email", direction="in", status="SENT"),
    row("a reply to ours, its status not known", "yes", "email", direction="in"),
    row("a mail from us", "no", "email", direction="out", status="SENT"),
    row("a mail from us that bounced", "no", "email", direction="out", status="BOUNCED"),
    row("a mail from us that failed", "no", "email", direction="out", status="FAILED"),
    row("a bounce that seems to come from the person", "no", "email", direction="in", status="BOUNCED"),
    row("an automatic reply", "no", "email", direction="in", automatic=True),
    row("a mail known not to be automatic", "yes", "email", direction="in", automatic=False),
    row("a mail marked as a request", "no", "email", direction="in", request=True),
    row("a mail without a direction", "unknown", "email"),
    row("a mail in a direction nobody lists", "unknown", "email", direction="SIDEWAYS"),
    row("a mail with a status nobody lists", "unknown", "email", direction="in", status="LOST"),
    row("an automatic mail without a direction", "no", "email", automatic=True),
    row("a failed mail without a direction", "no", "email", status="FAILED"),
    row("a call that connected", "yes", "call", disposition="connected"),
    row("a call to us that connected", "yes", "call", direction="in", disposition="connected"),
    row("a call by us that connected", "yes", "call", direction="out", disposition="connected"),
    row("a busy line", "no", "call", disposition="busy"),
    row("no answer", "no", "call", disposition="no answer"),
    row("a voicemail left", "no", "call", disposition="left voicemail"),
    row("a live message left", "no", "call", disposition="left live message"),
    row("a wrong number", "no", "call", disposition="wrong number"),
    row("a call nobody closed", "unknown", "call"),
    row("a call closed with null", "unknown", "call", disposition=None),
    row("a call closed in a way nobody lists", "unknown", "call", disposition="good talk"),
    row("a meeting held", "yes", "meeting", outcome="COMPLETED"),
    row("a meeting held today", "yes", "meeting", TODAY.isoformat(), outcome="COMPLETED"),
    row("a meeting cancelled", "no", "meeting", outcome="CANCELED"),
    row("a no-show", "no", "meeting", outcome="NO_SHOW"),
    row("a meeting rescheduled", "no", "meeting", outcome="RESCHEDULED"),
    row("a meeting to come", "planned", "meeting", COMING, outcome="SCHEDULED"),
    row("a meeting to come without an outcome", "planned", "meeting", COMING),
    row("a meeting to come with the outcome null", "planned", "meeting", COMING, outcome=None),
    row("a meeting of today", "planned", "meeting", TODAY.isoformat(), outcome="SCHEDULED"),
    row("a meeting of yesterday still marked scheduled", "unknown", "meeting", "2026-06-14", outcome="SCHEDULED"),
    row("a past meeting without an outcome", "unknown", "meeting"),
    row("a past meeting with the outcome null", "unknown", "meeting", outcome=None),
    row("a meeting with an outcome nobody lists", "unknown", "meeting", outcome="FUN"),
    row("a coming meeting with an outcome nobody lists", "unknown", "meeting", COMING, outcome="FUN"),
    row("a coming meeting cancelled", "no", "meeting", COMING, outcome="CANCELED"),
    row("a coming meeting already closed", "no", "meeting", COMING, outcome="COMPLETED"),
    row("an open meeting without a day", "unknown", "meeting", None, outcome="SCHEDULED"),
    row("a form", "yes", "form"),
    row("a WhatsApp message from the person", "yes", "communication", direction="in", channel="WHATS_APP"),
    row("an SMS from the person", "yes", "communication", direction="in", channel="SMS"),
    row("a LinkedIn message from the person", "yes", "communication", direction="in", channel="LINKEDIN_MESSAGE"),
    row("a chat message from the person", "yes", "communication", direction="in"),
    row("a message from us", "no", "communication", direction="out", channel="SMS"),
    row("a message without a direction", "unknown", "communication", channel="SMS"),
    row("a message in a channel nobody lists", "unknown", "communication", direction="in", channel="PIGEON"),
    row("a message from us in a channel nobody lists", "no", "communication", direction="out", channel="PIGEON"),
    row("a ticket opened by the person", "yes", "ticket", direction="in"),
    row("a ticket opened by us", "no", "ticket", direction="out"),
    row("a ticket opened by nobody knows whom", "unknown", "ticket"),
    row("the ticket of a request", "no", "ticket", direction="in", request=True),
    row("a deal created or moved forward", "yes", "deal"),
    row("a deal moved by a workflow", "no", "deal", automatic=True),
    row("a note", "no", "note"),
    row("a task", "no", "task"),
    row("an unsubscribe", "no", "unsubscribe"),
    row("a kind nobody lists", "unknown", "seance"),
    row("a form to come", "no", "form", COMING),
    row("a call to come that nobody closed", "no", "call", COMING),
    row("a form without a day", "unknown", "form", None),
    row("a note without a day", "no", "note", None),
]


def considered(event: Json, **more: Any) -> list[Considered]:
    facts = {"contact": {"id": "101"}, "dialogue": [event], "organisation": None} | more
    return list(trace(facts_from_json(facts), POLICY, TODAY))


@pytest.mark.parametrize(("event", "counts"), ROWS)
def test_an_event_counts(event: Json, counts: str) -> None:
    [found] = considered(event)
    assert found.counts == counts
    assert found.why.sv
    assert found.why.en


@pytest.mark.parametrize("at", range(len(POLICY.dialogue)), ids=lambda at: f"row {at + 1}")
def test_every_row_of_the_policy_is_entered_by_an_event_above(at: int) -> None:
    deciding = set()
    for param in ROWS:
        [found] = considered(param.values[0])
        deciding.add(next((n for n, rule in enumerate(POLICY.dialogue) if fits(rule, found.event)), None))
    assert at in deciding


def theirs(*events: Json) -> Json:
    return {"id": "7", "dialogue": list(events)}


FORM = {"ref": "forms/1", "kind": "form", "on": PAST}
DEAL = {"ref": "deals/1", "kind": "deal", "on": PAST}


def test_a_form_is_the_persons_and_a_deal_the_organisations() -> None:
    found = considered(FORM, organisation=theirs(DEAL))
    assert {(c.event.ref, c.whose) for c in found} == {("forms/1", "person"), ("deals/1", "organisation")}


def test_a_deal_is_the_organisations_wherever_it_is_told() -> None:
    [found] = considered(DEAL)
    assert found.whose == "organisation"


def test_an_event_told_twice_is_considered_once_and_is_the_persons() -> None:
    [found] = considered(FORM, dialogue=[FORM, dict(FORM)], organisation=theirs(FORM))
    assert found.whose == "person"


def test_events_are_told_oldest_first() -> None:
    older = FORM | {"ref": "forms/2", "on": "2025-01-01"}
    found = considered(FORM, dialogue=[FORM, older])
    assert [c.event.ref for c in found] == ["forms/2", "forms/1"]


def test_a_list_nobody_read_holds_nothing_to_consider() -> None:
    assert trace(facts_from_json({"contact": {"id": "101"}}), POLICY, TODAY) == ()

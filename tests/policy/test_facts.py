"""Facts as JSON: what is absent is not known, what is malformed is refused by name, what no list knows is told."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from crm_gdpr.policy import UNKNOWN, FactsError, decide, facts_from_json, facts_to_json, load_policy

POLICY = load_policy()
TODAY = date(2026, 6, 15)
Json = dict[str, Any]

PAGE: Json = {
    "contact": {
        "id": "101", "created_on": "2024-01-10", "source": "outreach", "hold": {"reason": "dispute"},
        "restricted": False, "objected_on": None, "stage": "review", "stage_on": "2026-01-10",
        "attested": [{"on": "2025-01-01", "reason": "met at fair"}],
        "review_answer": {"on": "2026-02-01", "answer": "let_go"}, "request_open": False,
        "erasure_requested_on": None, "not_relevant": {"since": "2026-01-01", "why": "left"},
    },
    "dialogue": [
        {"ref": "emails/48213", "kind": "email", "direction": "in", "on": "2025-02-03", "status": "SENT"},
        {"ref": "meetings/9", "kind": "meeting", "outcome": "COMPLETED", "on": "2025-01-09"},
        {"ref": "calls/4", "kind": "call", "direction": "out", "disposition": "connected", "on": "2024-12-01"},
        {"ref": "communications/1", "kind": "communication", "channel": "WHATS_APP", "direction": "in",
         "on": "2024-11-01"},
        {"ref": "forms/1", "kind": "form", "on": "2024-10-01"},
        {"ref": "tickets/3", "kind": "ticket", "direction": "in", "on": "2024-09-01"},
        {"ref": "notes/3", "kind": "note", "on": "2024-08-01"},
        {"ref": "tasks/3", "kind": "task", "on": "2024-07-01"},
    ],
    "organisation": {
        "id": "7", "customer": False, "contract_until": None, "relationship_ended_on": None,
        "open_deals": [], "open_tickets": [], "dialogue": [{"ref": "deals/1", "kind": "deal", "on": "2024-06-01"}],
    },
}  # fmt: skip
FORM: Json = {"ref": "forms/1", "kind": "form", "on": "2025-02-03"}


def contact(**facts: Any) -> Json:
    return {"contact": {"id": "101"} | facts}


def organisation(**facts: Any) -> Json:
    return contact() | {"organisation": {"id": "7"} | facts}


def event(**fields: Any) -> Json:
    return contact() | {"dialogue": [FORM, {"ref": "emails/2", "kind": "email", "on": "2025-02-03"} | fields]}


def test_the_facts_of_the_page_survive_being_read_and_written() -> None:
    assert facts_to_json(facts_from_json(PAGE)) == PAGE


def test_the_facts_of_the_page_hold_nothing_strange() -> None:
    assert facts_from_json(PAGE).strange == ()


def test_an_absent_key_is_not_known() -> None:
    facts = facts_from_json(organisation())
    assert facts.dialogue is UNKNOWN
    assert facts_from_json(contact()).organisation is UNKNOWN
    assert {facts.contact.hold, facts.contact.restricted, facts.contact.request_open} == {UNKNOWN}
    assert {facts.contact.created_on, facts.contact.attested, facts.contact.objected_on} == {UNKNOWN}
    assert {facts.organisation.customer, facts.organisation.open_deals, facts.organisation.dialogue} == {UNKNOWN}


def test_an_absent_key_is_absent_again_when_written() -> None:
    assert facts_to_json(facts_from_json(organisation())) == organisation() | contact(stage=None, stage_on=None)


@pytest.mark.parametrize(("facts", "read", "known"), [
    pytest.param(contact(hold=None), lambda f: f.contact.hold, None, id="no hold"),
    pytest.param(contact(hold=False), lambda f: f.contact.hold, None, id="no hold, said with false"),
    pytest.param(contact(restricted=None), lambda f: f.contact.restricted, False, id="not restricted"),
    pytest.param(contact(restricted=False), lambda f: f.contact.restricted, False, id="not restricted, with false"),
    pytest.param(contact(attested=[]), lambda f: f.contact.attested, (), id="nothing attested"),
    pytest.param(contact(attested=None), lambda f: f.contact.attested, (), id="nothing attested, said with null"),
    pytest.param(contact() | {"dialogue": []}, lambda f: f.dialogue, (), id="no dialogue"),
    pytest.param(contact() | {"organisation": None}, lambda f: f.organisation, None, id="no organisation"),
    pytest.param(organisation(open_deals=None), lambda f: f.organisation.open_deals, (), id="no open deal"),
    pytest.param(organisation(contract_until=None), lambda f: f.organisation.contract_until, None, id="no contract"),
    pytest.param(contact(objected_on=None), lambda f: f.contact.objected_on, None, id="no objection"),
])  # fmt: skip
def test_null_false_and_the_empty_list_are_known(facts: Json, read: Any, known: Any) -> None:
    assert read(facts_from_json(facts)) == known


@pytest.mark.parametrize(("facts", "place", "value"), [
    pytest.param([], "facts", [], id="facts that are no object"),
    pytest.param({}, "contact", None, id="no contact"),
    pytest.param({"contact": "101"}, "contact", "101", id="a contact that is no object"),
    pytest.param({"contact": {}}, "contact.id", None, id="a contact without an id"),
    pytest.param(contact(created_on="soon"), "contact.created_on", "soon", id="a day in words"),
    pytest.param(contact(created_on="2026-02-30"), "contact.created_on", "2026-02-30", id="a day no month has"),
    pytest.param(contact(created_on="20260230"), "contact.created_on", "20260230", id="a day without dashes"),
    pytest.param(contact(created_on="2026-W01-1"), "contact.created_on", "2026-W01-1", id="a day of a week"),
    pytest.param(contact(created_on="2026-01-31T10:00:00Z"), "contact.created_on", "2026-01-31T10:00:00Z",
                 id="an instant for a day"),
    pytest.param(contact(created_on=1700000000), "contact.created_on", 1700000000, id="a number for a day"),
    pytest.param(contact(objected_on=True), "contact.objected_on", True, id="yes for a day"),
    pytest.param(contact(erasure_requested_on=""), "contact.erasure_requested_on", "", id="nothing for a day"),
    pytest.param(contact(restricted="yes"), "contact.restricted", "yes", id="a word for a flag"),
    pytest.param(contact(request_open=1), "contact.request_open", 1, id="a number for a flag"),
    pytest.param(contact(hold="dispute"), "contact.hold", "dispute", id="a word for a hold"),
    pytest.param(contact(attested="2025-01-01"), "contact.attested", "2025-01-01", id="a day for a list of talks"),
    pytest.param(contact(attested=[{"reason": "met"}]), "contact.attested[0].on", None, id="a talk without a day"),
    pytest.param(contact(review_answer="let_go"), "contact.review_answer", "let_go", id="a bare answer"),
    pytest.param(contact(review_answer={"answer": "let_go"}), "contact.review_answer.on", None,
                 id="an answer without a day"),
    pytest.param(contact(not_relevant=True), "contact.not_relevant", True, id="not relevant since nobody knows when"),
    pytest.param(contact(stage="review", stage_on="May"), "contact.stage_on", "May", id="a stage of no day"),
    pytest.param(contact() | {"dialogue": {}}, "dialogue", {}, id="an object for a list of events"),
    pytest.param(contact() | {"dialogue": ["emails/1"]}, "dialogue[0]", "emails/1", id="a bare reference"),
    pytest.param(event(ref=None), "dialogue[1].ref", None, id="an event without a reference"),
    pytest.param(event(on="never"), "dialogue[1].on", "never", id="an event on no day"),
    pytest.param(event(direction=1), "dialogue[1].direction", 1, id="a number for a direction"),
    pytest.param(event(automatic="no"), "dialogue[1].automatic", "no", id="a word for automatic"),
    pytest.param(contact() | {"organisation": "7"}, "organisation", "7", id="a bare organisation"),
    pytest.param(contact() | {"organisation": {}}, "organisation.id", None, id="an organisation without an id"),
    pytest.param(organisation(customer="no"), "organisation.customer", "no", id="a word for a customer"),
    pytest.param(organisation(open_deals="12"), "organisation.open_deals", "12", id="a deal for a list of deals"),
    pytest.param(organisation(contract_until="2026"), "organisation.contract_until", "2026", id="a year for a day"),
    pytest.param(organisation(dialogue=[{}]), "organisation.dialogue[0].ref", None, id="an empty event of theirs"),
])  # fmt: skip
def test_what_is_malformed_is_refused_with_place_value_and_what_is_allowed(facts: Any, place: str, value: Any) -> None:
    with pytest.raises(FactsError) as refused:
        facts_from_json(facts)
    assert str(refused.value).startswith(f"{place} is {value!r}; allowed: ")
    assert not str(refused.value).endswith("allowed: ")


@pytest.mark.parametrize(("facts", "value"), [
    pytest.param(event(kind="seance"), "seance", id="a kind"),
    pytest.param(event(direction="SIDEWAYS"), "SIDEWAYS", id="a direction"),
    pytest.param(event(status="LOST"), "LOST", id="a status"),
    pytest.param(event(kind="call", disposition="good talk"), "good talk", id="a disposition"),
    pytest.param(event(kind="meeting", outcome="FUN"), "FUN", id="an outcome"),
    pytest.param(event(kind="communication", channel="PIGEON"), "PIGEON", id="a channel"),
    pytest.param(contact(stage="limbo", stage_on="2026-01-01"), "limbo", id="a stage"),
    pytest.param(contact(review_answer={"on": "2026-02-01", "answer": "perhaps"}), "perhaps", id="an answer"),
    pytest.param(contact(mood="good"), "contact.mood", id="a key"),
    pytest.param(contact() | {"dialog": []}, "facts.dialog", id="a key misspelt"),
])  # fmt: skip
def test_what_no_list_knows_is_unknown_with_a_warning(facts: Json, value: str) -> None:
    read = facts_from_json(facts)
    assert any(value in strange for strange in read.strange)
    warnings = [r for r in decide(read, POLICY, TODAY).because if r.code == "unknown_value"]
    assert any(value in warning.text.en and value in warning.text.sv for warning in warnings)


def test_a_stage_no_list_knows_advances_nobody() -> None:
    known = contact(created_on="2015-01-01", hold=None, restricted=False, request_open=False, attested=[],
                    stage="erase", stage_on="2016-01-01")  # fmt: skip
    facts = facts_from_json(known | {"dialogue": [], "organisation": None})
    assert decide(facts, POLICY, TODAY).verdict == "review"


@pytest.mark.parametrize(("tickets", "says"), [
    pytest.param([{"id": "34", "request": True}], "erase", id="a ticket that is a request does not keep"),
    pytest.param([{"id": "34", "request": False}], "keep", id="another does"),
    pytest.param([{"id": "34", "request": True}, "35"], "keep", id="another beside it does"),
])  # fmt: skip
def test_the_ticket_of_a_request_does_not_keep_as_an_open_ticket(tickets: list[Any], says: str) -> None:
    person = PAGE["contact"] | {"hold": None, "not_relevant": None, "review_answer": None}
    person |= {"created_on": "2015-01-01", "attested": [], "stage": "archive", "stage_on": "2026-01-01"}
    firm = PAGE["organisation"] | {"open_tickets": tickets, "dialogue": []}
    facts = facts_from_json({"contact": person, "dialogue": [], "organisation": firm})
    assert decide(facts, POLICY, TODAY).verdict == says


def test_facts_written_are_plain_json() -> None:
    written = facts_to_json(facts_from_json(PAGE))
    assert json.loads(json.dumps(written)) == written

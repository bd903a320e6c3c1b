"""HubSpot's properties as facts: what is empty is known, what is absent is not."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from crm_gdpr.policy.book import Relationship
from crm_gdpr.policy.facts import UNKNOWN, Attested, NotRelevant, ReviewAnswer
from crm_gdpr.sync import Record
from crm_gdpr.sync.facts import (
    CONTACT_PROPERTIES,
    closed_stages,
    company_properties,
    contact_facts,
    is_open,
    organisation_facts,
    organisation_of,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
CUSTOMERS = Relationship(("customer", "evangelist"), "contract_end_date", "gdpr_customer", ())
EMPTY = dict.fromkeys(CONTACT_PROPERTIES)


def person(**properties):
    return contact_facts(Record("contacts", "1", {**EMPTY, **properties}), STOCKHOLM)


@pytest.mark.parametrize(
    ("fact", "properties", "value"),
    [
        pytest.param("created_on", {"createdate": "2024-01-09T23:30:00Z"}, date(2024, 1, 10), id="a day in Stockholm"),
        pytest.param("created_on", {}, UNKNOWN, id="nobody comes into being on no day"),
        pytest.param("source", {"gdpr_source": "outreach"}, "outreach", id="a source"),
        pytest.param("source", {}, None, id="no source"),
        pytest.param("hold", {"gdpr_hold_reason": "tvist"}, "tvist", id="a hold"),
        pytest.param("hold", {"gdpr_hold_reason": ""}, None, id="a hold released"),
        pytest.param("restricted", {"gdpr_restricted": "true"}, True, id="a restriction"),
        pytest.param("restricted", {"gdpr_restricted": "false"}, False, id="none"),
        pytest.param("restricted", {"gdpr_restricted": "ja"}, UNKNOWN, id="one that cannot be read"),
        pytest.param("objected_on", {"gdpr_objected_on": "2026-01-02"}, date(2026, 1, 2), id="an objection"),
        pytest.param("objected_on", {"gdpr_objected_on": "1767312000000"}, date(2026, 1, 2), id="in milliseconds"),
        pytest.param("objected_on", {"gdpr_objected_on": "igår"}, UNKNOWN, id="on a day that is none"),
        pytest.param(
            "attested",
            {"gdpr_attested_on": "2025-01-01", "gdpr_attested_reason": "Träffades på mässa"},
            (Attested(date(2025, 1, 1), "Träffades på mässa"),),
            id="a talk vouched for",
        ),
        pytest.param("attested", {}, (), id="none vouched for"),
        pytest.param("attested", {"gdpr_attested_on": "då"}, UNKNOWN, id="one on a day that is none"),
        pytest.param(
            "review_answer",
            {"gdpr_review_answer": "let_go", "gdpr_review_answered_on": "2026-02-01"},
            ReviewAnswer(date(2026, 2, 1), "let_go"),
            id="an answer in review",
        ),
        pytest.param("review_answer", {"gdpr_review_answer": "let_go"}, UNKNOWN, id="an answer without a day"),
        pytest.param(
            "review_answer",
            {"gdpr_review_answer": "kanske", "gdpr_review_answered_on": "2026-02-01"},
            UNKNOWN,
            id="an answer that is none",
        ),
        pytest.param(
            "erasure_requested_on", {"gdpr_erasure_requested_on": "2026-02-01"}, date(2026, 2, 1), id="an erasure"
        ),
        pytest.param(
            "not_relevant",
            {"gdpr_not_relevant_since": "2026-01-01", "gdpr_not_relevant_why": "slutat"},
            NotRelevant(date(2026, 1, 1), "slutat"),
            id="someone who left",
        ),
        pytest.param("not_relevant", {"gdpr_not_relevant_since": "x"}, UNKNOWN, id="on a day that is none"),
        pytest.param("request_open", {}, UNKNOWN, id="HubSpot does not know of requests"),
    ],
)
def test_a_person(fact, properties, value):
    assert getattr(person(**properties), fact) == value


def test_before_installation_nothing_of_ours_is_known():
    bare = contact_facts(Record("contacts", "1", {}), STOCKHOLM)
    known = {name for name, value in vars(bare).items() if value is not UNKNOWN}
    assert known == {"id", "stage", "stage_on"}


@pytest.mark.parametrize(
    ("properties", "companies", "company"),
    [
        pytest.param({"associatedcompanyid": "7"}, ("8", "7"), "7", id="the primary one"),
        pytest.param({}, ("8",), "8", id="the only one"),
        pytest.param({}, ("8", "9"), UNKNOWN, id="two and none primary"),
        pytest.param({}, (), None, id="none"),
        pytest.param({"lifecyclestage": "customer"}, (), UNKNOWN, id="none, for somebody called a customer"),
    ],
)
def test_a_person_stands_for(properties, companies, company):
    assert organisation_of(Record("contacts", "1", properties, {"companies": companies}), CUSTOMERS) == company


@pytest.mark.parametrize(
    ("properties", "customer"),
    [
        pytest.param({"lifecyclestage": "customer", "gdpr_customer": None}, True, id="by stage"),
        pytest.param({"lifecyclestage": "lead", "gdpr_customer": "true"}, True, id="by a person's flag"),
        pytest.param({"lifecyclestage": "lead", "gdpr_customer": "false"}, False, id="not"),
        pytest.param({"lifecyclestage": None, "gdpr_customer": None}, False, id="not: both are empty"),
        pytest.param({"lifecyclestage": "customer"}, True, id="by stage, the flag not installed"),
        pytest.param({"lifecyclestage": "lead"}, UNKNOWN, id="unknown while the flag is not installed"),
        pytest.param({"gdpr_customer": "false"}, UNKNOWN, id="unknown without a stage"),
    ],
)
def test_an_organisation_is_a_customer(properties, customer):
    assert organisation_facts(Record("companies", "7", properties), (), (), CUSTOMERS).customer is customer


@pytest.mark.parametrize(
    ("stage", "ended"),
    [
        pytest.param("customer", None, id="runs on"),
        pytest.param("other", date(2025, 6, 30), id="ended with the contract"),
    ],
)
def test_a_relationship(stage, ended):
    company = Record("companies", "7", {**dict.fromkeys(company_properties(CUSTOMERS)), "lifecyclestage": stage})
    company = Record("companies", "7", {**company.properties, "contract_end_date": "2025-06-30"})
    facts = organisation_facts(company, (), (), CUSTOMERS)
    assert facts.contract_until == date(2025, 6, 30)
    assert facts.relationship_ended_on == ended


def test_a_request_does_not_keep_as_an_open_ticket():
    tickets = [Record("tickets", "1", {"subject": "GDPR"}), Record("tickets", "2", {"subject": "Trasigt"})]
    facts = organisation_facts(Record("companies", "7", {}), [Record("deals", "3", {})], tickets, CUSTOMERS)
    assert (facts.open_deals, facts.open_tickets) == (("deals/3",), ("tickets/2",))


PIPELINES = [
    {"stages": [{"id": "4", "metadata": {"ticketState": "CLOSED"}}, {"id": "1", "metadata": {"ticketState": "OPEN"}}]},
    {"stages": [{"id": "closedlost", "metadata": {"isClosed": "true"}}, {"id": "new", "metadata": {}}, {"id": "x"}]},
    {},
]


@pytest.mark.parametrize(
    ("kind", "properties", "still"),
    [
        pytest.param("deals", {"hs_is_closed": "false", "dealstage": "closedlost"}, True, id="by its own word"),
        pytest.param("deals", {"hs_is_closed": "true"}, False, id="closed by its own word"),
        pytest.param("tickets", {"hs_pipeline_stage": "4"}, False, id="closed by its stage"),
        pytest.param("tickets", {"hs_pipeline_stage": "1"}, True, id="by its stage"),
        pytest.param("tickets", {}, True, id="when nothing is said"),
    ],
)
def test_a_deal_or_ticket_is_open(kind, properties, still):
    assert is_open(Record(kind, "1", properties), closed_stages(PIPELINES)) is still

"""What the gate asks before anything is destroyed: the person and the organisation, as they are this moment."""

from datetime import date

import pytest

from crm_gdpr.policy.facts import UNKNOWN
from crm_gdpr.policy.reading import load_policy
from crm_gdpr.sync import Budget, HubSpot, read_facts

POLICY = load_policy()
CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"


@pytest.fixture
def hubspot(hubspot_url):
    return HubSpot(access_token="made-up", base_url=hubspot_url, budget=Budget.unlimited(), sleep=lambda _: None)


@pytest.fixture
def firm(portal):
    return portal.add_company(name="Exempel AB")


@pytest.fixture
def jane(portal, firm):
    person = portal.add_contact(email="jane@example.com", createdate="2024-01-10T12:00:00Z")
    portal.link(("contacts", person), ("companies", firm))
    return person


def refs(events):
    return {event.ref for event in events}


def test_a_person_without_anything(portal, hubspot):
    person = portal.add_contact(email="john@example.com", createdate="2024-01-10T12:00:00Z")
    facts = read_facts(hubspot, person, POLICY)
    assert facts.contact.id == person
    assert facts.contact.created_on == date(2024, 1, 10)
    assert facts.dialogue == ()
    assert facts.organisation is None


def test_nobody_is_not_judged(hubspot):
    assert read_facts(hubspot, "987654", POLICY) is None


def test_before_installation_holds_are_unknown(hubspot, jane):
    facts = read_facts(hubspot, jane, POLICY)
    assert facts.contact.hold is UNKNOWN
    assert facts.organisation.customer is UNKNOWN


def test_the_persons_own_dialogue_and_the_organisations_are_told_apart(portal, hubspot, firm, jane):
    colleague = portal.add_contact(email="john@example.com")
    portal.link(("contacts", colleague), ("companies", firm))
    mail = portal.log("email", [jane], hs_email_direction="INCOMING_EMAIL", hs_timestamp="2025-02-03T10:00:00Z")
    call = portal.log("call", [colleague], hs_call_disposition=CONNECTED, hs_timestamp="2025-03-03T10:00:00Z")
    meeting = portal.log("meeting", [], [firm], hs_meeting_outcome="COMPLETED", hs_timestamp="2025-04-03T10:00:00Z")
    both = portal.log("note", [jane, colleague], [firm], hs_timestamp="2025-04-04T10:00:00Z")
    facts = read_facts(hubspot, jane, POLICY)
    assert refs(facts.dialogue) == {f"emails/{mail}", f"notes/{both}"}
    assert refs(facts.organisation.dialogue) == {f"calls/{call}", f"meetings/{meeting}"}
    (received,) = (event for event in facts.dialogue if event.kind == "email")
    assert (received.direction, received.on) == ("in", date(2025, 2, 3))


def test_somebody_who_stands_for_another_organisation_does_not_keep_this_one(portal, hubspot, firm, jane):
    elsewhere, consultant = portal.add_company(name="Annat AB"), portal.add_contact(email="c@example.com")
    portal.link(("contacts", consultant), ("companies", elsewhere))
    portal.link(("contacts", consultant), ("companies", firm))
    portal.log("call", [consultant], hs_call_disposition=CONNECTED)
    assert read_facts(hubspot, jane, POLICY).organisation.dialogue == ()


def test_what_is_open_there(portal, hubspot, firm, jane):
    deal = portal.add_deal(companies=[firm])
    portal.add_deal(companies=[firm], dealstage="closedlost")
    own = portal.add_ticket(contacts=[jane], subject="Trasigt")
    portal.add_ticket(contacts=[jane], subject="GDPR")
    portal.add_ticket(companies=[firm], hs_pipeline_stage="4")
    organisation = read_facts(hubspot, jane, POLICY).organisation
    assert organisation.open_deals == (f"deals/{deal}",)
    assert organisation.open_tickets == (f"tickets/{own}",)


def test_a_person_without_an_organisation_is_kept_by_their_own_deal(portal, hubspot):
    person = portal.add_contact(email="john@example.com")
    deal = portal.add_deal(contacts=[person])
    organisation = read_facts(hubspot, person, POLICY).organisation
    assert organisation.open_deals == (f"deals/{deal}",)
    assert organisation.customer is False


def test_a_customer(portal, hubspot, firm, jane):
    portal.edit("companies", firm, lifecyclestage="customer", contract_end_date="2027-06-30")
    organisation = read_facts(hubspot, jane, POLICY).organisation
    assert organisation.customer is True
    assert organisation.contract_until == date(2027, 6, 30)


class TestSomebodyOfSeveralCompanies:
    """Their dialogue follows their own company; what any company says to keep them keeps them."""

    @pytest.fixture
    def other(self, portal, firm, jane):
        other = portal.add_company(name="Annat AB")
        portal.link(("contacts", jane), ("companies", other))
        for company in (firm, other):
            portal.edit("companies", company, lifecyclestage="lead")
        return other

    def organisation(self, hubspot, jane, firm):
        found = read_facts(hubspot, jane, POLICY).organisation
        assert found.id == firm
        return found

    def test_none_of_them_is_a_customer(self, hubspot, firm, jane, other):
        found = self.organisation(hubspot, jane, firm)
        assert (found.contract_until, found.open_deals, found.open_tickets) == (None, (), ())
        assert found.customer is not True

    def test_the_other_is_a_customer(self, portal, hubspot, firm, jane, other):
        portal.edit("companies", other, lifecyclestage="customer")
        assert self.organisation(hubspot, jane, firm).customer is True

    def test_the_contract_that_runs_longest_counts(self, portal, hubspot, firm, jane, other):
        portal.edit("companies", firm, contract_end_date="2025-01-01")
        portal.edit("companies", other, contract_end_date="2027-06-30")
        assert self.organisation(hubspot, jane, firm).contract_until == date(2027, 6, 30)

    def test_what_is_open_there_is_open(self, portal, hubspot, firm, jane, other):
        deal = portal.add_deal(companies=[other])
        assert self.organisation(hubspot, jane, firm).open_deals == (f"deals/{deal}",)

    def test_a_talk_there_is_not_a_talk_here(self, portal, hubspot, firm, jane, other):
        portal.log("meeting", [], [other], hs_meeting_outcome="COMPLETED", hs_timestamp="2025-04-03T10:00:00Z")
        assert self.organisation(hubspot, jane, firm).dialogue == ()

    def test_one_that_cannot_be_read_might_be_a_customer(self, hubspot, firm, jane, other, monkeypatch):
        read = HubSpot.read_many
        monkeypatch.setattr(HubSpot, "read_many", lambda *a, **k: {} if "companies" in a else read(*a, **k))
        assert self.organisation(hubspot, jane, firm).contract_until is UNKNOWN


def test_a_dialogue_with_a_hole_in_it_is_not_known(portal, hubspot, jane, monkeypatch):
    portal.log("email", [jane])
    monkeypatch.setattr(HubSpot, "read_many", lambda *_args, **_more: {})
    facts = read_facts(hubspot, jane, POLICY)
    assert facts.dialogue is UNKNOWN
    portal.add_deal(contacts=[jane])
    facts = read_facts(hubspot, jane, POLICY)
    assert facts.organisation.open_deals is UNKNOWN
    assert facts.organisation.dialogue is UNKNOWN


def test_a_company_that_cannot_be_read_is_not_nobody(portal, hubspot, jane):
    portal.record("contacts", int(jane)).properties["associatedcompanyid"] = "987654"  # no edit leads there
    assert read_facts(hubspot, jane, POLICY).organisation is UNKNOWN
